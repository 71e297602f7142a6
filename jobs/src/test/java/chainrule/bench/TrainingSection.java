package chainrule.bench;

import chainrule.spark.EngineKind;
import chainrule.train.shard.StepPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * Training through Spark in this process, two threads, engine gang. Beside it PyTorch with one and
 * with two threads, of which the faster counts, and MLlib's perceptron with two tasks.
 *
 * <p>PyTorch takes slices of a tensor as they lie, while we shuffle anew each epoch; where the case
 * says so PyTorch gathers a permutation too.
 */
final class TrainingSection implements Section {
  /**
   * What is trained and what is to be reached.
   *
   * @param loader how PyTorch goes through the rows: tensor or shuffle
   */
  private record Case(Shape shape, String loader, double bound) {}

  private static final Shape IMAGES = Shape.of(1024, 784, 256, 128, 10);

  @Override
  public void run(Options options, Consumer<Result> report)
      throws IOException, InterruptedException {
    List<Case> cases =
        List.of(
            new Case(Shape.of(8192, 28, 300, 300, 2), "tensor", 1.5),
            new Case(IMAGES, "tensor", 1.0),
            new Case(Shape.of(1024, 28, 64, 32, 2), "tensor", 1.5),
            new Case(Shape.of(256, 784, 256, 128, 10), "shuffle", 1.2),
            new Case(Shape.of(1024, 784, 1024, 1024, 10), "tensor", 1.0));
    try (SparkSession session = Cluster.local(options, 2)) {
      for (Case one : cases) {
        measure(options, session, one, report);
      }
      if (options.peers()) {
        besideMllib(options, session, report);
      }
    }
  }

  private static long rows(Options options) {
    return options.quick() ? 8192 : 65_536;
  }

  private static Training open(Options options, SparkSession session, Shape shape) {
    String path = Tables.parquet(session, options, shape, rows(options));
    int shards = StepPlan.shardsFor(shape.batchSize());
    return Training.open(Tables.open(session, path, EngineKind.GANG, shards), shape);
  }

  private static void measure(
      Options options, SparkSession session, Case one, Consumer<Result> report)
      throws IOException, InterruptedException {
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    try (Training training = open(options, session, one.shape)) {
      training.warmUp(options.seconds());
      for (int round = 0; round < options.rounds(); round++) {
        ours.add(training.rowsPerSecond(options.seconds()));
        if (options.hasPyTorch()) {
          theirs.add(
              Math.max(
                  pyTorchRowsPerSecond(options, one, 1), pyTorchRowsPerSecond(options, one, 2)));
        }
      }
    }
    String shuffled = one.loader.equals("shuffle") ? ", peer shuffles too" : "";
    Result result =
        Result.of("training", one.shape + shuffled, "rows/s", ours)
            .toReach(Target.ratioAtLeast(one.bound));
    report.accept(
        theirs.isEmpty() ? result : result.beside("PyTorch", theirs, Summary.ratios(ours, theirs)));
  }

  private static double pyTorchRowsPerSecond(Options options, Case one, int threads)
      throws IOException, InterruptedException {
    List<String> command =
        Child.python(
            options,
            "pytorch_train.py",
            "--layers=" + one.shape.layersText(),
            "--batch=" + one.shape.batchSize(),
            "--threads=" + threads,
            "--seconds=" + options.seconds(),
            "--warmup=" + options.seconds() / 4,
            "--rows=" + rows(options),
            "--loader=" + one.loader);
    return Child.run(command).get(0).path("samples_per_s").asDouble();
  }

  private static void besideMllib(Options options, SparkSession session, Consumer<Result> report)
      throws IOException, InterruptedException {
    String path = Tables.parquet(session, options, IMAGES, rows(options));
    List<Double> ours = new ArrayList<>();
    List<Double> withOpenBlas = new ArrayList<>();
    List<Double> stock = new ArrayList<>();
    try (Training training = open(options, session, IMAGES)) {
      training.warmUp(options.seconds());
      for (int round = 0; round < Math.min(3, options.rounds()); round++) {
        ours.add(training.rowsPerSecond(options.seconds()));
        withOpenBlas.add(mllibRowsPerSecond(options, path, true));
        stock.add(mllibRowsPerSecond(options, path, false));
      }
    }
    Result result = Result.of("training", IMAGES + ", a pass", "rows/s", ours);
    report.accept(
        result
            .toReach(Target.ratioAtLeast(2.5))
            .beside("MLlib, OpenBLAS", withOpenBlas, Summary.ratios(ours, withOpenBlas)));
    report.accept(
        result
            .toReach(Target.ratioAtLeast(8))
            .beside("MLlib, stock", stock, Summary.ratios(ours, stock)));
  }

  private static double mllibRowsPerSecond(Options options, String path, boolean openBlas)
      throws IOException, InterruptedException {
    MllibPerceptron.Outcome fit =
        MllibPerceptron.fit(options, path, path, IMAGES, options.quick() ? 2 : 8, openBlas);
    return rows(options) * fit.iterations() / fit.seconds();
  }
}
