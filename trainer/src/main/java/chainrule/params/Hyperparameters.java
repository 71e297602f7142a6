package chainrule.params;

import static chainrule.params.Hyperparameter.Type.DOUBLES;
import static chainrule.params.Hyperparameter.Type.INTS;
import static chainrule.params.Hyperparameter.Type.LONG;
import static chainrule.params.Hyperparameter.Type.TEXTS;
import static chainrule.params.Hyperparameter.decimal;
import static chainrule.params.Hyperparameter.flag;
import static chainrule.params.Hyperparameter.text;
import static chainrule.params.Hyperparameter.typed;
import static chainrule.params.Hyperparameter.whole;
import static chainrule.params.Range.above;
import static chainrule.params.Range.any;
import static chainrule.params.Range.atLeast;
import static chainrule.params.Range.between;
import static chainrule.params.Range.fraction;
import static chainrule.params.Range.oneOf;
import static chainrule.params.Range.positiveOrNone;
import static chainrule.params.Range.powerOfTwo;

import chainrule.data.Encoder;
import chainrule.data.NumberEncoding;
import chainrule.math.KernelChoice;
import chainrule.nn.Activation;
import chainrule.nn.Initializer;
import chainrule.nn.LabelKind;
import chainrule.nn.Network;
import chainrule.optim.Optimizers;
import chainrule.optim.Schedule;
import chainrule.spark.EngineKind;
import chainrule.train.settings.LossKeys;
import chainrule.train.settings.Recipe;
import chainrule.train.settings.ScheduleSettings;
import chainrule.train.settings.Selection;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every hyperparameter, described once.
 *
 * <p>To add one, write it here and in {@code conf/reference.conf}, read its value in {@code
 * EstimatorFit} and {@code JobSettings}, and regenerate what is made from this list as {@code
 * GeneratedParamsTest} says. Tests compare defaults with reference.conf and with the library's.
 *
 * <p>n is the number of rows of the training table.
 */
public final class Hyperparameters {
  private static final String OPTIMIZER = "training.optimizer.";
  private static final List<String> CLASSIFICATION =
      LossKeys.fitting(LabelKind.CLASSES, LabelKind.TWO_CLASSES);
  private static final List<String> REGRESSION = LossKeys.fitting(LabelKind.NUMBERS);
  private static final String LOSSES =
      "classification takes "
          + String.join(", ", CLASSIFICATION)
          + "; regression takes "
          + String.join(", ", REGRESSION);

  /** The hyperparameters of a network, in the order of the configuration. */
  private static final List<Hyperparameter> NETWORK =
      List.of(
          typed("hiddenLayers", "network.hidden", INTS, between(1, 65_536))
              .doc(
                  "number of units of each hidden layer, from the inputs on; empty for a linear or"
                      + " logistic regression")
              .withDefault(List.of(128, 64)),
          text(
                  "activation",
                  "network.activation",
                  oneOf(Arrays.stream(Activation.values()).map(Activation::key)))
              .doc("activation of the hidden layers; softmax is for the output layer only")
              .withDefault("silu"),
          text(
                  "outputActivation",
                  "network.output-activation",
                  oneOf(Arrays.stream(Activation.values()).map(Activation::key)))
              .doc("activation of the output layer; for loss half-mse only")
              .whenUnset("none"),
          decimal("dropout", "network.dropout", fraction())
              .doc("dropout rate after each hidden activation")
              .whenUnset("0.15 · min(1, 5000 / n); 0 with solver l-bfgs"),
          flag("layerNorm", "network.layer-norm")
              .doc("whether to normalize each hidden layer over its units, before the activation")
              .withDefault(false),
          flag("residual", "network.residual")
              .doc(
                  "whether to add the inputs of a hidden layer to its outputs, if both have"
                      + " the same size")
              .withDefault(false),
          whole("embeddingSize", "network.embedding-size", between(1, 1024))
              .doc("number of values that represent one value of an embedded category")
              .withDefault(Recipe.EMBEDDING_SIZE),
          text(
                  "initializer",
                  "network.initializer",
                  oneOf(Arrays.stream(Initializer.values()).map(Initializer::key)))
              .doc("distribution of the initial weights")
              .whenUnset("he or glorot, whichever suits the activation"),
          whole("ensembleSize", "network.ensemble-size", between(1, Network.MAXIMUM_MEMBERS))
              .doc("number of networks in the ensemble, whose predictions are averaged")
              .whenUnset("20,000 / n, from 1 to 8; 1 without hidden layers or with solver l-bfgs"));

