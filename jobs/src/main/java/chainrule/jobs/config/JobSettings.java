package chainrule.jobs.config;

import chainrule.data.NumberEncoding;
import chainrule.data.Task;
import chainrule.math.KernelChoice;
import chainrule.nn.Activation;
import chainrule.nn.Initializer;
import chainrule.optim.GradientClipping;
import chainrule.params.Hyperparameters;
import chainrule.spark.EngineKind;
import chainrule.spark.read.ColumnChoice;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableSource;
import chainrule.train.settings.CheckpointPolicy;
import chainrule.train.settings.ClassWeights;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.OptimizerSettings;
import chainrule.train.settings.ScheduleSettings;
import chainrule.train.settings.Selection;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Makes the library's settings of a {@link Configuration}: the one place that knows which key means
 * what.
 */
public final class JobSettings {
  /** Names of the solvers' hyperparameters; in Spark ML the tolerance is param tol. */
  private static final List<String> OF_SOLVERS =
      Stream.concat(
              Hyperparameters.ofSolvers().stream().map(Hyperparameters::solverName),
              Stream.of("tolerance"))
          .toList();

  private final Configuration configuration;
  private final Setting<Integer> initialMembers;

  public JobSettings(Configuration configuration) {
    this(configuration, Setting.auto());
  }

  private JobSettings(Configuration configuration, Setting<Integer> initialMembers) {
    this.configuration = configuration;
    this.initialMembers = initialMembers;
  }

  /** Returns the settings of a training that starts from the weights of so many networks. */
  public JobSettings startingFrom(int members) {
    return new JobSettings(configuration, Setting.of(members));
  }

  /** Returns where the table of a key is, or no paths if the key is null. */
  public TableSource source(String key) {
    List<String> paths = new ArrayList<>();
    for (String path : configuration.texts(key)) {
      paths.add(DataPaths.resolve(path, configuration.file()));
    }
    try {
      return new TableSource(
          paths,
          configuration.text("data.format"),
          new TableSource.Csv(
              configuration.flag("data.csv.header"),
              configuration.text("data.csv.separator"),
              configuration.textOrEmpty("data.csv.null-value")));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(configuration.file() + ": " + e.getMessage());
    }
  }

  /** Returns which columns are labels, weight and features. */
  public ColumnChoice columns() {
    List<String> include = configuration.texts("data.features.include");
    Setting<ArrayList<String>> categorical =
        configuration.isGiven("data.features.categorical")
            ? Setting.of(new ArrayList<>(configuration.texts("data.features.categorical")))
            : Setting.auto();
    return new ColumnChoice(
        labels(),
        configuration.textOrEmpty("data.weight"),
        include.equals(List.of("*")) ? List.of() : include,
        configuration.texts("data.features.exclude"),
        categorical);
  }

  private List<String> labels() {
    List<String> labels = configuration.texts("data.label");
    if (labels.isEmpty() || labels.stream().distinct().count() < labels.size()) {
      throw configuration.invalid("data.label", "a column or a list of distinct columns");
    }
    return labels;
  }

  /** Returns what to do with rows that cannot be used. */
  public RowPolicy policy() {
    RowPolicy.Action missing = configuration.named("data.missing", RowPolicy.Action::of);
    RowPolicy.Action malformed = configuration.named("data.malformed", RowPolicy.Action::of);
    if (malformed == RowPolicy.Action.IMPUTE) {
      throw configuration.invalid("data.malformed", "refuse or drop");
    }
    return new RowPolicy(missing, malformed);
  }

  /** Returns which part of the rows is set aside for the test. */
  public double testFraction() {
    double fraction = configuration.number("data.test.fraction");
    if (!(fraction > 0 && fraction < 1)) {
      throw configuration.invalid("data.test.fraction", "> 0 and < 1, or null");
    }
    return fraction;
  }

  /** Returns when checkpoints are written. */
  public CheckpointPolicy checkpoints() {
    return new CheckpointPolicy(
        configuration.integer("checkpoint.every-epochs", 0),
        configuration.whole("checkpoint.every-steps", 0),
        notNegative("checkpoint.every-minutes"));
  }

  /** Returns how many of the last checkpoints stay. */
  public int keptCheckpoints() {
    return configuration.integer("checkpoint.keep", 1);
  }

  public Resume.Mode resume() {
    return configuration.named("checkpoint.resume", Resume.Mode::of);
  }

  /** Returns where the page of the run is served, if it is. */
  public Optional<ServeAddress> serve() {
    return configuration.has("output.serve")
        ? Optional.of(configuration.named("output.serve", ServeAddress::of))
        : Optional.empty();
  }

  public EngineKind engine() {
    return configuration.named("training.engine", EngineKind::of);
  }

  /** Returns the name of the kernels that run; auto is settled here. */
  public String kernels() {
    return configuration.named("training.blas", KernelChoice::resolve);
  }

