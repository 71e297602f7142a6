package chainrule.spark.shard;

import chainrule.train.shard.Shard;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * A shard in the executor that packed it, as Spark's block manager keeps it. The rows are in files
 * mapped to memory and not in the heap, so its estimated size is small. They are not serialized: an
 * executor that gets this object from another one packs the rows again (see {@link ShardRdd}),
 * because Spark would hold a block that it sends in the heap as a whole, at both ends.
 *
 * <p>Spark closes it when it drops it from its memory: then it has no rows any more, and their
 * files go when no task reads them (see {@link MappedSpace}).
 *
 * <p>Threads may share it.
 */
final class LocalShard implements KnownSizeEstimation, AutoCloseable, Serializable {
  private static final long serialVersionUID = 1;

  /** Of this object and of those that describe the mapping. */
  private static final long HEAP_BYTES = 1024;

  private transient Shard shard;

  LocalShard(Shard shard) {
    put(shard);
  }

  /** Returns the shard, unless it is in another executor, or dropped. */
  synchronized Optional<Shard> shard() {
    return Optional.ofNullable(shard);
  }

  /** Makes the shard, packed anew, one of this executor's. */
  final synchronized void put(Shard packed) {
    close();
    shard = Objects.requireNonNull(packed, "packed");
    MappedSpace.ofThisProcess().use(bytes(packed));
  }

  @Override
  public final synchronized void close() {
    if (shard != null) {
      MappedSpace.ofThisProcess().drop(bytes(shard));
      shard = null;
    }
  }

  private static long bytes(Shard shard) {
    return shard.training().bytes() + shard.validation().bytes();
  }

  @Override
  public long estimatedSize() {
    return HEAP_BYTES;
  }
}