  private static final List<Hyperparameter> LOSS =
      List.of(
          text(
                  "loss",
                  "training.loss",
                  oneOf(Stream.concat(CLASSIFICATION.stream(), REGRESSION.stream())))
              .doc("loss to minimize; " + LOSSES)
              .whenUnset(
                  "half-mse for regression, binary-cross-entropy for two classes or several labels,"
                      + " cross-entropy for more classes"),
          decimal("huberDelta", "training.huber-delta", above(0))
              .doc(
                  "error at which loss huber changes from quadratic to linear, in standard"
                      + " deviations of the label")
              .withDefault(1.0),
          decimal("labelSmoothing", "training.label-smoothing", fraction())
              .doc("label smoothing of classification, in the training loss only")
              .whenUnset(Double.toString(Recipe.LABEL_SMOOTHING)));

  /** A solver's hyperparameters have the names that its record has, after the group's. */
  private static final List<Hyperparameter> SOLVER =
      List.of(
          text(
                  "solver",
                  OPTIMIZER + "type",
                  oneOf(Stream.concat(Stream.of("l-bfgs"), Optimizers.solverKeys().stream())))
              .doc(
                  "optimizer; l-bfgs (or lbfgs) runs a line search over all rows in each iteration,"
                      + " and refuses stepSize, dropout, clipNorm, a schedule and a batchSize below"
                      + " n")
              .withDefault("adamw"),
          decimal("stepSize", OPTIMIZER + "learning-rate", above(0))
              .doc("learning rate of the first step")
              .whenUnset(SolverTexts.values(Optimizers.keys(), Optimizers::learningRate)),
          decimal("momentum", OPTIMIZER + "momentum", fraction())
              .doc("momentum of " + SolverTexts.having("momentum"))
              .whenUnset(SolverTexts.defaults("momentum")),
          decimal("beta1", OPTIMIZER + "beta1", fraction())
              .doc("decay rate of the mean gradient, for " + SolverTexts.having("beta1"))
              .whenUnset(SolverTexts.defaults("beta1")),
          decimal("beta2", OPTIMIZER + "beta2", fraction())
              .doc("decay rate of the mean squared gradient, for " + SolverTexts.having("beta2"))
              .whenUnset(SolverTexts.defaults("beta2")),
          decimal("rho", OPTIMIZER + "rho", fraction())
              .doc("decay rate of the mean squared gradient, for " + SolverTexts.having("rho"))
              .whenUnset(SolverTexts.defaults("rho")),
          decimal("epsilon", OPTIMIZER + "epsilon", above(0))
              .doc("number that is added to the solver's divisor, so that it is not 0")
              .whenUnset(SolverTexts.defaults("epsilon")),
          decimal("weightDecay", OPTIMIZER + "weight-decay", atLeast(0))
              .doc(
                  "decoupled weight decay of "
                      + SolverTexts.having("weight-decay")
                      + ", for weights but not biases")
              .whenUnset(SolverTexts.defaults("weight-decay")),
          whole("memory", OPTIMIZER + "memory", between(1, 100))
              .doc("number of past steps that solver l-bfgs remembers")
              .whenUnset("10"));

  private static final List<Hyperparameter> SCHEDULE =
      List.of(
          text("schedule", "training.schedule.type", oneOf(Schedule.KINDS.keys().stream()))
              .doc("learning-rate schedule")
              .withDefault("cosine"),
          decimal("scheduleEvery", "training.schedule.every", above(0))
              .doc(
                  "length in which schedules step and exponential multiply the learning"
                      + " rate by scheduleFactor, in scheduleUnit")
              .whenUnset("10 with step, 1 with exponential"),
          decimal("scheduleFactor", "training.schedule.factor", above(0))
              .doc("factor by which schedules step and exponential multiply the learning rate")
              .withDefault(0.5),
          decimal("scheduleWarmup", "training.schedule.warmup", atLeast(0))
              .doc(
                  "length of the rise of the learning rate in schedule warmup-cosine, in"
                      + " scheduleUnit")
              .withDefault(1.0),
          decimal("scheduleTotal", "training.schedule.total", above(0))
              .doc(
                  "length after which schedules cosine and warmup-cosine reach"
                      + " scheduleMinimum, in scheduleUnit")
              .whenUnset("the whole training"),
          decimal("scheduleMinimum", "training.schedule.minimum", atLeast(0))
              .doc("learning rate at which schedules cosine and warmup-cosine end")
              .withDefault(0.0),
          text("scheduleUnit", "training.schedule.unit", oneOf(ScheduleSettings.Unit.class))
              .doc("unit of the schedule's lengths")
              .withDefault("epochs"));

