package chainrule.bench;

import chainrule.spark.EngineKind;
import chainrule.spark.ShardedTable;
import chainrule.train.history.EpochRecord;
import chainrule.train.shard.StepPlan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Training time until the test rows are classified well, to the end of the pass that reaches it:
 * the same network, optimizer and mini-batches as PyTorch, each with rows in memory and a new
 * permutation every pass. MLlib's perceptron, which has L-BFGS only, gets all its iterations.
 */
final class AccuracySection implements Section {
  private static final double ACCURACY = 0.86;
  private static final int EPOCHS = 30;
  private static final int MLLIB_ITERATIONS = 150;

  @Override
  public void run(Options options, Consumer<Result> report)
      throws IOException, InterruptedException {
    JsonNode schema = new ObjectMapper().readTree(Path.of(options.data(), "schema.json").toFile());
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    try (SparkSession session = Cluster.local(options, 2)) {
      String train = convert(session, options, schema, "train");
      String test = convert(session, options, schema, "test");
      int classes = (int) session.read().parquet(train).select(Tables.LABEL).distinct().count();
      Shape shape = Shape.of(256, schema.path("numeric").size(), 256, 128, classes);
      for (int round = 0; round < Math.min(3, options.rounds()); round++) {
        ours.add(ourSeconds(session, train, test, shape));
        if (options.hasPyTorch()) {
          theirs.add(pyTorchSeconds(options, round));
        }
      }
      Result result = Result.of("accuracy", "86 %, " + shape, "s", ours);
      report.accept(
          theirs.isEmpty()
              ? result
              : result
                  .toReach(Target.ratioAtLeast(1))
                  .beside("PyTorch", theirs, Summary.ratios(theirs, ours)));
      if (options.peers() && !options.quick()) {
        besideMllib(options, result, train, test, shape, report);
      }
    }
  }

  /** Writes a table as Parquet with the columns that {@link Tables} tells of. */
  private static String convert(
      SparkSession session, Options options, JsonNode schema, String name) {
    Path csv = Path.of(options.data(), name + ".csv");
    Path packed = Path.of(options.data(), name + ".csv.gz");
    Dataset<Row> rows =
        session.read().option("header", true).csv((Files.exists(packed) ? packed : csv).toString());
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : schema.path("numeric")) {
      columns.add(functions.col(column.asText()).cast("double").as("x" + columns.size()));
    }
    String label = schema.path("label").asText();
    columns.add(functions.concat(functions.lit("class"), functions.col(label)).as(Tables.LABEL));
    String path = options.scratch() + "/" + name;
    rows.select(columns.toArray(Column[]::new)).write().parquet(path);
    return path;
  }

  private static double ourSeconds(SparkSession session, String train, String test, Shape shape) {
    int shards = StepPlan.shardsFor(shape.batchSize());
    ShardedTable tested =
        Tables.open(session, train, EngineKind.GANG, shards)
            .withHeldOut(Tables.open(session, test, EngineKind.GANG, shards));
    try (Training training = Training.open(tested, shape)) {
      training.history(2); // warms up
      double seconds = 0;
      for (EpochRecord epoch : training.history(EPOCHS)) {
        seconds += training.source().plan().rows() / epoch.rowsPerSecond();
        if (epoch.validation().get("accuracy") >= ACCURACY) {
          return seconds;
        }
      }
    }
    throw unreached("Chainrule");
  }

  private static double pyTorchSeconds(Options options, int round)
      throws IOException, InterruptedException {
    List<String> command =
        Child.python(
            options,
            "pytorch_accuracy.py",
            options.data(),
            "--hidden=256,128",
            "--batch=256",
            "--curve",
            "--epochs=" + EPOCHS,
            "--seed=" + (round + 1));
    for (JsonNode epoch : Child.run(command).get(0).path("curve")) {
      if (epoch.path("test_accuracy").asDouble() >= ACCURACY) {
        return epoch.path("train_s").asDouble();
      }
    }
    throw unreached("PyTorch");
  }

  private static IllegalStateException unreached(String who) {
    return new IllegalStateException(
        who + " does not reach 86 % on these rows in " + EPOCHS + " passes");
  }

  private static void besideMllib(
      Options options,
      Result result,
      String train,
      String test,
      Shape shape,
      Consumer<Result> report)
      throws IOException, InterruptedException {
    MllibPerceptron.Outcome mllib =
        MllibPerceptron.fit(options, train, test, shape, MLLIB_ITERATIONS, true);
    List<Double> seconds = List.of(mllib.seconds());
    String who = "MLlib, " + Result.number(100 * mllib.accuracy()) + " %";
    report.accept(
        result
            .toReach(Target.ratioAtLeast(70))
            .beside(who, seconds, List.of(mllib.seconds() / result.ours().median())));
  }
}
