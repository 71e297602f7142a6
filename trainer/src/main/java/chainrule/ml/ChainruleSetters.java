// Generated from chainrule.params.Hyperparameters by GeneratedParamsTest; do not edit.
package chainrule.ml;

/**
 * The setters of {@link ChainruleParams}.
 *
 * @param <E> the estimator, which each setter returns
 */
@SuppressWarnings("unchecked") // set returns this, an E
public interface ChainruleSetters<E> extends ChainruleParams {
  /**
   * Number of units of each hidden layer, from the inputs on; empty for a linear or logistic
   * regression (each from 1 to 65536).
   */
  default E setHiddenLayers(int[] value) {
    return (E) set(hiddenLayers(), value);
  }

  /**
   * Activation of the hidden layers; softmax is for the output layer only (one of relu, leaky-relu,
   * elu, gelu, gelu-tanh, silu, softplus, mish, tanh, sigmoid, identity, softmax).
   */
  default E setActivation(String value) {
    return (E) set(activation(), value);
  }

  /**
   * Activation of the output layer; for loss half-mse only (one of relu, leaky-relu, elu, gelu,
   * gelu-tanh, silu, softplus, mish, tanh, sigmoid, identity, softmax); unset: none.
   */
  default E setOutputActivation(String value) {
    return (E) set(outputActivation(), value);
  }

  /**
   * Dropout rate after each hidden activation (&gt;= 0 and &lt; 1); unset: 0.15 · min(1, 5000 / n);
   * 0 with solver l-bfgs.
   */
  default E setDropout(double value) {
    return (E) set(dropout(), value);
  }

  /** Whether to normalize each hidden layer over its units, before the activation. */
  default E setLayerNorm(boolean value) {
    return (E) set(layerNorm(), value);
  }

  /** Whether to add the inputs of a hidden layer to its outputs, if both have the same size. */
  default E setResidual(boolean value) {
    return (E) set(residual(), value);
  }

  /** Number of values that represent one value of an embedded category (from 1 to 1024). */
  default E setEmbeddingSize(int value) {
    return (E) set(embeddingSize(), value);
  }

  /**
   * Distribution of the initial weights (one of he, glorot, normal); unset: he or glorot, whichever
   * suits the activation.
   */
  default E setInitializer(String value) {
    return (E) set(initializer(), value);
  }

  /**
   * Number of networks in the ensemble, whose predictions are averaged (from 1 to 256); unset:
   * 20,000 / n, from 1 to 8; 1 without hidden layers or with solver l-bfgs.
   */
  default E setEnsembleSize(int value) {
    return (E) set(ensembleSize(), value);
  }

  /**
   * Loss to minimize; classification takes cross-entropy, binary-cross-entropy, half-mse;
   * regression takes half-mse, huber, mae, log-cosh, poisson (one of cross-entropy,
   * binary-cross-entropy, half-mse, huber, mae, log-cosh, poisson); unset: half-mse for regression,
   * binary-cross-entropy for two classes or several labels, cross-entropy for more classes.
   */
  default E setLoss(String value) {
    return (E) set(loss(), value);
  }

  /**
   * Error at which loss huber changes from quadratic to linear, in standard deviations of the label
   * (&gt; 0).
   */
  default E setHuberDelta(double value) {
    return (E) set(huberDelta(), value);
  }

  /**
   * Label smoothing of classification, in the training loss only (&gt;= 0 and &lt; 1); unset: 0.1.
   */
  default E setLabelSmoothing(double value) {
    return (E) set(labelSmoothing(), value);
  }

  /**
   * Optimizer; l-bfgs (or lbfgs) runs a line search over all rows in each iteration, and refuses
   * stepSize, dropout, clipNorm, a schedule and a batchSize below n (one of l-bfgs, sgd, momentum,
   * nesterov, adagrad, rmsprop, adam, adamw, lion, lbfgs).
   */
  default E setSolver(String value) {
    return (E) set(solver(), value);
  }

  /**
   * Learning rate of the first step (&gt; 0); unset: 1.0E-4 for lion; 0.001 for adam and adamw;
   * 0.01 for sgd, momentum, nesterov, adagrad and rmsprop.
   */
  default E setStepSize(double value) {
    return (E) set(stepSize(), value);
  }

  /** Momentum of solvers momentum and nesterov (&gt;= 0 and &lt; 1); unset: 0.9. */
  default E setMomentum(double value) {
    return (E) set(momentum(), value);
  }