  private static final List<Hyperparameter> LOOP =
      List.of(
          whole("batchSize", "training.batch-size", above(0))
              .doc("number of rows in each mini-batch, over all tasks together")
              .whenUnset(
                  "2^round(log2(n / 24)) from 32 to 256, and 1024 from n = 100,000; all rows with"
                      + " solver l-bfgs"),
          whole("maxIter", "training.epochs", above(0))
              .doc("number of epochs, or of iterations of solver l-bfgs")
              .whenUnset("round(1e6 / n), from 30 to 100; 100 with solver l-bfgs"),
          typed("seed", "training.seed", LONG, any())
              .doc(
                  "seed of the initial weights, the order of rows, dropout and the choice of"
                      + " validation rows")
              .withDefault(1L),
          text("selection", "training.selection", oneOf(Selection.class))
              .doc(
                  "which epoch's weights are kept: auto, with the least validation loss averaged"
                      + " over "
                      + Recipe.SMOOTHED_EPOCHS
                      + " epochs; or last")
              .withDefault("auto"),
          flag("refit", "training.refit")
              .doc(
                  "whether to train again on all rows, including the validation rows, for the"
                      + " selected number of epochs")
              .whenUnset("true up to n = 20,000"),
          typed("classWeights", "training.class-weights", DOUBLES, atLeast(0))
              .doc("weight of each class's rows in training, class 0 first; metrics ignore it")
              .whenUnset("1 for each class"),
          flag("balancedClasses", "")
              .doc(
                  "whether to weight rows so that all classes count equally in training; in a"
                      + " configuration: training.class-weights = balanced")
              .withDefault(false),
          decimal("regParam", "training.l2", atLeast(0))
              .doc(
                  "L2 regularization, which adds regParam · w to the gradient of weights but not"
                      + " biases")
              .withDefault(0.0),
          decimal("clipNorm", "training.clip-norm", atLeast(0))
              .doc("maximum norm of the whole gradient; 0 for no clipping")
              .withDefault(0.0),
          whole("patience", "training.early-stopping.patience", atLeast(0))
              .doc(
                  "number of epochs without a better validation loss after which training"
                      + " stops; 0 for no early stopping")
              .withDefault(0),
          decimal("tol", "training.early-stopping.min-delta", atLeast(0))
              .doc(
                  "decrease of the validation loss that early stopping requires to count it"
                      + " as better; with solver l-bfgs, relative decrease of the training loss"
                      + " at which training has converged, 1e-6 unless tol is set")
              .withDefault(0.0),
          whole("shards", "training.shards", powerOfTwo(65_536))
              .doc(
                  "number of logical shards; results depend on it, but not on partitions,"
                      + " tasks or executors")
              .whenUnset(
                  "one for every 128 to 256 rows of a mini-batch, at least 2; at most 16 with"
                      + " solver l-bfgs"),
          text("engine", "training.engine", oneOf(EngineKind.class))
              .doc(
                  "how gradients are computed: gang, in long-lived tasks; tree, in a Spark job for"
                      + " each step; auto, gang if its tasks find slots")
              .withDefault("auto"),
          text("blas", "training.blas", oneOf(Stream.of(KernelChoice.AUTO, "openblas", "java")))
              .doc(
                  "matrix kernels: openblas, native; java, slower, with the same bits on every"
                      + " machine; auto, openblas if it can be loaded")
              .withDefault("auto"));

  private static final Hyperparameter STANDARDIZATION =
      flag("standardization", "data.features.standardize")
          .doc(
              "whether to scale numbers to mean 0 and standard deviation 1 over the"
                  + " training rows, with outliers clipped smoothly; ignored for vectors made"
                  + " by TabularEncoder")
          .withDefault(true);

  private static final Hyperparameter NUMBER_ENCODING =
      text(
              "numberEncoding",
              "data.features.encoding",
              oneOf(Arrays.stream(NumberEncoding.values()).map(NumberEncoding::key)))
          .doc(
              "how numbers become inputs: plain, one input each; piecewise-linear, one more for"
                  + " each bin between quantiles")
          .whenUnset("piecewise-linear up to 384 numbers if standardization is true, else plain");

