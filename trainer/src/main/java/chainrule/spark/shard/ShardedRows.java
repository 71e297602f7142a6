package chainrule.spark.shard;

import chainrule.data.Block;
import chainrule.data.Encoder;
import chainrule.math.KernelChoice;
import chainrule.train.shard.Shard;
import chainrule.train.shard.ShardBuilder;
import chainrule.train.shard.ShardWorker;
import chainrule.train.shard.StepPlan;
import chainrule.train.sums.Objective;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;

/**
 * Packed rows on the executors: a partition for each logical shard, its rows in files in Spark's
 * local directories that are mapped to memory. So they may be larger than all heaps: the operating
 * system decides which parts of them are in memory.
 *
 * @param packed V partitions, persisted; owned: {@link #close} unpersists them
 * @param objective what is minimized over the rows
 * @param plan which rows each step uses
 * @param trainingRows number of rows to train on
 * @param validationRows number of validation rows
 */
public record ShardedRows(
    RDD<LocalShard> packed,
    Objective objective,
    StepPlan plan,
    long trainingRows,
    long validationRows)
    implements AutoCloseable {
  public ShardedRows {
    Objects.requireNonNull(packed, "packed");
  }

  /**
   * Packs rows.
   *
   * @param rows in order, in a partition for each shard
   */
  public static ShardedRows pack(
      JavaRDD<PlacedRow> rows, Encoder encoder, Objective objective, StepPlan plan) {
    JavaRDD<LocalShard> packed =
        rows.mapPartitionsWithIndex(
                (index, shard) -> List.of(pack(index, shard, encoder)).iterator(), true)
            .persist(StorageLevel.MEMORY_ONLY());
    try {
      var counted = new ShardRdd(packed.rdd()).toJavaRDD().map(ShardedRows::rows).collect();
      return new ShardedRows(
          packed.rdd(),
          objective,
          plan,
          counted.stream().mapToLong(count -> count[0]).sum(),
          counted.stream().mapToLong(count -> count[1]).sum());
    } catch (RuntimeException | Error e) {
      packed.unpersist(false);
      throw e;
    }
  }

  private static LocalShard pack(int index, Iterator<PlacedRow> rows, Encoder encoder) {
    return new LocalShard(
        ShardBuilder.toFiles(
            index,
            encoder,
            builder -> rows.forEachRemaining(row -> builder.add(row.part(), row.row())),
            ShardedRows::newFile));
  }

  /** Returns the path of a new file in one of this executor's local directories. */
  private static Path newFile() {
    return SparkEnv.get().blockManager().diskBlockManager().createTempLocalBlock()._2.toPath();
  }

  private static int[] rows(Shard shard) {
    return new int[] {
      shard.rows(Block.Part.TRAINING).rows(), shard.rows(Block.Part.VALIDATION).rows()
    };
  }

  /**
   * Returns the shards in groups of neighbours.
   *
   * @param groups at most so many partitions
   * @param locations where each group should be computed; none for no wishes
   */
  public JavaRDD<Shard> shards(int groups, List<String> locations) {
    return NeighbourCoalescer.coalesce(new ShardRdd(packed), groups, locations).toJavaRDD();
  }

  /** Returns the persisted partitions, one for each shard, with locations that Spark knows. */
  public RDD<?> partitions() {
    return packed;
  }

  /** Makes the worker of a task, on the executor. */
  public static ShardWorker worker(
      Objective objective, StepPlan plan, String kernels, Iterator<Shard> shards) {
    List<Shard> group = new ArrayList<>();
    shards.forEachRemaining(group::add);
    return new ShardWorker(objective, plan, KernelChoice.named(kernels), group);
  }

  @Override
  public void close() {
    packed.unpersist(false);
  }
}
