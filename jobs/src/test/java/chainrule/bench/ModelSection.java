package chainrule.bench;

import chainrule.math.Ranges;
import chainrule.optim.Constant;
import chainrule.optim.Optimizer;
import chainrule.optim.OptimizerState;
import chainrule.optim.Optimizers;
import chainrule.spark.EngineKind;
import chainrule.train.history.EpochRecord;
import chainrule.train.shard.StepPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * The {@link StepModel} of this machine, from two executors, checked against one, four, and four
 * that collect for each other; then what it says of clusters that are not at hand. Mini-batches of
 * 1024 rows an executor, 235 thousand parameters.
 */
final class ModelSection implements Section {
  private static final Shape TINY = Shape.of(2, 28, 32, 2);
  private static final Shape ONE_ROW_A_TASK = Shape.of(2, 784, 256, 128, 10);
  private static final List<Integer> FAN_INS = List.of(4, 8, 32);
  private static final int ROWS_AN_EXECUTOR = 1024;

  /** A network as between machines of one rack: 0.1 ms, 10 Gb/s. */
  private static final double LATENCY_SECONDS = 1e-4;

  private static final double BANDWIDTH = 10e9 / 8;

  @Override
  public void run(Options options, Consumer<Result> report) throws IOException {
    StepModel model = model(options);
    reportOne(report, "a message", 1e6 * model.messageSeconds(), "µs");
    reportOne(report, "a parameter sent, received, added", 4e9 * model.byteSeconds(), "ns");
    reportOne(report, "a parameter updated", 1e9 * model.updateSeconds(), "ns");
    reportOne(report, "a job of no tasks", 1e3 * model.stageSeconds(), "ms");
    reportOne(report, "a task of a job", 1e3 * model.taskSeconds(), "ms");
    double rowSeconds = 0;
    for (int executors : new int[] {1, 2, 4}) {
      try (SparkSession session = Cluster.executors(options, executors)) {
        rowSeconds = executors == 1 ? secondsARow(options, session) : rowSeconds;
        check(options, session, model, rowSeconds, executors, 8, report);
      }
    }
    try (SparkSession session =
        Cluster.executors(options, 4, 1024, Map.of("spark.chainrule.fanIn", "2"))) {
      check(options, session, model, rowSeconds, 4, 2, report);
    }
    predict(model.over(LATENCY_SECONDS, BANDWIDTH), rowSeconds, report);
  }

  private static void reportOne(Consumer<Result> report, String label, double value, String unit) {
    report.accept(Result.of("model", label, unit, List.of(value)));
  }

  private static double median(
      Options options, SparkSession session, Shape shape, EngineKind engine) {
    int steps = engine == EngineKind.TREE ? 30 : 500;
    return 1e-3
        * Summary.of(
                ExchangeSection.milliseconds(
                    options, session, shape, engine, options.quick() ? steps / 10 : steps))
            .median();
  }

  private static StepModel model(Options options) throws IOException {
    double tiny;
    double full;
    double twoTasks;
    try (SparkSession session = Cluster.executors(options, 2)) {
      tiny = median(options, session, TINY, EngineKind.GANG);
      full = median(options, session, ONE_ROW_A_TASK, EngineKind.GANG);
      twoTasks = median(options, session, TINY, EngineKind.TREE);
    }
    double sixteenTasks;
    Map<String, String> conf = Map.of("spark.default.parallelism", "16");
    try (SparkSession session = Cluster.executors(options, 2, 1024, conf)) {
      sixteenTasks = median(options, session, new Shape(TINY.layers(), 16), EngineKind.TREE);
    }
    double taskSeconds = Math.max(0, sixteenTasks - twoTasks) / 14;
    return new StepModel(
        tiny / 4, // two messages come and two go
        Math.max(0, full - tiny) / 4 / (4.0 * ONE_ROW_A_TASK.parameters()),
        updateSeconds(options),
        twoTasks - 2 * taskSeconds,
        taskSeconds,
        0,
        Double.POSITIVE_INFINITY);
  }

