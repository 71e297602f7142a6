package chainrule.spark;

import chainrule.train.Shard;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * A shard in the executor that packed it, as Spark's block manager keeps it. The rows are in files
 * mapped to memory and not in the heap, so Spark is told that it is small. They are not serialized:
 * who gets it from elsewhere packs the rows anew (see {@link ShardRdd}), because a block that Spark
 * sends stands in the heap as a whole, at both ends.
 *
 * <p>Threads may share it.
 */
final class LocalShard implements KnownSizeEstimation, Serializable {
  private static final long serialVersionUID = 1;

  /** Of this object and of those that describe the mapping. */
  private static final long HEAP_BYTES = 1024;

  private transient volatile Shard shard;

  LocalShard(Shard shard) {
    this.shard = Objects.requireNonNull(shard, "shard");
  }

  /** Returns the shard, unless it is in another executor. */
  Optional<Shard> shard() {
    return Optional.ofNullable(shard);
  }

  /** Makes the shard, packed anew, one of this executor's. */
  void put(Shard packed) {
    shard = Objects.requireNonNull(packed, "packed");
  }

  @Override
  public long estimatedSize() {
    return HEAP_BYTES;
  }
}
