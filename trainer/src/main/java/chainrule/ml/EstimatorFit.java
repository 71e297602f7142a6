package chainrule.ml;

import chainrule.data.InvalidDataException;
import chainrule.data.NumberEncoding;
import chainrule.data.Task;
import chainrule.math.KernelChoice;
import chainrule.nn.Activation;
import chainrule.nn.Initializer;
import chainrule.optim.GradientClipping;
import chainrule.params.Hyperparameter;
import chainrule.params.Hyperparameters;
import chainrule.spark.EngineKind;
import chainrule.spark.MetricsPlugin;
import chainrule.spark.ShardedTable;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.CheckpointPolicy;
import chainrule.train.settings.ClassWeights;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.OptimizerSettings;
import chainrule.train.settings.ScheduleSettings;
import chainrule.train.settings.Selection;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.TableSummary;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.MetadataUtils;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * The estimators' {@code fit}: makes settings of the params and a table of the Dataset, and trains.
 */
final class EstimatorFit {
  /** The limit of Spark ML's other classifiers for labels without metadata. */
  private static final int MAXIMUM_CLASSES = TableSummary.MAXIMUM_CLASSES;

  private final ChainruleParams params;
  private final String features;
  private final String label;
  private final Task task;

  EstimatorFit(ChainruleParams params, String features, String label, Task task) {
    this.params = params;
    this.features = features;
    this.label = label;
    this.task = task;
  }

  /**
   * Trains.
   *
   * @throws InvalidDataException if the rows cannot be trained on
   * @throws IllegalArgumentException if {@code checkpointPath} cannot be written
   */
  Trainer.Outcome train(Dataset<?> dataset) {
    return train(dataset, MetricsPlugin.listener());
  }

  /** Trains and notifies a listener. */
  Trainer.Outcome train(Dataset<?> dataset, TrainingListener listener) {
    Optional<FitCheckpoints> checkpoints = checkpoints(dataset.sparkSession());
    boolean encoded = TabularColumns.areEncoded(dataset.schema().apply(features));
    TrainingSettings settings = settings(encoded);
    ShardedTable table = table(dataset, settings.seed());
    var trainer = new Trainer(settings, listener);
    return checkpoints
        .map(kept -> kept.train(trainer, table))
        .orElseGet(() -> trainer.train(table));
  }

  /** Returns the folder for checkpoints; empty if checkpoints are off. */
  private Optional<FitCheckpoints> checkpoints(SparkSession session) {
    String path =
        params.isDefined(params.checkpointPath()) ? params.getCheckpointPath().strip() : "";
    int interval = params.getCheckpointInterval();
    return path.isEmpty() || interval < 0
        ? Optional.empty()
        : Optional.of(
            FitCheckpoints.in(
                path,
                session.sessionState().newHadoopConf(),
                new CheckpointPolicy(interval, 0, 0),
                KernelChoice.resolve(params.getBlas())));
  }

  private ShardedTable table(Dataset<?> dataset, long seed) {
    Dataset<Row> rows = dataset.toDF();
    ShardedTable table;
    if (params.isDefined(params.validationIndicatorCol())
        && !params.getValidationIndicatorCol().isEmpty()) {
      Column held = held(rows);
      table = table(rows.filter(functions.not(held))).withHeldOut(table(rows.filter(held)));
    } else {
      table = table(rows);
    }
    if (task == Task.CLASSIFICATION) {
      table =
          table.withClasses(
              LabelColumn.isOfSeveral(dataset.schema().apply(label))
                  ? twoClasses(table)
                  : classes(table, dataset.schema().apply(label), seed));
    }
    return table;
  }

  private Column held(Dataset<Row> rows) {
    String name = params.getValidationIndicatorCol();
    StructField field = rows.schema().apply(name);
    if (!field.dataType().equals(DataTypes.BooleanType)) {
      throw new InvalidDataException(
          String.format(
              "%s: Invalid validation indicator: its type is %s (must be boolean)",
              name, field.dataType().simpleString()));
    }
    return functions.coalesce(rows.col('`' + name + '`'), functions.lit(false));
  }

  private ShardedTable table(Dataset<Row> rows) {
    String weight = params.isDefined(params.weightCol()) ? params.getWeightCol() : "";
    int shards = params.isDefined(params.shards()) ? params.getShards() : 1;
    return ShardedTable.of(
        rows.sparkSession(),
        VectorRows.of(rows, features, label, weight),
        shards,
        EngineKind.of(params.getEngine()),
        params.getBlas());
  }

  /** Returns the classes of each of several labels. */
  private List<String> twoClasses(ShardedTable table) {
    if (table.schema().labels().size() == 1) {
      throw new InvalidDataException(
          label
              + ": Invalid label: vectors of 1 element (must have two or more; use"
              + " ChainruleClassifier for one label)");
    }
    return List.of("0", "1");
  }