  /**
   * Decay rate of the mean gradient, for solvers adam, adamw and lion (&gt;= 0 and &lt; 1); unset:
   * 0.9.
   */
  default E setBeta1(double value) {
    return (E) set(beta1(), value);
  }

  /**
   * Decay rate of the mean squared gradient, for solvers adam, adamw and lion (&gt;= 0 and &lt; 1);
   * unset: 0.99 for lion; 0.999 for adam and adamw.
   */
  default E setBeta2(double value) {
    return (E) set(beta2(), value);
  }

  /**
   * Decay rate of the mean squared gradient, for solver rmsprop (&gt;= 0 and &lt; 1); unset: 0.99.
   */
  default E setRho(double value) {
    return (E) set(rho(), value);
  }

  /**
   * Number that is added to the solver's divisor, so that it is not 0 (&gt; 0); unset: 1.0E-10 for
   * adagrad; 1.0E-8 for rmsprop, adam and adamw.
   */
  default E setEpsilon(double value) {
    return (E) set(epsilon(), value);
  }

  /**
   * Decoupled weight decay of solvers adamw and lion, for weights but not biases (&gt;= 0); unset:
   * 0.0 for lion; 0.01 for adamw.
   */
  default E setWeightDecay(double value) {
    return (E) set(weightDecay(), value);
  }

  /** Number of past steps that solver l-bfgs remembers (from 1 to 100); unset: 10. */
  default E setMemory(int value) {
    return (E) set(memory(), value);
  }

  /** Learning-rate schedule (one of constant, step, exponential, cosine, warmup-cosine). */
  default E setSchedule(String value) {
    return (E) set(schedule(), value);
  }

  /**
   * Length in which schedules step and exponential multiply the learning rate by scheduleFactor, in
   * scheduleUnit (&gt; 0); unset: 10 with step, 1 with exponential.
   */
  default E setScheduleEvery(double value) {
    return (E) set(scheduleEvery(), value);
  }

  /** Factor by which schedules step and exponential multiply the learning rate (&gt; 0). */
  default E setScheduleFactor(double value) {
    return (E) set(scheduleFactor(), value);
  }

  /**
   * Length of the rise of the learning rate in schedule warmup-cosine, in scheduleUnit (&gt;= 0).
   */
  default E setScheduleWarmup(double value) {
    return (E) set(scheduleWarmup(), value);
  }

  /**
   * Length after which schedules cosine and warmup-cosine reach scheduleMinimum, in scheduleUnit
   * (&gt; 0); unset: the whole training.
   */
  default E setScheduleTotal(double value) {
    return (E) set(scheduleTotal(), value);
  }

  /** Learning rate at which schedules cosine and warmup-cosine end (&gt;= 0). */
  default E setScheduleMinimum(double value) {
    return (E) set(scheduleMinimum(), value);
  }

  /** Unit of the schedule's lengths (one of epochs, steps). */
  default E setScheduleUnit(String value) {
    return (E) set(scheduleUnit(), value);
  }

  /**
   * Number of rows in each mini-batch, over all tasks together (&gt; 0); unset: 2^round(log2(n /
   * 24)) from 32 to 256, and 1024 from n = 100,000; all rows with solver l-bfgs.
   */
  default E setBatchSize(int value) {
    return (E) set(batchSize(), value);
  }

  /**
   * Number of epochs, or of iterations of solver l-bfgs (&gt; 0); unset: round(1e6 / n), from 30 to
   * 100; 100 with solver l-bfgs.
   */
  default E setMaxIter(int value) {
    return (E) set(maxIter(), value);
  }

  /** Seed of the initial weights, the order of rows, dropout and the choice of validation rows. */
  default E setSeed(long value) {
    return (E) set(seed(), value);
  }

  /**
   * Which epoch's weights are kept: auto, with the least validation loss averaged over 9 epochs; or
   * last (one of auto, last).
   */
  default E setSelection(String value) {
    return (E) set(selection(), value);
  }

  /**
   * Whether to train again on all rows, including the validation rows, for the selected number of
   * epochs; unset: true up to n = 20,000.
   */
  default E setRefit(boolean value) {
    return (E) set(refit(), value);
  }

  /**
   * Weight of each class's rows in training, class 0 first; metrics ignore it (each &gt;= 0);
   * unset: 1 for each class.
   */
  default E setClassWeights(double[] value) {
    return (E) set(classWeights(), value);
  }