  /** Returns everything a training needs but the data. */
  public TrainingSettings training() {
    try {
      return TrainingSettings.builder()
          .network(network())
          .optimizer(optimizer())
          .schedule(schedule())
          .task(choice("data.task", key -> configuration.named(key, Task::of)))
          .loss(choice("training.loss", configuration::text))
          .huberDelta(positive("training.huber-delta"))
          .labelSmoothing(choice("training.label-smoothing", this::fraction))
          .standardize(configuration.flag("data.features.standardize"))
          .encoding(
              choice("data.features.encoding", key -> configuration.named(key, NumberEncoding::of)))
          .embedAbove(configuration.integer("data.features.embed-above", 0))
          .standardizeLabel(configuration.flag("data.standardize-label"))
          .validationFraction(choice("data.validation.fraction", this::fraction))
          .batchSize(choice("training.batch-size", key -> configuration.integer(key, 1)))
          .epochs(choice("training.epochs", key -> configuration.integer(key, 1)))
          .seed(configuration.whole("training.seed", Long.MIN_VALUE))
          .selection(configuration.named("training.selection", JobSettings::selection))
          .refit(choice("training.refit", configuration::flag))
          .classWeights(classWeights())
          .l2(notNegative("training.l2"))
          .clipping(new GradientClipping(notNegative("training.clip-norm")))
          .patience(configuration.integer("training.early-stopping.patience", 0))
          .minDelta(notNegative("training.early-stopping.min-delta"))
          .shards(choice("training.shards", this::shards))
          .build();
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(configuration.file() + ": " + e.getMessage());
    }
  }

  private ClassWeights classWeights() {
    String key = "training.class-weights";
    if (!configuration.has(key)) {
      return ClassWeights.none();
    }
    return configuration.isText(key, "balanced")
        ? ClassWeights.ofBalance()
        : ClassWeights.of(configuration.numbers(key, "balanced, or a group of weights by class"));
  }

  private NetworkSettings network() {
    return new NetworkSettings(
            configuration.integers("network.hidden"),
            configuration.named("network.activation", Activation::of),
            choice("network.output-activation", key -> configuration.named(key, Activation::of)),
            choice("network.dropout", this::fraction),
            choice("network.initializer", key -> configuration.named(key, Initializer::of)))
        .withEnsembleSize(ensembleSize())
        .withEmbeddingSize(configuration.integer("network.embedding-size", 1))
        .withLayerNorm(configuration.flag("network.layer-norm"))
        .withResidual(configuration.flag("network.residual"));
  }

  /** Returns the size of the ensemble: that of the weights to start from, unless it is given. */
  private Setting<Integer> ensembleSize() {
    return configuration.isGiven("network.ensemble-size")
        ? Setting.of(configuration.integer("network.ensemble-size", 1))
        : initialMembers;
  }

  private OptimizerSettings optimizer() {
    Map<String, Double> hyperparameters = new TreeMap<>();
    for (String name : OF_SOLVERS) {
      String key = "training.optimizer." + name;
      if (configuration.isGiven(key)) {
        hyperparameters.put(name, configuration.number(key));
      }
    }
    return new OptimizerSettings(
        configuration.text("training.optimizer.type"),
        choice("training.optimizer.learning-rate", this::positive),
        hyperparameters);
  }

  private ScheduleSettings schedule() {
    String type = configuration.text("training.schedule.type");
    return new ScheduleSettings(
        type,
        choice("training.schedule.every", this::positive)
            .orElseGet(() -> ScheduleSettings.everyByDefault(type)),
        positive("training.schedule.factor"),
        notNegative("training.schedule.warmup"),
        choice("training.schedule.total", this::positive),
        notNegative("training.schedule.minimum"),
        configuration.named("training.schedule.unit", JobSettings::unit));
  }

  private <T extends Serializable> Setting<T> choice(String key, Function<String, T> reader) {
    return configuration.isGiven(key) ? Setting.of(reader.apply(key)) : Setting.auto();
  }

  private double positive(String key) {
    double value = configuration.number(key);
    if (!(value > 0)) {
      throw configuration.invalid(key, "> 0");
    }
    return value;
  }

  private double notNegative(String key) {
    double value = configuration.number(key);
    if (!(value >= 0)) {
      throw configuration.invalid(key, ">= 0");
    }
    return value;
  }

  private double fraction(String key) {
    double value = configuration.number(key);
    if (!(value >= 0 && value < 1)) {
      throw configuration.invalid(key, ">= 0 and < 1");
    }
    return value;
  }

  private int shards(String key) {
    int value = configuration.integer(key, 1);
    if (Integer.bitCount(value) != 1 || value > 65_536) {
      throw configuration.invalid(key, "auto or a power of two from 1 to 65536");
    }
    return value;
  }

  private static Selection selection(String name) {
    return constant(Selection.class, name, "auto or last");
  }

  private static ScheduleSettings.Unit unit(String name) {
    return constant(ScheduleSettings.Unit.class, name, "epochs or steps");
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String name, String rule) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("Invalid value: \"" + name + "\" (must be " + rule + ")");
  }
}
