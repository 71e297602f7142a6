package chainrule.ml;

import chainrule.data.Encoder;
import chainrule.data.NumberEncoding;
import chainrule.nn.Activation;
import chainrule.nn.Initializer;
import chainrule.nn.LabelKind;
import chainrule.nn.Loss;
import chainrule.nn.Network;
import chainrule.optim.Optimizers;
import chainrule.optim.Schedule;
import chainrule.train.settings.LossKeys;
import chainrule.train.settings.Recipe;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import scala.Function1;
import scala.runtime.AbstractFunction1;

/**
 * The params of {@link ChainruleParams} for one object that has them: Spark ML's traits keep params
 * in fields, which an interface of Java has none of. For the classes of this package alone.
 */
public final class TrainingParams implements Serializable {
  private static final long serialVersionUID = 1;

  final IntArrayParam hiddenLayers;
  final Param<String> activation;
  final Param<String> outputActivation;
  final DoubleParam dropout;
  final Param<String> initializer;
  final IntParam embeddingSize;
  final BooleanParam layerNorm;
  final BooleanParam residual;
  final Param<String> loss;
  final DoubleParam huberDelta;
  final DoubleParam labelSmoothing;
  final Param<String> solver;
  final DoubleParam stepSize;
  final DoubleParam momentum;
  final DoubleParam beta1;
  final DoubleParam beta2;
  final DoubleParam rho;
  final DoubleParam epsilon;
  final DoubleParam weightDecay;
  final IntParam memory;
  final Param<String> schedule;
  final DoubleParam scheduleEvery;
  final DoubleParam scheduleFactor;
  final DoubleParam scheduleWarmup;
  final DoubleParam scheduleTotal;
  final DoubleParam scheduleMinimum;
  final Param<String> scheduleUnit;
  final IntParam maxIter;
  final IntParam batchSize;
  final LongParam seed;
  final Param<String> selection;
  final BooleanParam refit;
  final IntParam ensembleSize;
  final DoubleArrayParam classWeights;
  final BooleanParam balancedClasses;
  final DoubleParam regParam;
  final DoubleParam clipNorm;
  final IntParam patience;
  final DoubleParam tol;
  final BooleanParam standardization;
  final Param<String> numberEncoding;
  final IntParam embedAbove;
  final BooleanParam standardizeLabel;
  final DoubleParam validationFraction;
  final Param<String> validationIndicatorCol;
  final Param<String> weightCol;
  final Param<String> checkpointPath;
  final IntParam checkpointInterval;
  final IntParam shards;
  final Param<String> engine;
  final Param<String> blas;

