package chainrule.spark;

import chainrule.data.RawRow;
import chainrule.math.KernelChoice;
import chainrule.model.ModelFile;
import chainrule.model.PermutationImportance;
import chainrule.spark.cluster.JobDescription;
import chainrule.spark.cluster.TaskResults;
import chainrule.spark.read.Iterators;
import chainrule.train.TrainedModel;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * {@link PermutationImportance} with the columns spread over Spark's tasks. A column's importance
 * is a pure function of the model, the rows and the seed, so it does not depend on the tasks.
 */
public final class DistributedImportance {
  /** Tasks for each slot, so that a slot that finishes early gets another task. */
  private static final int TASKS_A_SLOT = 3;

  private DistributedImportance() {}

  /**
   * Returns what was found, in the order of the columns.
   *
   * @param rows to measure the loss on; they are broadcast
   * @param columns indices among the schema's features
   * @param repeats number of permutations of each column's values
   * @param kernels name of the kernels to use, or auto
   */
  public static List<PermutationImportance.Rise> rises(
      JavaSparkContext context,
      TrainedModel model,
      List<RawRow> rows,
      List<Integer> columns,
      int repeats,
      long seed,
      String kernels) {
    String kernelName = KernelChoice.resolve(kernels);
    int tasks = Math.min(columns.size(), TASKS_A_SLOT * Math.max(1, context.defaultParallelism()));
    if (tasks == 0) {
      return List.of();
    }
    Broadcast<byte[]> modelBytes = context.broadcast(ModelFile.toBytes(model));
    Broadcast<byte[]> sample = context.broadcast(TaskResults.pack(rows.toArray(new RawRow[0])));
    try {
      JavaRDD<PermutationImportance.Rise> rises =
          context
              .parallelize(columns, tasks)
              .mapPartitions(
                  some -> {
                    var importance =
                        new PermutationImportance(
                            ModelFile.of(modelBytes.value()),
                            List.of(TaskResults.<RawRow[]>unpack(sample.value())),
                            KernelChoice.named(kernelName));
                    return Iterators.map(some, column -> importance.rise(column, repeats, seed));
                  });
      return JobDescription.during(
          context.sc(), "importance of columns", () -> TaskResults.collect(rises));
    } finally {
      modelBytes.destroy();
      sample.destroy();
    }
  }
}