  /**
   * Whether to weight rows so that all classes count equally in training; in a configuration:
   * training.class-weights = balanced.
   */
  default E setBalancedClasses(boolean value) {
    return (E) set(balancedClasses(), value);
  }

  /**
   * L2 regularization, which adds regParam · w to the gradient of weights but not biases (&gt;= 0).
   */
  default E setRegParam(double value) {
    return (E) set(regParam(), value);
  }

  /** Maximum norm of the whole gradient; 0 for no clipping (&gt;= 0). */
  default E setClipNorm(double value) {
    return (E) set(clipNorm(), value);
  }

  /**
   * Number of epochs without a better validation loss after which training stops; 0 for no early
   * stopping (&gt;= 0).
   */
  default E setPatience(int value) {
    return (E) set(patience(), value);
  }

  /**
   * Decrease of the validation loss that early stopping requires to count it as better; with solver
   * l-bfgs, relative decrease of the training loss at which training has converged, 1e-6 unless tol
   * is set (&gt;= 0).
   */
  default E setTol(double value) {
    return (E) set(tol(), value);
  }

  /**
   * Number of logical shards; results depend on it, but not on partitions, tasks or executors (a
   * power of two up to 65536); unset: one for every 128 to 256 rows of a mini-batch, at least 2; at
   * most 16 with solver l-bfgs.
   */
  default E setShards(int value) {
    return (E) set(shards(), value);
  }

  /**
   * How gradients are computed: gang, in long-lived tasks; tree, in a Spark job for each step;
   * auto, gang if its tasks find slots (one of auto, tree, gang).
   */
  default E setEngine(String value) {
    return (E) set(engine(), value);
  }

  /**
   * Matrix kernels: openblas, native; java, slower, with the same bits on every machine; auto,
   * openblas if it can be loaded (one of auto, openblas, java).
   */
  default E setBlas(String value) {
    return (E) set(blas(), value);
  }

  /**
   * Whether to scale numbers to mean 0 and standard deviation 1 over the training rows, with
   * outliers clipped smoothly; ignored for vectors made by TabularEncoder.
   */
  default E setStandardization(boolean value) {
    return (E) set(standardization(), value);
  }

  /**
   * How numbers become inputs: plain, one input each; piecewise-linear, one more for each bin
   * between quantiles (one of plain, piecewise-linear); unset: piecewise-linear up to 384 numbers
   * if standardization is true, else plain.
   */
  default E setNumberEncoding(String value) {
    return (E) set(numberEncoding(), value);
  }

  /**
   * Largest number of distinct values with which a category is one-hot encoded; a category with
   * more is embedded, as is each index in vectors made by TabularEncoder (from 0 to 65536).
   */
  default E setEmbedAbove(int value) {
    return (E) set(embedAbove(), value);
  }

  /**
   * Whether to train a regression on the label scaled to mean 0 and standard deviation 1;
   * predictions and metrics keep the label's unit.
   */
  default E setStandardizeLabel(boolean value) {
    return (E) set(standardizeLabel(), value);
  }

  /**
   * Fraction of the rows that are used as validation rows, which decide the epoch to keep (&gt;= 0
   * and &lt; 1); unset: 0.15, 0.1 from n = 40,000, 0 below n = 20.
   */
  default E setValidationFraction(double value) {
    return (E) set(validationFraction(), value);
  }

  /**
   * Boolean column that is true for validation rows; replaces validationFraction; unset:
   * validationFraction applies.
   */
  default E setValidationIndicatorCol(String value) {
    return (E) set(validationIndicatorCol(), value);
  }

  /** Column of row weights; unset: each row has weight 1. */
  default E setWeightCol(String value) {
    return (E) set(weightCol(), value);
  }

  /**
   * Folder for checkpoints, in any Hadoop file system; a stopped fit resumes from its newest
   * checkpoint if it runs again with the same params and rows; unset: no checkpoints.
   */
  default E setCheckpointPath(String value) {
    return (E) set(checkpointPath(), value);
  }

  /**
   * Number of epochs from one checkpoint to the next; some are skipped if writing would take more
   * than a tenth of the time (&gt;= 1, or -1 for none).
   */
  default E setCheckpointInterval(int value) {
    return (E) set(checkpointInterval(), value);
  }
}
