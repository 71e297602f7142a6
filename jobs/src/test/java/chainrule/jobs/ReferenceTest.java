package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.NumberEncoding;
import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.tune.Search;
import chainrule.nn.Activation;
import chainrule.nn.Loss;
import chainrule.optim.Optimizers;
import chainrule.params.Hyperparameter;
import chainrule.params.Hyperparameters;
import chainrule.spark.read.ColumnChoice;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableSource;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Walks every key of reference.conf: a changed value arrives where it belongs, and one that cannot
 * be is refused by name before Spark starts. A new key without a row here fails.
 */
class ReferenceTest {
  /**
   * What is known of a key.
   *
   * @param good a value other than the default
   * @param arrives reads what came of it
   * @param expected what that must be, as text
   * @param bad a value that cannot be
   * @param message what is said of it, behind the file
   * @param context other overrides that the good value needs
   */
  private record Row(
      String key,
      String good,
      Function<JobSettings, Object> arrives,
      String expected,
      String bad,
      String message,
      List<String> context) {
    Row with(String... overrides) {
      return new Row(key, good, arrives, expected, bad, message, List.of(overrides));
    }

    @Override
    public String toString() {
      return key;
    }
  }

  private static Row row(
      String key,
      String good,
      Function<JobSettings, Object> arrives,
      String expected,
      String bad,
      String message) {
    return new Row(key, good, arrives, expected, bad, message, List.of());
  }

  private static Row training(
      String key,
      String good,
      Function<TrainingSettings, Object> arrives,
      String expected,
      String bad,
      String message) {
    return row(key, good, settings -> arrives.apply(settings.training()), expected, bad, message);
  }

  private static Row hyperparameter(String name, String type) {
    String key = "training.optimizer." + name;
    return training(
            key,
            "0.25",
            settings -> settings.optimizer().hyperparameters().get(name),
            "0.25",
            "high",
            "Invalid " + key + ": \"high\" (must be a number)")
        .with("training.optimizer.type=" + type);
  }

  /** A key that a job reads itself: the value must come back from the configuration. */
  private Row direct(String key, String good, String bad, String message) {
    return row(key, good, settings -> loaded.text(key), good, bad, message);
  }

  private Configuration loaded;

  @TempDir private Path temporary;
  private String file;

  @BeforeEach
  void writeFile() throws IOException {
    file =
        Files.writeString(
                temporary.resolve("run.conf"),
                """
                data { train = a.csv, label = y }
                output.dir = out
                predict { input = b.csv, output = p }
                generate { path = g, rows = 10 }
                """)
            .toString();
  }

