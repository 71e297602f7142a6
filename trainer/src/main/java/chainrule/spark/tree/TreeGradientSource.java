package chainrule.spark.tree;

import chainrule.spark.cluster.JobDescription;
import chainrule.spark.cluster.JobWatch;
import chainrule.spark.cluster.RequestDescription;
import chainrule.spark.cluster.TaskResults;
import chainrule.spark.shard.ShardedRows;
import chainrule.train.history.Faults;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.shard.Shard;
import chainrule.train.shard.ShardWorker;
import chainrule.train.shard.StepPlan;
import chainrule.train.sums.ShardTree;
import chainrule.train.sums.Sums;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * The {@code tree} engine: one Spark job for each request. Spark broadcasts the parameters. Each
 * task computes the sums of its shards and merges siblings among them. With many tasks, a second
 * stage merges further siblings on executors; the driver merges the rest.
 *
 * <p>Spark may retry, speculate and move tasks without an effect on the result, because a task is a
 * pure function and only siblings of the fixed tree merge.
 */
public final class TreeGradientSource implements GradientSource {
  /** Up to this many tasks send their sums straight to the driver. */
  private static final int FAN_IN = 16;

  /** A node of the fixed tree, its sums, and the time that a task took to compute them. */
  private record NodeSums<S extends Sums<S>>(int node, S sums, long computeNanos)
      implements Serializable {}

  private final JavaSparkContext context;
  private final ShardedRows rows;
  private final String kernels;
  private final int tasks;
  private final JavaRDD<Shard> shards;
  private final TreeFaults faults;
  private final RequestDescription texts;
  private double computeSeconds;

  /**
   * Makes a source over packed shards; no job starts before the first request.
   *
   * @param rows owned: {@link #close} releases them
   * @param kernels key of the matrix kernels that the tasks use
   */
  public TreeGradientSource(JavaSparkContext context, ShardedRows rows, String kernels) {
    this.context = context;
    this.rows = rows;
    this.kernels = kernels;
    this.texts = new RequestDescription(rows.plan());
    this.tasks = Math.min(rows.plan().shards(), Math.max(1, context.defaultParallelism()));
    this.shards = rows.shards(tasks, List.of());
    this.faults = new TreeFaults(JobWatch.of(context.sc()));
    context.sc().addSparkListener(faults);
  }

  @Override
  public StepPlan plan() {
    return rows.plan();
  }

  @Override
  public long validationRows() {
    return rows.validationRows();
  }

  @Override
  public <S extends Sums<S>> S ask(Request<S> request, float[] parameters) {
    texts.next(request);
    Broadcast<float[]> broadcast = context.broadcast(parameters);
    try {
      JavaRDD<NodeSums<S>> sums = aggregate(compute(request, broadcast));
      List<NodeSums<S>> nodes =
          JobDescription.during(
              context.sc(),
              texts.text(),
              () -> JobWatch.run(context.sc(), () -> TaskResults.collect(sums)));
      var collector = new ShardTree.Collector<S>(plan().shards());
      long slowest = 0;
      for (NodeSums<S> node : nodes) {
        collector.put(node.node, node.sums, merged -> {});
        slowest = Math.max(slowest, node.computeNanos);
      }
      computeSeconds += slowest * 1e-9;
      return collector.takeRoot();
    } finally {
      broadcast.destroy();
    }
  }

  private <S extends Sums<S>> JavaRDD<NodeSums<S>> compute(
      Request<S> request, Broadcast<float[]> parameters) {
    // Local variables, so that the closure does not capture this object.
    var objective = rows.objective();
    var plan = rows.plan();
    String kernelName = kernels;
    return shards.mapPartitions(
        group -> {
          ShardWorker worker = ShardedRows.worker(objective, plan, kernelName, group);
          List<NodeSums<S>> nodes = new ArrayList<>();
          worker.answer(
              request,
              parameters.value(),
              (node, sums) -> nodes.add(new NodeSums<>(node, sums, worker.takeComputeNanos())));
          return nodes.iterator();
        });
  }

  /**
   * Adds a stage that merges on executors, if there are many tasks: nodes with the same ancestor.
   */
  private <S extends Sums<S>> JavaRDD<NodeSums<S>> aggregate(JavaRDD<NodeSums<S>> nodes) {
    if (tasks <= FAN_IN) {
      return nodes;
    }
    int groups = Integer.highestOneBit((int) Math.sqrt(tasks));
    int shardCount = plan().shards();
    return nodes
        .mapToPair(node -> new Tuple2<>(ancestor(node.node, groups), TaskResults.pack(node)))
        .partitionBy(new HashPartitioner(groups))
        .values()
        .mapPartitions(some -> mergeSiblings(shardCount, some));
  }

  /** Returns the node's ancestor among the {@code groups} nodes of one level, as 0, 1, …. */
  private static int ancestor(int node, int groups) {
    int at = node;
    while (at >= 2 * groups) {
      at /= 2;
    }
    return at & (groups - 1);
  }

  private static <S extends Sums<S>> Iterator<NodeSums<S>> mergeSiblings(
      int shards, Iterator<byte[]> nodes) {
    var collector = new ShardTree.Collector<S>(shards);
    long[] slowest = {0};
    nodes.forEachRemaining(
        bytes -> {
          NodeSums<S> node = TaskResults.unpack(bytes);
          collector.put(node.node, node.sums, recycled -> {});
          slowest[0] = Math.max(slowest[0], node.computeNanos);
        });
    List<NodeSums<S>> merged = new ArrayList<>();
    collector.take((node, sums) -> merged.add(new NodeSums<>(node, sums, slowest[0])));
    return merged.iterator();
  }

  @Override
  public double takeComputeSeconds() {
    double seconds = computeSeconds;
    computeSeconds = 0;
    return seconds;
  }

  @Override
  public Faults faults() {
    return faults.faults();
  }

  @Override
  public void close() {
    context.sc().removeSparkListener(faults);
    rows.close();
  }
}