  TrainingParams(Params owner) {
    hiddenLayers =
        new IntArrayParam(
            owner,
            "hiddenLayers",
            "sizes of the hidden layers, from the input on; none for a linear or logistic "
                + "regression",
            check(
                values ->
                    Arrays.stream((int[]) values).allMatch(units -> units > 0 && units <= 65_536)));
    activation =
        new Param<>(
            owner,
            "activation",
            "activation of the hidden layers: "
                + listed(
                    Arrays.stream(Activation.values())
                        .filter(Activation::isElementwise)
                        .map(Activation::key)
                        .toList()),
            oneOf(Activation.keys()));
    outputActivation =
        new Param<>(
            owner,
            "outputActivation",
            "activation of the last layer, with loss half-mse; unset: none",
            oneOf(Activation.keys()));
    dropout =
        new DoubleParam(
            owner,
            "dropout",
            "rate of dropout after each hidden activation (>= 0, < 1); unset: by the number "
                + "of rows",
            ParamValidators.inRange(0, 1, true, false));
    initializer =
        new Param<>(
            owner,
            "initializer",
            "initial weights: he, glorot or normal; unset: as suits the activation",
            oneOf(Initializer.values(), Initializer::key));
    ensembleSize =
        new IntParam(
            owner,
            "ensembleSize",
            "how many networks are trained side by side and averaged (1 to 256); unset: by the "
                + "number of rows",
            ParamValidators.inRange(1, Network.MAXIMUM_MEMBERS));
    embeddingSize =
        new IntParam(
            owner,
            "embeddingSize",
            "how many numbers stand for a value of an embedded category (1 to 1024)",
            ParamValidators.inRange(1, 1024));
    layerNorm =
        new BooleanParam(
            owner,
            "layerNorm",
            "whether each hidden layer is normalized over its units before its activation");
    residual =
        new BooleanParam(
            owner,
            "residual",
            "whether a hidden layer as wide as the one before it adds to that one's outputs");
    loss =
        new Param<>(
            owner,
            "loss",
            "what is minimized; classification: "
                + listed(LossKeys.fitting(LabelKind.CLASSES, LabelKind.TWO_CLASSES))
                + "; regression: "
                + listed(LossKeys.fitting(LabelKind.NUMBERS))
                + "; unset: the first that suits the label",
            oneOf(Loss.KINDS.keys()));
    huberDelta =
        new DoubleParam(
            owner,
            "huberDelta",
            "where loss huber turns from a square to a line, in deviations of the label (> 0)",
            ParamValidators.gt(0));
    labelSmoothing =
        new DoubleParam(
            owner,
            "labelSmoothing",
            "label smoothing of a classification's training loss (>= 0, < 1); unset: 0.1",
            ParamValidators.inRange(0, 1, true, false));
    solver =
        new Param<>(
            owner,
            "solver",
            "optimizer: "
                + listed(Optimizers.keys())
                + "; or l-bfgs (or lbfgs), which searches along a line over all rows in each of its iterations, 100 unless "
                + "maxIter is set, and has no stepSize, batchSize, dropout, clipNorm or schedule",
            oneOf(
                Stream.concat(Stream.of("l-bfgs"), Optimizers.solverKeys().stream())
                    .toArray(String[]::new)));
    stepSize =
        new DoubleParam(
            owner,
            "stepSize",
            "learning rate (> 0); unset: as suits the solver",
            ParamValidators.gt(0));
    momentum =
        new DoubleParam(
            owner,
            "momentum",
            "momentum of solvers momentum and nesterov (>= 0, < 1); unset: 0.9",
            ParamValidators.inRange(0, 1, true, false));
    beta1 =
        new DoubleParam(
            owner,
            "beta1",
            "decay of the mean gradient, "
                + solvers("beta1")
                + " (>= 0, < 1); unset: "
                + defaults("beta1"),
            ParamValidators.inRange(0, 1, true, false));
    beta2 =
        new DoubleParam(
            owner,
            "beta2",
            "decay of the mean squared gradient, "
                + solvers("beta2")
                + " (>= 0, < 1); unset: "
                + defaults("beta2"),
            ParamValidators.inRange(0, 1, true, false));
    rho =
        new DoubleParam(
            owner,
            "rho",
            "decay of the mean squared gradient, solver rmsprop (>= 0, < 1); unset: 0.99",
            ParamValidators.inRange(0, 1, true, false));
    epsilon =
        new DoubleParam(
            owner,
            "epsilon",
            "what keeps the solver's divisor from 0 (> 0); unset: as suits the solver",
            ParamValidators.gt(0));
    weightDecay =
        new DoubleParam(
            owner,
            "weightDecay",
            "decoupled weight decay of "
                + solvers("weight-decay")
                + " (>= 0); unset: as suits the solver, 0.3 with adamw",
            ParamValidators.gtEq(0));
    memory =
        new IntParam(
            owner,
            "memory",
            "steps that solver l-bfgs remembers (1 to 100); unset: 10",
            ParamValidators.inRange(1, 100));
    schedule =
        new Param<>(
            owner,
            "schedule",
            "learning rate by the step: " + listed(Schedule.KINDS.keys()),
            oneOf(Schedule.KINDS.keys()));
    scheduleEvery =
        new DoubleParam(
            owner,
            "scheduleEvery",
            "after how long schedules step and exponential lower the rate, in scheduleUnit (> 0); "
                + "unset: 10 with step, 1 with exponential",
            ParamValidators.gt(0));
    scheduleFactor =
        new DoubleParam(
            owner,
            "scheduleFactor",
            "by what schedules step and exponential multiply the rate (> 0)",
            ParamValidators.gt(0));
    scheduleWarmup =
        new DoubleParam(
            owner,
            "scheduleWarmup",
            "how long schedule warmup-cosine raises the rate first, in scheduleUnit (>= 0)",
            ParamValidators.gtEq(0));
    scheduleTotal =
        new DoubleParam(
            owner,
            "scheduleTotal",
            "how long a cosine goes down, in scheduleUnit (> 0); unset: the whole training",
            ParamValidators.gt(0));
    scheduleMinimum =
        new DoubleParam(
            owner,
            "scheduleMinimum",
            "rate to which a cosine goes down (>= 0)",
            ParamValidators.gtEq(0));
    scheduleUnit =
        new Param<>(
            owner,
            "scheduleUnit",
            "unit of the schedule's lengths: epochs or steps",
            oneOf("epochs", "steps"));
    maxIter =
        new IntParam(
            owner,
            "maxIter",
            "epochs: passes over the training rows (> 0); unset: by the number of rows",
            ParamValidators.gt(0));
    batchSize =
        new IntParam(
            owner,
            "batchSize",
            "rows of a mini-batch, of all tasks together (> 0); unset: by the number of rows",
            ParamValidators.gt(0));
    seed =
        new LongParam(
            owner, "seed", "seed of initial weights, order of rows, dropout and held-out rows");
    selection =
        new Param<>(
            owner,
            "selection",
            "which pass's weights are kept: auto (the least smoothed validation loss) or last",
            oneOf("auto", "last"));
    refit =
        new BooleanParam(
            owner,
            "refit",
            "whether to train again on all rows for the number of passes that was chosen; "
                + "unset: by the number of rows");
    classWeights =
        new DoubleArrayParam(
            owner,
            "classWeights",
            "by how much the rows of each class count in training, class 0 first (>= 0); unset: all"
                + " the same",
            check(values -> Arrays.stream((double[]) values).allMatch(weight -> weight >= 0)));
    balancedClasses =
        new BooleanParam(
            owner,
            "balancedClasses",
            "whether each class counts as much as any other in training, however few its rows are");
    regParam =
        new DoubleParam(
            owner,
            "regParam",
            "L2: adds regParam · w to the gradient of weights, not of biases (>= 0)",
            ParamValidators.gtEq(0));
    clipNorm =
        new DoubleParam(
            owner,
            "clipNorm",
            "greatest norm of the gradient (>= 0); 0: any",
            ParamValidators.gtEq(0));
    patience =
        new IntParam(
            owner,
            "patience",
            "early stopping: epochs without a better validation loss after which training "
                + "ends (>= 0); 0: never",
            ParamValidators.gtEq(0));
    tol =
        new DoubleParam(
            owner,
            "tol",
            "early stopping: by how much the validation loss must fall to count as better (>= "
                + "0); of solver l-bfgs: the relative decrease of the training loss at which it has "
                + "converged, 1e-6 unless set",
            ParamValidators.gtEq(0));
    standardization =
        new BooleanParam(
            owner,
            "standardization",
            "whether numbers are brought to mean 0 and deviation 1 of the training rows; "
                + "vectors of TabularEncoder are taken as they are");
    numberEncoding =
        new Param<>(
            owner,
            "numberEncoding",
            "inputs of a number: plain or piecewise-linear; unset: piecewise-linear up to 384 "
                + "numbers if standardization is on",
            oneOf(NumberEncoding.values(), NumberEncoding::key));
    embedAbove =
        new IntParam(
            owner,
            "embedAbove",
            "a category of more distinct values than this is embedded, others are one-hot (0 to"
                + " 65536); in vectors of TabularEncoder all that are indices are",
            ParamValidators.inRange(0, 65_536));
    standardizeLabel =
        new BooleanParam(
            owner,
            "standardizeLabel",
            "whether a regression's label is brought to mean 0 and deviation 1 for training");
    validationFraction =
        new DoubleParam(
            owner,
            "validationFraction",
            "which part of the rows is held out to choose the pass (>= 0, < 1); unset: by the "
                + "number of rows",
            ParamValidators.inRange(0, 1, true, false));
    validationIndicatorCol =
        new Param<>(
            owner,
            "validationIndicatorCol",
            "column that says of each row whether it is held out for validation, instead of "
                + "validationFraction");
    weightCol =
        new Param<>(
            owner, "weightCol", "column of row weights; unset or empty: every row weighs 1");
    checkpointPath =
        new Param<>(
            owner,
            "checkpointPath",
            "folder for checkpoints, in any file system of Hadoop: a fit that was stopped goes on "
                + "from its newest when it is run again with the same params and rows; unset or "
                + "empty: none");
    checkpointInterval =
        new IntParam(
            owner,
            "checkpointInterval",
            "epochs from one checkpoint in checkpointPath to the next (>= 1), where writing takes "
                + "a tenth of the time at most; -1: none",
            check(value -> (Integer) value == -1 || (Integer) value >= 1));
    shards =
        new IntParam(
            owner,
            "shards",
            "logical shards, a power of two up to 65536; unset: by the size of the mini-batch",
            check(value -> Integer.bitCount((Integer) value) == 1 && (Integer) value <= 65_536));
    engine =
        new Param<>(
            owner,
            "engine",
            "auto, tree (a Spark job a step) or gang (long-lived tasks for all steps)",
            oneOf("auto", "tree", "gang"));
    blas =
        new Param<>(
            owner, "blas", "kernels: auto, openblas or java", oneOf("auto", "openblas", "java"));
  }