  private static final String TEXT = "[1] (must be a text)";
  private static final String FLAG = "\"maybe\" (must be true or false)";
  private static final String ACTIVATIONS = String.join(", ", Activation.keys());

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    rows.addAll(dataRows());
    rows.addAll(networkRows());
    rows.addAll(trainingRows());
    rows.addAll(jobRows());
    rows.addAll(tuneRows());
    return rows;
  }

  private static List<Row> dataRows() {
    return List.of(
        row(
            "data.train",
            "[c.csv, d.csv]",
            s -> s.source("data.train").paths(),
            "[c.csv, d.csv]",
            "{x = 1}",
            "Invalid data.train: {\"x\":1} (must be a text or a list of texts)"),
        row(
            "data.format",
            "orc",
            s -> s.source("data.train").format(),
            "orc",
            "[1]",
            "Invalid data.format: " + TEXT),
        row(
            "data.csv.header",
            "false",
            s -> s.source("data.train").csv().header(),
            "false",
            "maybe",
            "Invalid data.csv.header: " + FLAG),
        row(
            "data.csv.separator",
            ";",
            s -> s.source("data.train").csv().separator(),
            ";",
            "ab",
            "Invalid data.csv.separator: \"ab\" (must be one character)"),
        row(
            "data.csv.null-value",
            "NA",
            s -> s.source("data.train").csv().nullValue(),
            "NA",
            "[1]",
            "Invalid data.csv.null-value: " + TEXT),
        row(
            "data.label",
            "[z, y]",
            s -> s.columns().labels(),
            "[z, y]",
            "[z, z]",
            "Invalid data.label: [\"z\",\"z\"] (must be a column or a list of distinct columns)"),
        training(
            "data.task",
            "regression",
            t -> t.task().orElse(null),
            "REGRESSION",
            "ranking",
            "data.task: Invalid task: \"ranking\" (must be classification or regression)"),
        row(
            "data.weight",
            "w",
            s -> s.columns().weight(),
            "w",
            "[1]",
            "Invalid data.weight: " + TEXT),
        row(
            "data.features.include",
            "[a, b]",
            s -> s.columns().include(),
            "[a, b]",
            "{x = 1}",
            "Invalid data.features.include: {\"x\":1} (must be a text or a list of texts)"),
        row(
            "data.features.exclude",
            "[a, b]",
            s -> s.columns().exclude(),
            "[a, b]",
            "{x = 1}",
            "Invalid data.features.exclude: {\"x\":1} (must be a text or a list of texts)"),
        row(
            "data.features.categorical",
            "[a, b]",
            s -> s.columns().categorical().orElse(new ArrayList<>()),
            "[a, b]",
            "{x = 1}",
            "Invalid data.features.categorical: {\"x\":1} (must be a text or a list of texts)"),
        training(
            "data.features.standardize",
            "false",
            TrainingSettings::standardize,
            "false",
            "maybe",
            "Invalid data.features.standardize: " + FLAG),
        training(
            "data.features.encoding",
            "piecewise-linear",
            t -> t.encoding().orElse(NumberEncoding.PLAIN),
            "PIECEWISE_LINEAR",
            "linear",
            "data.features.encoding: Invalid encoding: \"linear\" (must be auto, plain or"
                + " piecewise-linear)"),
        training(
            "data.features.embed-above",
            "0",
            TrainingSettings::embedAbove,
            "0",
            "-1",
            "Invalid data.features.embed-above: -1 (must be a whole number >= 0)"),
        training(
            "data.standardize-label",
            "false",
            TrainingSettings::standardizeLabel,
            "false",
            "maybe",
            "Invalid data.standardize-label: " + FLAG),
        training(
            "data.validation.fraction",
            "0.25",
            t -> t.validationFraction().orElse(null),
            "0.25",
            "1",
            "Invalid data.validation.fraction: 1 (must be >= 0 and < 1)"),
        row(
            "data.validation.path",
            "v.csv",
            s -> s.source("data.validation.path").paths(),
            "[v.csv]",
            "{x = 1}",
            "Invalid data.validation.path: {\"x\":1} (must be a text or a list of texts)"),
        row(
            "data.test.fraction",
            "0.25",
            JobSettings::testFraction,
            "0.25",
            "1",
            "Invalid data.test.fraction: 1 (must be > 0 and < 1, or null)"),
        row(
            "data.test.path",
            "t.csv",
            s -> s.source("data.test.path").paths(),
            "[t.csv]",
            "{x = 1}",
            "Invalid data.test.path: {\"x\":1} (must be a text or a list of texts)"),
        row(
            "data.missing",
            "drop",
            s -> s.policy().missing(),
            "DROP",
            "ignore",
            "data.missing: Invalid action: \"ignore\" (must be impute, refuse or drop)"),
        row(
            "data.malformed",
            "drop",
            s -> s.policy().malformed(),
            "DROP",
            "impute",
            "Invalid data.malformed: \"impute\" (must be refuse or drop)"));
  }

  private List<Row> networkRows() {
    String hidden = " (must be a list of whole numbers >= 1, such as [128, 64])";
    return List.of(
        training(
            "network.hidden",
            "[7]",
            t -> t.network().hidden(),
            "[7]",
            "[3, 0]",
            "Invalid network.hidden: [3,0]" + hidden),
        training(
            "network.activation",
            "tanh",
            t -> t.network().activation(),
            "TANH",
            "tan",
            "network.activation: Invalid activation: tan (must be one of " + ACTIVATIONS + ")"),
        training(
            "network.output-activation",
            "sigmoid",
            t -> t.network().outputActivation().orElse(null),
            "SIGMOID",
            "tan",
            "network.output-activation: Invalid activation: tan (must be one of "
                + ACTIVATIONS
                + ")"),
        training(
            "network.dropout",
            "0.5",
            t -> t.network().dropout().orElse(null),
            "0.5",
            "1",
            "Invalid network.dropout: 1 (must be >= 0 and < 1)"),
        training(
            "network.initializer",
            "glorot",
            t -> t.network().initializer().orElse(null),
            "GLOROT",
            "zero",
            "network.initializer: Invalid initializer: \"zero\" (must be he, glorot or normal)"),
        training(
            "network.ensemble-size",
            "3",
            t -> t.network().ensembleSize().orElse(null),
            "3",
            "257",
            "Invalid ensemble-size: 257 (must be auto or 1 to 256)"),
        training(
            "network.embedding-size",
            "3",
            t -> t.network().embeddingSize(),
            "3",
            "1025",
            "Invalid embedding-size: 1025 (must be from 1 to 1024)"),
        training(
            "network.layer-norm",
            "true",
            t -> t.network().layerNorm(),
            "true",
            "maybe",
            "Invalid network.layer-norm: " + FLAG),
        training(
            "network.residual",
            "true",
            t -> t.network().residual(),
            "true",
            "maybe",
            "Invalid network.residual: " + FLAG),
        direct(
            "network.initial-weights",
            "w.safetensors",
            "[1]",
            "Invalid network.initial-weights: " + TEXT));
  }

  private static List<Row> trainingRows() {
    String epochs = " (must be a whole number >= 1)";
    return List.of(
        training(
            "training.loss",
            "mae",
            t -> t.loss().orElse(null),
            "mae",
            "l1",
            "Invalid loss: l1 (must be one of " + Loss.KINDS.keys() + ")"),
        training(
            "training.huber-delta",
            "2.5",
            TrainingSettings::huberDelta,
            "2.5",
            "0",
            "Invalid training.huber-delta: 0 (must be > 0)"),
        training(
            "training.label-smoothing",
            "0.25",
            t -> t.labelSmoothing().orElse(null),
            "0.25",
            "1",
            "Invalid training.label-smoothing: 1 (must be >= 0 and < 1)"),
        training(
            "training.optimizer.type",
            "sgd",
            t -> t.optimizer().key(),
            "sgd",
            "adan",
            "Invalid optimizer: adan (must be one of " + Optimizers.solverKeys() + ")"),
        training(
            "training.optimizer.learning-rate",
            "0.25",
            t -> t.optimizer().rate(),
            "0.25",
            "0",
            "Invalid training.optimizer.learning-rate: 0 (must be > 0)"),
        hyperparameter("momentum", "momentum"),
        hyperparameter("beta1", "adam"),
        hyperparameter("beta2", "adam"),
        hyperparameter("rho", "rmsprop"),
        hyperparameter("epsilon", "adam"),
        hyperparameter("weight-decay", "adamw"),
        training(
                "training.optimizer.memory",
                "5",
                settings -> settings.optimizer().hyperparameters().get("memory"),
                "5.0",
                "0",
                "Invalid memory: 0.0 (must be a whole number from 1 to 100)")
            .with("training.optimizer.type=lbfgs"),
        hyperparameter("tolerance", "l-bfgs"),
        training(
            "training.schedule.type",
            "step",
            t -> t.schedule().key(),
            "step",
            "stairs",
            "Invalid schedule type: \"stairs\" (must be constant, step, exponential, cosine,"
                + " warmup-cosine)"),
        training(
            "training.schedule.every",
            "3",
            t -> t.schedule().every(),
            "3.0",
            "0",
            "Invalid training.schedule.every: 0 (must be > 0)"),
        training(
            "training.schedule.factor",
            "0.75",
            t -> t.schedule().factor(),
            "0.75",
            "0",
            "Invalid training.schedule.factor: 0 (must be > 0)"),
        training(
            "training.schedule.warmup",
            "2",
            t -> t.schedule().warmup(),
            "2.0",
            "-1",
            "Invalid training.schedule.warmup: -1 (must be >= 0)"),
        training(
            "training.schedule.total",
            "9",
            t -> t.schedule().total().orElse(null),
            "9.0",
            "0",
            "Invalid training.schedule.total: 0 (must be > 0)"),
        training(
            "training.schedule.minimum",
            "0.001",
            t -> t.schedule().minimum(),
            "0.001",
            "-1",
            "Invalid training.schedule.minimum: -1 (must be >= 0)"),
        training(
            "training.schedule.unit",
            "steps",
            t -> t.schedule().unit(),
            "STEPS",
            "days",
            "training.schedule.unit: Invalid value: \"days\" (must be epochs or steps)"),
        training(
            "training.batch-size",
            "17",
            t -> t.batchSize().orElse(null),
            "17",
            "0",
            "Invalid training.batch-size: 0" + epochs),
        training(
            "training.epochs",
            "17",
            t -> t.epochs().orElse(null),
            "17",
            "2.5",
            "Invalid training.epochs: 2.5" + epochs),
        training(
            "training.seed",
            "-5",
            TrainingSettings::seed,
            "-5",
            "1.5",
            "Invalid training.seed: 1.5 (must be a whole number)"),
        training(
            "training.selection",
            "last",
            TrainingSettings::selection,
            "LAST",
            "best",
            "training.selection: Invalid value: \"best\" (must be auto or last)"),
        training(
            "training.refit",
            "false",
            t -> t.refit().orElse(null),
            "false",
            "maybe",
            "Invalid training.refit: " + FLAG),
        training(
            "training.l2",
            "0.25",
            TrainingSettings::l2,
            "0.25",
            "-1",
            "Invalid training.l2: -1 (must be >= 0)"),
        training(
            "training.class-weights",
            "{a = 2, \"b.c\" = 0.5}",
            t -> new TreeMap<>(t.classWeights().given()),
            "{a=2.0, b.c=0.5}",
            "{a = -1}",
            "Invalid class-weights of a: -1.0 (must be >= 0 and finite)"),
        training(
            "training.clip-norm",
            "1.5",
            t -> t.clipping().maxNorm(),
            "1.5",
            "-1",
            "Invalid training.clip-norm: -1 (must be >= 0)"),
        training(
            "training.early-stopping.patience",
            "4",
            TrainingSettings::patience,
            "4",
            "-1",
            "Invalid training.early-stopping.patience: -1 (must be a whole number >= 0)"),
        training(
            "training.early-stopping.min-delta",
            "0.5",
            TrainingSettings::minDelta,
            "0.5",
            "-1",
            "Invalid training.early-stopping.min-delta: -1 (must be >= 0)"),
        training(
            "training.shards",
            "32",
            t -> t.shards().orElse(null),
            "32",
            "3",
            "Invalid training.shards: 3 (must be auto or a power of two from 1 to 65536)"),
        row(
            "training.engine",
            "tree",
            JobSettings::engine,
            "TREE",
            "barrier",
            "training.engine: Invalid engine: \"barrier\" (must be auto, tree or gang)"),
        row(
            "training.blas",
            "java",
            JobSettings::kernels,
            "java",
            "mkl",
            "training.blas: Invalid blas: \"mkl\" (must be auto, openblas or java)"));
  }

  private List<Row> tuneRows() {
    String space = "tune.space.training.epochs=[1, 2]";
    return List.of(
        direct(
                "tune.search",
                "random",
                "all",
                "Invalid tune.search: \"all\" (must be grid or random)")
            .with(space),
        direct("tune.trials", "7", "0", "Invalid tune.trials: 0 (must be a whole number >= 1)")
            .with(space),
        direct("tune.seed", "7", "1.5", "Invalid tune.seed: 1.5 (must be a whole number)")
            .with(space),
        direct(
                "tune.folds",
                "7",
                "1",
                "Invalid tune.folds: 1 (must be 0 (validation rows) or a whole number >= 2)")
            .with(space),
        direct(
                "tune.metric",
                "auc",
                "f1",
                "Invalid tune.metric: \"f1\" (must be auto or one of [loss, accuracy,"
                    + " subsetAccuracy, hammingLoss, logLoss, macroF1, auc, rmse, mae, r2])")
            .with(space),
        row(
            "tune.space",
            "{network.hidden = [[4]]}",
            settings -> Search.of(loaded).space().keySet(),
            "[network.hidden]",
            "{network.hiden = [[4]]}",
            "Invalid key: tune.space.network.hiden (did you mean \"network.hidden\"?) (must be a key"
                + " of network or training that has a value and changes the model)"));
  }

  private List<Row> jobRows() {
    return List.of(
        row(
            "checkpoint.every-epochs",
            "3",
            settings -> settings.checkpoints().everyEpochs(),
            "3",
            "-1",
            "Invalid checkpoint.every-epochs: -1 (must be a whole number >= 0)"),
        row(
            "checkpoint.every-steps",
            "300",
            settings -> settings.checkpoints().everySteps(),
            "300",
            "0.5",
            "Invalid checkpoint.every-steps: 0.5 (must be a whole number >= 0)"),
        row(
            "checkpoint.every-minutes",
            "1.5",
            settings -> settings.checkpoints().everyMinutes(),
            "1.5",
            "-1",
            "Invalid checkpoint.every-minutes: -1 (must be >= 0)"),
        row(
            "checkpoint.keep",
            "5",
            JobSettings::keptCheckpoints,
            "5",
            "0",
            "Invalid checkpoint.keep: 0 (must be a whole number >= 1)"),
        row(
            "checkpoint.resume",
            "never",
            JobSettings::resume,
            "NEVER",
            "maybe",
            "checkpoint.resume: Invalid value: \"maybe\" (must be auto, never or required)"),
        direct("output.dir", "elsewhere", "[1]", "Invalid output.dir: " + TEXT),
        direct("output.overwrite", "true", "maybe", "Invalid output.overwrite: " + FLAG),
        direct("output.tensorboard", "true", "maybe", "Invalid output.tensorboard: " + FLAG),
        direct("output.report", "false", "maybe", "Invalid output.report: " + FLAG),
        row(
            "output.serve",
            "8080",
            JobSettings::serve,
            "Optional[127.0.0.1:8080]",
            "65536",
            "output.serve: Invalid address: \"65536\" (must be a port (0: any free one) or"
                + " host:port, such as 8080 or \"0.0.0.0:8080\")"),
        direct(
            "predict.input",
            "c.csv",
            "{x = 1}",
            "Invalid predict.input: {\"x\":1} (must be a text or a list of texts)"),
        direct("predict.output", "q", "[1]", "Invalid predict.output: " + TEXT),
        direct(
            "predict.format",
            "csv",
            "xml",
            "Invalid predict.format: \"xml\" (must be parquet or csv)"),
        direct("generate.path", "q", "[1]", "Invalid generate.path: " + TEXT),
        direct(
            "generate.format",
            "csv",
            "xml",
            "Invalid generate.format: \"xml\" (must be parquet or csv)"),
        direct("generate.rows", "7", "0", "Invalid generate.rows: 0 (must be a whole number >= 1)"),
        direct(
            "generate.features",
            "7",
            "-1",
            "Invalid generate.features: -1 (must be a whole number >= 0)"),
        direct(
            "generate.categorical",
            "7",
            "-1",
            "Invalid generate.categorical: -1 (must be a whole number >= 0)"),
        direct(
            "generate.classes",
            "7",
            "1",
            "Invalid generate.classes: 1 (must be 0 (a number) or a whole number >= 2)"),
        direct(
            "generate.missing", "0.5", "1", "Invalid generate.missing: 1 (must be >= 0 and < 1)"),
        direct(
            "generate.partitions",
            "7",
            "0",
            "Invalid generate.partitions: 0 (must be a whole number >= 1)"),
        direct("generate.seed", "7", "1.5", "Invalid generate.seed: 1.5 (must be a whole number)"));
  }

  private static void keys(String prefix, ConfigObject object, Set<String> keys) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof ConfigObject inner) {
        keys(key + ".", inner, keys);
      } else {
        keys.add(key);
      }
    }
  }

  @Test
  void everyKeyOfTheReferenceHasARow() {
    var keys = new TreeSet<String>();
    keys("", reference(), keys);
    assertThat(rows().stream().map(Row::key).toList())
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(keys);
  }

  private static Stream<String> rowKeys() {
    return new ReferenceTest().rows().stream().map(Row::key);
  }

  private Row row(String key) {
    return rows().stream().filter(row -> row.key.equals(key)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("rowKeys")
  void aChangedValueArrives(String key) {
    Row row = row(key);
    loaded = load(row, row.good);
    assertThat(row.arrives.apply(new JobSettings(loaded))).hasToString(row.expected);
    Configuration standard = load(row, "null");
    if (!row.key.equals("data.weight")) {
      assertThat(standard.has(key)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("rowKeys")
  void aValueThatCannotBeIsRefusedByNameBeforeSparkStarts(String key) {
    Row row = row(key);
    SparkJob job =
        switch (key.substring(0, key.indexOf('.'))) {
          case "predict" -> new PredictJob();
          case "generate" -> new GenerateJob();
          case "tune" -> new TuneJob();
          default -> new TrainJob();
        };
    assertThatThrownBy(() -> job.check(load(row, row.bad)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(file + ": " + row.message);
  }

  private Configuration load(Row row, String value) {
    List<String> overrides = new ArrayList<>(row.context);
    overrides.add(row.key + "=" + value);
    return Configuration.load(file, overrides);
  }

  @Test
  void theDefaultsAreTheLibrarys() {
    TrainingSettings settings = new JobSettings(Configuration.load(file, List.of())).training();
    assertThat(settings).usingRecursiveComparison().isEqualTo(TrainingSettings.builder().build());
  }

  @Test
  void theDefaultsOfDataAreTheLibrarys() {
    var settings = new JobSettings(Configuration.load(file, List.of()));
    assertThat(settings.columns()).isEqualTo(ColumnChoice.of("y"));
    assertThat(settings.columns().categorical()).isEqualTo(Setting.auto());
    assertThat(settings.policy()).isEqualTo(RowPolicy.defaults());
    assertThat(settings.source("data.train").csv()).isEqualTo(TableSource.Csv.defaults());
  }

  private static ConfigObject reference() {
    return ConfigFactory.parseResources(
            ReferenceTest.class.getClassLoader(), "chainrule/reference.conf")
        .root();
  }

  /** Returns the value of a key, which may be null, as a path of Config may not. */
  private static Object unwrapped(ConfigObject root, String key) {
    Object value = root.unwrapped();
    for (String part : key.split("\\.", -1)) {
      value = ((Map<?, ?>) value).get(part);
    }
    return value;
  }

  private static Stream<Hyperparameter> withAKey() {
    return Hyperparameters.TRAINING.stream().filter(described -> !described.key().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("withAKey")
  void everyHyperparameterHasTheDefaultOfItsKey(Hyperparameter described) {
    Object value = unwrapped(reference(), described.key());
    if (described.defaultValue().isEmpty()) {
      assertThat(value).isIn("auto", null);
    } else if (value instanceof Number number) {
      assertThat(number.doubleValue())
          .isEqualTo(((Number) described.defaultValue().get()).doubleValue());
    } else {
      assertThat(value).isEqualTo(described.defaultValue().get());
    }
  }

  /** Keys of a network and its training that no param has, and why. */
  private static final Set<String> JOBS_ONLY =
      Set.of(
          "network.initial-weights", // a file
          "training.optimizer.tolerance"); // param tol, with solver l-bfgs

  @Test
  void everyKeyOfANetworkAndItsTrainingIsAHyperparameter() {
    var keys = new TreeSet<String>();
    keys("", reference(), keys);
    keys.removeIf(key -> !key.startsWith("network.") && !key.startsWith("training."));
    assertThat(keys).containsAll(JOBS_ONLY);
    keys.removeAll(JOBS_ONLY);
    assertThat(withAKey().map(Hyperparameter::key).filter(key -> !key.startsWith("data.")))
        .containsExactlyInAnyOrderElementsOf(keys);
  }
}
