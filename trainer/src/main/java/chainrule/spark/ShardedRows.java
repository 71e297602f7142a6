package chainrule.spark;

import chainrule.data.Block;
import chainrule.train.Objective;
import chainrule.train.Shard;
import chainrule.train.ShardWorker;
import chainrule.train.StepPlan;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;

/**
 * Packed rows on the executors: one partition for each logical shard, its blocks in order,
 * persisted.
 *
 * @param blocks V partitions; owned: {@link #close} unpersists them
 */
record ShardedRows(
    RDD<Block> blocks, Objective objective, StepPlan plan, long trainingRows, long validationRows)
    implements AutoCloseable {
  ShardedRows {
    Objects.requireNonNull(blocks, "blocks");
  }

  /**
   * Returns the shards in groups of neighbours.
   *
   * @param groups at most so many partitions
   * @param locations where each group should be computed; none for no wishes
   */
  JavaRDD<Shard> shards(int groups, List<String> locations) {
    var layout = objective.layout();
    JavaRDD<Shard> single =
        blocks
            .toJavaRDD()
            .mapPartitionsWithIndex(
                (index, rows) -> List.of(Shard.of(index, layout, () -> rows)).iterator(), true);
    return NeighbourCoalescer.coalesce(single.rdd(), groups, locations).toJavaRDD();
  }

  /** Returns the persisted partitions, one a shard, of which Spark knows where they are. */
  RDD<?> partitions() {
    return blocks;
  }

  /** Makes the worker of a task, on the executor. */
  static ShardWorker worker(
      Objective objective, StepPlan plan, String kernels, Iterator<Shard> shards) {
    List<Shard> group = new ArrayList<>();
    shards.forEachRemaining(group::add);
    return new ShardWorker(objective, plan, KernelChoice.named(kernels), group);
  }

  @Override
  public void close() {
    blocks.unpersist(false);
  }
}