  /** Returns the defaults of those that have one. */
  ParamMap defaults() {
    var defaults = new ParamMap();
    defaults.put(hiddenLayers, new int[] {128, 64});
    defaults.put(activation, "silu");
    defaults.put(embeddingSize, Recipe.EMBEDDING_SIZE);
    defaults.put(layerNorm, false);
    defaults.put(residual, false);
    defaults.put(huberDelta, 1.0);
    defaults.put(solver, "adamw");
    defaults.put(schedule, "cosine");
    defaults.put(scheduleFactor, 0.5);
    defaults.put(scheduleWarmup, 1.0);
    defaults.put(scheduleMinimum, 0.0);
    defaults.put(scheduleUnit, "epochs");
    defaults.put(seed, 1L);
    defaults.put(selection, "auto");
    defaults.put(balancedClasses, false);
    defaults.put(regParam, 0.0);
    defaults.put(clipNorm, 0.0);
    defaults.put(patience, 0);
    defaults.put(tol, 0.0);
    defaults.put(standardization, true);
    defaults.put(embedAbove, Encoder.EMBED_ABOVE);
    defaults.put(standardizeLabel, true);
    defaults.put(checkpointInterval, 1);
    defaults.put(engine, "auto");
    defaults.put(blas, "auto");
    return defaults;
  }