  /**
   * Returns the classes 0, 1, …, as many as the label's metadata has, or else up to the greatest
   * label.
   */
  private static List<String> classes(ShardedTable table, StructField label, long seed) {
    List<String> found = table.summary(seed).labels().get(0).classes();
    for (String name : found) {
      if (!name.matches("\\d{1,9}")) {
        throw new InvalidDataException(
            String.format(
                "%s: Invalid label: %s (must be a class: 0, 1, 2 …; StringIndexer makes them)",
                label.name(), name));
      }
    }
    scala.Option<Object> known = MetadataUtils.getNumClasses(label);
    int count =
        known.isDefined()
            ? (Integer) known.get()
            : 1 + found.stream().mapToInt(Integer::parseInt).max().orElse(-1);
    if (count > MAXIMUM_CLASSES) {
      throw new InvalidDataException(
          String.format(
              "%s: Invalid label: %d (must be below %d; StringIndexer makes labels without gaps)",
              label.name(), count - 1, MAXIMUM_CLASSES));
    }
    return IntStream.range(0, Math.max(2, count)).mapToObj(Integer::toString).toList();
  }

  /**
   * Returns the params as settings.
   *
   * @param encoded whether {@link TabularEncoder} made the vectors, which are then taken unchanged
   */
  TrainingSettings settings(boolean encoded) {
    boolean standardizes = params.getStandardization() && !encoded;
    Setting<NumberEncoding> encoding =
        encoded
            ? Setting.of(NumberEncoding.PLAIN)
            : choice(params.numberEncoding(), NumberEncoding::of);
    return TrainingSettings.builder()
        .task(Setting.of(task))
        .network(network())
        .optimizer(optimizer())
        .schedule(schedule())
        .loss(choice(params.loss(), Function.identity()))
        .huberDelta(params.getHuberDelta())
        .labelSmoothing(number(params.labelSmoothing()))
        .standardize(standardizes)
        .encoding(encoding)
        .embedAbove(encoded ? 0 : params.getEmbedAbove())
        .standardizeLabel(params.getStandardizeLabel())
        .validationFraction(number(params.validationFraction()))
        .batchSize(choice(params.batchSize(), Integer.class::cast))
        .epochs(choice(params.maxIter(), Integer.class::cast))
        .seed(params.getSeed())
        .selection(Selection.valueOf(params.getSelection().toUpperCase(Locale.ROOT)))
        .refit(choice(params.refit(), Boolean.class::cast))
        .classWeights(classWeights())
        .l2(params.getRegParam())
        .clipping(new GradientClipping(params.getClipNorm()))
        .patience(params.getPatience())
        .minDelta(optimizer().isFullBatch() ? 0 : params.getTol())
        .shards(choice(params.shards(), Integer.class::cast))
        .build();
  }

  private ClassWeights classWeights() {
    Map<String, Double> given = new TreeMap<>();
    if (params.isDefined(params.classWeights())) {
      double[] weights = params.getClassWeights();
      for (int i = 0; i < weights.length; i++) {
        given.put(Integer.toString(i), weights[i]);
      }
    }
    return new ClassWeights(params.getBalancedClasses(), given);
  }

  private NetworkSettings network() {
    return new NetworkSettings(
            Arrays.stream(params.getHiddenLayers()).boxed().toList(),
            Activation.of(params.getActivation()),
            choice(params.outputActivation(), Activation::of),
            number(params.dropout()),
            choice(params.initializer(), Initializer::of))
        .withEnsembleSize(choice(params.ensembleSize(), Integer.class::cast))
        .withEmbeddingSize(params.getEmbeddingSize())
        .withLayerNorm(params.getLayerNorm())
        .withResidual(params.getResidual());
  }

  private OptimizerSettings optimizer() {
    Map<String, Double> hyperparameters = new TreeMap<>();
    for (Hyperparameter described : Hyperparameters.ofSolvers()) {
      Param<Object> param = params.getParam(described.param());
      if (params.isDefined(param)) {
        var value = (Number) params.getOrDefault(param);
        hyperparameters.put(Hyperparameters.solverName(described), value.doubleValue());
      }
    }
    Setting<Double> rate = number(params.stepSize());
    var optimizer = new OptimizerSettings(params.getSolver(), rate, hyperparameters);
    // As in MLlib's perceptron; with the other solvers, tol belongs to early stopping.
    if (optimizer.isFullBatch() && params.isSet(params.tol())) {
      hyperparameters.put("tolerance", params.getTol());
    }
    return new OptimizerSettings(params.getSolver(), rate, hyperparameters);
  }

  private ScheduleSettings schedule() {
    return new ScheduleSettings(
        params.getSchedule(),
        params.isDefined(params.scheduleEvery())
            ? params.getScheduleEvery()
            : ScheduleSettings.everyByDefault(params.getSchedule()),
        params.getScheduleFactor(),
        params.getScheduleWarmup(),
        number(params.scheduleTotal()),
        params.getScheduleMinimum(),
        ScheduleSettings.Unit.valueOf(params.getScheduleUnit().toUpperCase(Locale.ROOT)));
  }

  private Setting<Double> number(Param<Object> param) {
    return choice(param, Double.class::cast);
  }

  private <T, U extends Serializable> Setting<U> choice(Param<T> param, Function<T, U> reader) {
    return params.isDefined(param)
        ? Setting.of(reader.apply(params.getOrDefault(param)))
        : Setting.auto();
  }
}