  /** Returns what the driver takes to update a parameter. */
  private static double updateSeconds(Options options) {
    int count = ONE_ROW_A_TASK.parameters();
    Optimizer adam = Optimizers.of("adam", new Constant(1e-3), Map.of());
    OptimizerState state = adam.newState(count);
    float[] parameters = new float[count];
    float[] gradient = new float[count];
    Arrays.fill(gradient, 0.1f);
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < (options.quick() ? 200 : 1000); i++) {
      long begin = System.nanoTime();
      adam.step(parameters, gradient, state, Ranges.none());
      times.add(Training.secondsSince(begin));
    }
    return Summary.of(times.subList(times.size() / 2, times.size())).median() / count;
  }

  private static Training open(
      Options options, SparkSession session, EngineKind engine, int executors) {
    Shape shape = new Shape(ONE_ROW_A_TASK.layers(), ROWS_AN_EXECUTOR * executors);
    int rows = (options.quick() ? 8 : 32) * shape.batchSize();
    String path = Tables.parquet(session, options, shape, rows);
    int shards = StepPlan.shardsFor(shape.batchSize());
    Training training = Training.open(Tables.open(session, path, engine, shards), shape);
    training.warmUp(options.seconds());
    return training;
  }

  /** Returns how long an executor computes for a row. */
  private static double secondsARow(Options options, SparkSession session) {
    try (Training training = open(options, session, EngineKind.GANG, 1)) {
      List<Double> seconds = new ArrayList<>();
      for (EpochRecord epoch : training.history(options.quick() ? 2 : 10)) {
        seconds.add(epoch.computeSeconds() / training.source().plan().rows());
      }
      return Summary.of(seconds).median();
    }
  }

  /** Compares steps that run here with what the model says of them. */
  private static void check(
      Options options,
      SparkSession session,
      StepModel model,
      double rowSeconds,
      int executors,
      int fanIn,
      Consumer<Result> report) {
    int parameters = ONE_ROW_A_TASK.parameters();
    // More executors than cores take turns in computing.
    double turns = Math.max(1, executors / (double) Runtime.getRuntime().availableProcessors());
    double computing = ROWS_AN_EXECUTOR * rowSeconds * turns;
    String label = "check: %s, " + executors + " executors";
    for (EngineKind engine : List.of(EngineKind.GANG, EngineKind.TREE)) {
      boolean gang = engine == EngineKind.GANG;
      if (!gang && fanIn != FAN_INS.get(1)) {
        continue;
      }
      List<Double> steps = new ArrayList<>();
      try (Training training = open(options, session, engine, executors)) {
        for (int round = 0; round < options.rounds(); round++) {
          double rowsPerSecond = training.rowsPerSecond(options.seconds());
          steps.add(1e3 * ROWS_AN_EXECUTOR * executors / rowsPerSecond);
        }
      }
      double beyond =
          gang
              ? model.gangSeconds(executors, fanIn, parameters)
              : model.treeSeconds(executors, parameters);
      report.accept(
          beside(
              label.formatted(gang ? "gang, fan-in " + fanIn : "tree"),
              steps,
              "model",
              1e3 * (computing + beyond)));
    }
  }

  private static Result beside(String label, List<Double> steps, String who, double milliseconds) {
    Result result = Result.of("model", label, "ms", steps);
    return result.beside(
        who, List.of(milliseconds), List.of(result.ours().median() / milliseconds));
  }

  /** Says how long steps take on clusters, and the share of it that is computing. */
  private static void predict(StepModel model, double rowSeconds, Consumer<Result> report) {
    int parameters = ONE_ROW_A_TASK.parameters();
    double computing = ROWS_AN_EXECUTOR * rowSeconds;
    for (int executors : new int[] {8, 64, 256, 1024}) {
      for (int fanIn : FAN_INS) {
        report(
            report,
            executors + " executors, gang, fan-in " + fanIn,
            computing,
            model.gangSeconds(executors, fanIn, parameters));
      }
      report(
          report,
          executors + " executors, tree",
          computing,
          model.treeSeconds(executors, parameters));
    }
  }

  private static void report(
      Consumer<Result> report, String label, double computing, double beyond) {
    List<Double> step = List.of(1e3 * (computing + beyond));
    report.accept(
        Result.of("model", label, "ms", step)
            .beside(
                "computing", List.of(1e3 * computing), List.of(computing / (computing + beyond))));
  }
}