  private interface Predicate extends Serializable {
    boolean test(Object value);
  }

  private static <T> Function1<T, Object> check(Predicate condition) {
    return new Condition<>(condition);
  }

  private static Function1<String, Object> oneOf(String... keys) {
    return ParamValidators.inArray(keys);
  }

  private static Function1<String, Object> oneOf(List<String> keys) {
    return oneOf(keys.toArray(String[]::new));
  }

  /** Returns as text which solvers have a hyperparameter: solvers a, b and c. */
  private static String solvers(String hyperparameter) {
    return "solvers " + String.join(" and ", Optimizers.having(hyperparameter));
  }

  /** Returns a hyperparameter's defaults as text: 0.9, or 0.99 (lion). */
  private static String defaults(String hyperparameter) {
    Map<Double, List<String>> byValue =
        Optimizers.having(hyperparameter).stream()
            .collect(
                Collectors.groupingBy(
                    key -> Optimizers.defaults(key).get(hyperparameter),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return byValue.entrySet().stream()
        .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
        .collect(Collectors.joining(", "));
  }

  /** Returns keys as text: a, b or c. */
  private static String listed(List<String> keys) {
    int last = keys.size() - 1;
    return String.join(", ", keys.subList(0, last)) + " or " + keys.get(last);
  }

  private static <E> Function1<String, Object> oneOf(E[] values, Function<E, String> key) {
    return oneOf(Arrays.stream(values).map(key).toArray(String[]::new));
  }

  /** A condition as Scala has it. */
  private static final class Condition<T> extends AbstractFunction1<T, Object>
      implements Serializable {
    private static final long serialVersionUID = 1;

    private final Predicate condition;

    Condition(Predicate condition) {
      this.condition = condition;
    }

    @Override
    public Object apply(T value) {
      return condition.test(value);
    }
  }
}
