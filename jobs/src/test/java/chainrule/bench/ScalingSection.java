package chainrule.bench;

import chainrule.math.OpenBlasKernels;
import chainrule.spark.EngineKind;
import chainrule.train.shard.StepPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * From one executor process of one core to two, engine gang: with twice the rows in a mini-batch
 * (weak scaling) and with the same (strong). Twice the speed would be ideal, if the machine had it
 * to give: beside them stand executors that train apart, each its own network on its own rows.
 */
final class ScalingSection implements Section {
  private static final List<Shape> SHAPES =
      List.of(Shape.of(1024, 784, 256, 128, 10), Shape.of(8192, 28, 300, 300, 2));

  /** How many rows a second so many executors came to, round by round. */
  private static final class Rates {
    final List<Double> weak = new ArrayList<>();
    final List<Double> strong = new ArrayList<>();
    final List<Double> apart = new ArrayList<>();
  }

  @Override
  public void run(Options options, Consumer<Result> report) throws IOException {
    List<Rates> one = SHAPES.stream().map(shape -> new Rates()).toList();
    List<Rates> two = SHAPES.stream().map(shape -> new Rates()).toList();
    for (int round = 0; round < Math.min(3, options.rounds()); round++) {
      measure(options, 1, one);
      measure(options, 2, two);
    }
    for (int i = 0; i < SHAPES.size(); i++) {
      String label = SHAPES.get(i) + ", 2 executors, ";
      report.accept(
          beside(label + "batch doubled", two.get(i).weak, one.get(i).weak)
              .toReach(Target.ratioAtLeast(1.8)));
      report.accept(beside(label + "same batch", two.get(i).strong, one.get(i).strong));
      report.accept(beside(label + "apart", two.get(i).apart, one.get(i).apart));
    }
  }

  private static Result beside(String label, List<Double> two, List<Double> one) {
    return Result.of("scaling", label, "rows/s", two)
        .beside("1 executor", one, Summary.ratios(two, one));
  }

  private static void measure(Options options, int executors, List<Rates> rates)
      throws IOException {
    int rows = options.quick() ? 8192 : 65_536;
    try (SparkSession session = Cluster.executors(options, executors)) {
      for (int i = 0; i < SHAPES.size(); i++) {
        Shape shape = SHAPES.get(i);
        var doubled = new Shape(shape.layers(), shape.batchSize() * executors);
        double strong = together(options, session, shape, rows);
        rates.get(i).strong.add(strong);
        // One executor's mini-batch and rows are those of the strong case.
        rates
            .get(i)
            .weak
            .add(executors == 1 ? strong : together(options, session, doubled, rows * executors));
        rates.get(i).apart.add(apart(options, session, shape, executors));
      }
    }
  }

  private static double together(Options options, SparkSession session, Shape shape, int rows) {
    String path = Tables.parquet(session, options, shape, rows);
    int shards = StepPlan.shardsFor(shape.batchSize());
    try (Training training =
        Training.open(Tables.open(session, path, EngineKind.GANG, shards), shape)) {
      return warmRowsPerSecond(options, training);
    }
  }

  /** Returns what executors that have nothing to do with each other come to, in sum. */
  private static double apart(Options options, SparkSession session, Shape shape, int executors) {
    var context = JavaSparkContext.fromSparkContext(session.sparkContext());
    return context
        .parallelize(IntStream.range(0, executors).boxed().toList(), executors)
        .map(
            task -> {
              int rows = 2 * shape.batchSize();
              var table = Tables.inMemory(shape, rows, OpenBlasKernels.NAME);
              try (Training training = Training.open(table, shape)) {
                return warmRowsPerSecond(options, training);
              }
            })
        .reduce(Double::sum);
  }

  private static double warmRowsPerSecond(Options options, Training training) {
    training.warmUp(options.seconds());
    return training.rowsPerSecond(options.seconds());
  }
}