  private static final List<Hyperparameter> DATA =
      List.of(
          STANDARDIZATION,
          NUMBER_ENCODING,
          whole("embedAbove", "data.features.embed-above", between(0, 65_536))
              .doc(
                  "largest number of distinct values with which a category is one-hot"
                      + " encoded; a category with more is embedded, as is each index in vectors"
                      + " made by TabularEncoder")
              .withDefault(Encoder.EMBED_ABOVE),
          flag("standardizeLabel", "data.standardize-label")
              .doc(
                  "whether to train a regression on the label scaled to mean 0 and standard"
                      + " deviation 1; predictions and metrics keep the label's unit")
              .withDefault(true),
          decimal("validationFraction", "data.validation.fraction", fraction())
              .doc(
                  "fraction of the rows that are used as validation rows, which decide the"
                      + " epoch to keep")
              .whenUnset("0.15, 0.1 from n = 40,000, 0 below n = 20"),
          text("validationIndicatorCol", "", any())
              .doc("boolean column that is true for validation rows; replaces validationFraction")
              .whenUnset("validationFraction applies"),
          text("weightCol", "data.weight", any())
              .doc("column of row weights")
              .whenUnset("each row has weight 1"),
          text("checkpointPath", "", any())
              .doc(
                  "folder for checkpoints, in any Hadoop file system; a stopped fit resumes from"
                      + " its newest checkpoint if it runs again with the same params and rows")
              .whenUnset("no checkpoints"),
          whole("checkpointInterval", "", positiveOrNone())
              .doc(
                  "number of epochs from one checkpoint to the next; some are skipped if writing"
                      + " would take more than a tenth of the time")
              .withDefault(1));

  /** Those of the estimators that train networks, and of their models. */
  public static final List<Hyperparameter> TRAINING =
      Stream.of(NETWORK, LOSS, SOLVER, SCHEDULE, LOOP, DATA).flatMap(List::stream).toList();

  /** The columns of the multi-label classifier, which Spark ML has no base class for. */
  public static final List<Hyperparameter> MULTI_LABEL =
      List.of(
          column("featuresCol", "column of feature vectors", "features"),
          column(
              "labelCol",
              "column of vectors with one element for each label: 1 if the row has it, else 0",
              "label"),
          column(
              "probabilityCol",
              "output column of vectors with the probability of each label; empty: none",
              "probability"),
          column(
              "predictionCol",
              "output column of arrays with the indices, from 0, of labels with a probability above"
                  + " 0.5, as MultilabelClassificationEvaluator expects them; empty: none",
              "prediction"));

  /** Those of the encoder of tables. */
  public static final List<Hyperparameter> TABULAR =
      List.of(
          columns("inputCols", "columns to encode").whenUnset("all except excludedCols"),
          columns(
                  "excludedCols",
                  "columns that are not encoded if inputCols is unset, such as the label")
              .withDefault(List.of()),
          columns("categoricalCols", "columns that are categories even if their values are numbers")
              .whenUnset("text and boolean columns"),
          column("outputCol", "output column of vectors", "features"),
          flag("standardization", "")
              .doc(
                  "whether to scale numbers to mean 0 and standard deviation 1 over the"
                      + " rows of the fit, with outliers clipped smoothly")
              .withDefault(true),
          text("numberEncoding", "", NUMBER_ENCODING.range())
              .doc(NUMBER_ENCODING.doc())
              .whenUnset(NUMBER_ENCODING.whenUnset()),
          whole("embedAbove", "", between(0, 65_536))
              .doc(
                  "largest number of distinct values with which a category is one-hot"
                      + " encoded; a category with more becomes one element, an index with a"
                      + " nominal attribute")
              .withDefault(Encoder.EMBED_ABOVE));

  private Hyperparameters() {}

  private static Hyperparameter column(String param, String doc, String name) {
    return text(param, "", any()).doc(doc).withDefault(name);
  }

  private static Hyperparameter columns(String param, String doc) {
    return typed(param, "", TEXTS, any()).doc(doc);
  }

  /**
   * Returns those that only some solvers have, such as momentum: all of the optimizer but its type
   * and learning rate.
   */
  public static List<Hyperparameter> ofSolvers() {
    return SOLVER.subList(2, SOLVER.size());
  }

  /** Returns the name of a solver's hyperparameter among the solver's, such as weight-decay. */
  public static String solverName(Hyperparameter hyperparameter) {
    return hyperparameter.key().substring(OPTIMIZER.length());
  }
}
