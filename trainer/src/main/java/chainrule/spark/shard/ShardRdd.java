package chainrule.spark.shard;

import chainrule.train.shard.Shard;
import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The packed shards, each in the executor whose task needs it: if a shard is in another executor
 * only, its rows are packed once more from the shuffle's files, and kept in this executor too.
 */
final class ShardRdd extends RDD<Shard> {
  private static final long serialVersionUID = 1;

  private static final ClassTag<LocalShard> LOCAL_SHARD = ClassTag$.MODULE$.apply(LocalShard.class);

  private final RDD<LocalShard> packed;

  /**
   * @param packed a shard a partition, persisted
   */
  ShardRdd(RDD<LocalShard> packed) {
    super(packed, ClassTag$.MODULE$.apply(Shard.class));
    this.packed = packed;
  }

  @Override
  public Partition[] getPartitions() {
    return packed.partitions();
  }

  @Override
  public Iterator<Shard> compute(Partition partition, TaskContext context) {
    LocalShard kept = packed.iterator(partition, context).next();
    Shard shard = kept.shard().orElseGet(() -> packAnew(kept, partition, context));
    return Iterator$.MODULE$.single(shard);
  }

  private Shard packAnew(LocalShard kept, Partition partition, TaskContext context) {
    Shard shard = packed.compute(partition, context).next().shard().orElseThrow();
    kept.put(shard);
    SparkEnv.get()
        .blockManager()
        .putSingle(
            new RDDBlockId(packed.id(), partition.index()),
            kept,
            StorageLevel.MEMORY_ONLY(),
            true,
            LOCAL_SHARD);
    return shard;
  }
}
