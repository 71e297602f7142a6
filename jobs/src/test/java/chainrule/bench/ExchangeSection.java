package chainrule.bench;

import chainrule.spark.EngineKind;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.sums.GradientBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * What a step takes beyond computing: the parameters' way to the tasks, the sums' way back, merging
 * and waiting. Mini-batches have one row a task, and what the slowest task computed is taken off.
 *
 * <p>Beside the engines stands what one would write with Spark alone: a broadcast of the parameters
 * and {@code treeAggregate} of arrays as long, whose tasks compute nothing.
 */
final class ExchangeSection implements Section {
  private static final List<Shape> SHAPES =
      List.of(
          Shape.of(2, 28, 32, 2),
          Shape.of(2, 784, 256, 128, 10),
          Shape.of(2, 784, 1000, 200, 10),
          Shape.of(2, 784, 2560, 3072, 10));

  /** Up to so many parameters executors have 1 GiB; 10⁷ need two. */
  private static final int MANY_PARAMETERS = 5_000_000;

  @Override
  public void run(Options options, Consumer<Result> report) throws IOException {
    List<Shape> shapes = options.quick() ? SHAPES.subList(0, 2) : SHAPES;
    try (SparkSession session = Cluster.local(options, 2)) {
      for (Shape shape : shapes) {
        measure(options, session, shape, "local[2]", 0.5, report);
      }
    }
    for (boolean many : new boolean[] {false, true}) {
      List<Shape> some =
          shapes.stream().filter(shape -> (shape.parameters() > MANY_PARAMETERS) == many).toList();
      if (!some.isEmpty()) {
        try (SparkSession session = Cluster.executors(options, 2, many ? 2048 : 1024, Map.of())) {
          for (Shape shape : some) {
            measure(options, session, shape, "2 executors", 3, report);
          }
        }
      }
    }
  }

  private static void measure(
      Options options,
      SparkSession session,
      Shape shape,
      String where,
      double bound,
      Consumer<Result> report) {
    int steps = options.quick() ? 20 : 300;
    int jobs = options.quick() ? 5 : 40;
    String label = where + ", " + Result.number(shape.parameters()) + " parameters, ";
    Result gang =
        Result.of(
            "exchange",
            label + "gang",
            "ms",
            milliseconds(options, session, shape, EngineKind.GANG, steps));
    boolean hasTarget = shape.equals(SHAPES.get(1));
    report.accept(hasTarget ? gang.toReach(Target.atMost(bound)) : gang);
    List<Double> tree = milliseconds(options, session, shape, EngineKind.TREE, jobs);
    report.accept(Result.of("exchange", label + "tree", "ms", tree));
    List<Double> plain = plainMilliseconds(session, shape.parameters(), jobs);
    report.accept(Result.of("exchange", label + "treeAggregate", "ms", plain));
  }

  /** Returns the milliseconds beyond computing of so many steps, after a warm-up. */
  static List<Double> milliseconds(
      Options options, SparkSession session, Shape shape, EngineKind engine, int steps) {
    int shards = Math.max(2, Integer.highestOneBit(shape.batchSize()));
    String path = Tables.parquet(session, options, shape, 2048);
    try (var training = Training.open(Tables.open(session, path, engine, shards), shape, shards)) {
      float[] parameters = training.parameters();
      return timed(steps, step -> ask(training.source(), step, parameters));
    }
  }

  private static double ask(GradientSource source, int step, float[] parameters) {
    source.takeComputeSeconds();
    long begin = System.nanoTime();
    GradientBuffer sums = source.ask(new Request.Gradient(step), parameters);
    double seconds = Training.secondsSince(begin);
    source.recycle(sums);
    return 1e3 * (seconds - source.takeComputeSeconds());
  }

  private static List<Double> timed(int steps, IntFunction<Double> step) {
    List<Double> times = new ArrayList<>();
    int warmUp = Math.max(3, steps / 4);
    for (int i = 0; i < warmUp + steps; i++) {
      double time = step.apply(i);
      if (i >= warmUp) {
        times.add(time);
      }
    }
    return times;
  }

  private static List<Double> plainMilliseconds(SparkSession session, int parameters, int jobs) {
    var context = JavaSparkContext.fromSparkContext(session.sparkContext());
    var tasks = context.parallelize(List.of(1, 2), 2).cache();
    float[] values = new float[parameters];
    return timed(
        jobs,
        step -> {
          long begin = System.nanoTime();
          Broadcast<float[]> broadcast = context.broadcast(values);
          float[] sum =
              tasks.treeAggregate(
                  new float[0], (none, task) -> broadcast.value().clone(), ExchangeSection::added);
          double seconds = Training.secondsSince(begin);
          broadcast.destroy();
          if (sum.length != parameters) {
            throw new IllegalStateException("Cannot measure: nothing was added");
          }
          return 1e3 * seconds;
        });
  }

  /** Returns the sum of two arrays, one of which may be empty, for nothing yet. */
  private static float[] added(float[] left, float[] right) {
    if (left.length == 0 || right.length == 0) {
      return left.length == 0 ? right : left;
    }
    for (int i = 0; i < left.length; i++) {
      left[i] += right[i];
    }
    return left;
  }
}
