package chainrule.train.settings;

import chainrule.data.Encoder;
import chainrule.data.NumberEncoding;
import chainrule.data.Placement;
import chainrule.data.Task;
import chainrule.math.Check;
import chainrule.optim.GradientClipping;
import chainrule.train.Trainer;
import java.io.Serializable;
import java.util.Objects;

/**
 * All settings of a training, except for its data: the input of {@link Trainer}. Immutable. Made by
 * a {@link Builder}, whose defaults are those of the {@link Recipe}.
 */
public final class TrainingSettings implements Serializable {
  private static final long serialVersionUID = 1;

  private final NetworkSettings network;
  private final OptimizerSettings optimizer;
  private final ScheduleSettings schedule;
  private final Setting<Task> task;
  private final Setting<String> loss;
  private final double huberDelta;
  private final Setting<Double> labelSmoothing;
  private final boolean standardize;
  private final Setting<NumberEncoding> encoding;
  private final int embedAbove;
  private final boolean standardizeLabel;
  private final Setting<Double> validationFraction;
  private final Setting<Integer> batchSize;
  private final Setting<Integer> epochs;
  private final long seed;
  private final Selection selection;
  private final Setting<Boolean> refit;
  private final ClassWeights classWeights;
  private final double l2;
  private final GradientClipping clipping;
  private final int patience;
  private final double minDelta;
  private final Setting<Integer> shards;

  private TrainingSettings(Builder builder) {
    network = builder.network;
    optimizer = builder.optimizer;
    schedule = builder.schedule;
    task = builder.task;
    loss = builder.loss;
    huberDelta = builder.huberDelta;
    labelSmoothing = builder.labelSmoothing;
    standardize = builder.standardize;
    encoding = builder.encoding;
    embedAbove = builder.embedAbove;
    standardizeLabel = builder.standardizeLabel;
    validationFraction = builder.validationFraction;
    batchSize = builder.batchSize;
    epochs = builder.epochs;
    seed = builder.seed;
    selection = builder.selection;
    refit = builder.refit;
    classWeights = builder.classWeights;
    l2 = builder.l2;
    clipping = builder.clipping;
    patience = builder.patience;
    minDelta = builder.minDelta;
    shards = builder.shards;
    int anyBatch = batchSize.orElse(1);
    Check.argument(anyBatch > 0, "batch-size", anyBatch, "> 0");
    int anyEpochs = epochs.orElse(1);
    Check.argument(anyEpochs > 0, "epochs", anyEpochs, "> 0");
    Placement.checkShards(shards.orElse(1));
    double fraction = validationFraction.orElse(0.0);
    Check.argument(fraction >= 0 && fraction < 1, "validation fraction", fraction, ">= 0 and < 1");
    Check.argument(
        embedAbove >= 0 && embedAbove <= 65_536, "embed-above", embedAbove, "from 0 to 65536");
    LossKeys.check(loss, labelSmoothing.orElse(0.0), huberDelta);
    Check.argument(l2 >= 0 && Double.isFinite(l2), "l2", l2, ">= 0 and finite");
    Check.argument(patience >= 0, "patience", patience, ">= 0");
    Check.argument(
        minDelta >= 0 && Double.isFinite(minDelta), "min-delta", minDelta, ">= 0 and finite");
    // Settings that are wrong whatever the data are refused here, before any data are read.
    optimizer.solver(schedule.schedule(optimizer.rate(), 1_000, 1_000));
    if (optimizer.isFullBatch()) {
      checkFullBatch();
    }
  }

  /**
   * Throws if settings are given that have no meaning for a full batch. A line search needs a
   * function that does not change between evaluations, and finds the step length itself.
   */
  private void checkFullBatch() {
    double dropout = network.dropout().orElse(0.0);
    Check.argument(
        dropout == 0,
        "dropout for lbfgs",
        dropout,
        "auto or 0: a line search needs the same loss each time");
    double clipNorm = clipping.maxNorm();
    Check.argument(
        clipNorm == 0, "clip-norm for lbfgs", clipNorm, "0: the line search bounds the steps");
    Check.argument(
        schedule.equals(ScheduleSettings.defaults()) || schedule.key().equals("constant"),
        "schedule for lbfgs",
        schedule.key(),
        "left out: the line search finds the step length");
  }

  /** Returns a builder that has the default settings. */
  public static Builder builder() {
    return new Builder();
  }

  public NetworkSettings network() {
    return network;
  }

  public OptimizerSettings optimizer() {
    return optimizer;
  }

  public ScheduleSettings schedule() {
    return schedule;
  }

  public Setting<Task> task() {
    return task;
  }

  /** Returns the key of the loss. */
  public Setting<String> loss() {
    return loss;
  }

  public double huberDelta() {
    return huberDelta;
  }

  public Setting<Double> labelSmoothing() {
    return labelSmoothing;
  }

  /** Returns whether numeric features are standardized. */
  public boolean standardize() {
    return standardize;
  }

  /** Returns how numeric features are encoded. */
  public Setting<NumberEncoding> encoding() {
    return encoding;
  }

  /** Returns up to how many distinct values a categorical feature is one-hot, not embedded. */
  public int embedAbove() {
    return embedAbove;
  }

  /** Returns whether the label of a regression is standardized. */
  public boolean standardizeLabel() {
    return standardizeLabel;
  }

  public Setting<Double> validationFraction() {
    return validationFraction;
  }

  public Setting<Integer> batchSize() {
    return batchSize;
  }

  public Setting<Integer> epochs() {
    return epochs;
  }

  public long seed() {
    return seed;
  }

  public Selection selection() {
    return selection;
  }

  public Setting<Boolean> refit() {
    return refit;
  }

  public ClassWeights classWeights() {
    return classWeights;
  }

  public double l2() {
    return l2;
  }

  public GradientClipping clipping() {
    return clipping;
  }

  public int patience() {
    return patience;
  }

  public double minDelta() {
    return minDelta;
  }

  public Setting<Integer> shards() {
    return shards;
  }

  /** Collects settings; each method returns the builder. Not for sharing. */
  public static final class Builder {
    private NetworkSettings network = NetworkSettings.defaults();
    private OptimizerSettings optimizer = OptimizerSettings.defaults();
    private ScheduleSettings schedule = ScheduleSettings.defaults();
    private Setting<Task> task = Setting.auto();
    private Setting<String> loss = Setting.auto();
    private double huberDelta = 1;
    private Setting<Double> labelSmoothing = Setting.auto();
    private boolean standardize = true;
    private Setting<NumberEncoding> encoding = Setting.auto();
    private int embedAbove = Encoder.EMBED_ABOVE;
    private boolean standardizeLabel = true;
    private Setting<Double> validationFraction = Setting.auto();
    private Setting<Integer> batchSize = Setting.auto();
    private Setting<Integer> epochs = Setting.auto();
    private long seed = 1;
    private Selection selection = Selection.AUTO;
    private Setting<Boolean> refit = Setting.auto();
    private ClassWeights classWeights = ClassWeights.none();
    private double l2;
    private GradientClipping clipping = GradientClipping.off();
    private int patience;
    private double minDelta;
    private Setting<Integer> shards = Setting.auto();

    private Builder() {}

    public Builder network(NetworkSettings value) {
      network = Objects.requireNonNull(value, "network");
      return this;
    }

    public Builder optimizer(OptimizerSettings value) {
      optimizer = Objects.requireNonNull(value, "optimizer");
      return this;
    }

    public Builder schedule(ScheduleSettings value) {
      schedule = Objects.requireNonNull(value, "schedule");
      return this;
    }

    /** Classification or regression; auto: derived from the label's type and values. */
    public Builder task(Setting<Task> value) {
      task = Objects.requireNonNull(value, "task");
      return this;
    }

    /**
     * The key of the loss; auto: half-mse for numbers, binary-cross-entropy for two classes,
     * cross-entropy for more.
     */
    public Builder loss(Setting<String> value) {
      loss = Objects.requireNonNull(value, "loss");
      return this;
    }

    /**
     * The error above which the Huber loss is linear, above 0, in units of the (standardized)
     * label.
     */
    public Builder huberDelta(double value) {
      huberDelta = value;
      return this;
    }

    /** From 0 (inclusive) to 1 (exclusive); for classification, in the training loss only. */
    public Builder labelSmoothing(Setting<Double> value) {
      labelSmoothing = Objects.requireNonNull(value, "labelSmoothing");
      return this;
    }

    /** Whether numeric features are scaled to mean 0 and standard deviation 1. */
    public Builder standardize(boolean value) {
      standardize = value;
      return this;
    }

    /** How numeric features are encoded as inputs. */
    public Builder encoding(Setting<NumberEncoding> value) {
      encoding = Objects.requireNonNull(value, "encoding");
      return this;
    }

    /** A categorical feature with more distinct values than this is embedded; 0: all are. */
    public Builder embedAbove(int value) {
      embedAbove = value;
      return this;
    }

    /**
     * Whether the label of a regression is scaled to mean 0 and standard deviation 1; with loss
     * poisson it never is.
     */
    public Builder standardizeLabel(boolean value) {
      standardizeLabel = value;
      return this;
    }

    /**
     * The fraction of validation rows, from 0 (inclusive) to 1 (exclusive); auto: by the number of
     * rows.
     */
    public Builder validationFraction(Setting<Double> value) {
      validationFraction = Objects.requireNonNull(value, "validationFraction");
      return this;
    }

    /** The number of rows of a mini-batch over all shards; auto: by the number of rows. */
    public Builder batchSize(Setting<Integer> value) {
      batchSize = Objects.requireNonNull(value, "batchSize");
      return this;
    }

    /** The maximum number of epochs; auto: by the number of rows. */
    public Builder epochs(Setting<Integer> value) {
      epochs = Objects.requireNonNull(value, "epochs");
      return this;
    }

    /** The seed of all random numbers: initial weights, order of rows, dropout, validation rows. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Which epoch's weights are kept. */
    public Builder selection(Selection value) {
      selection = Objects.requireNonNull(value, "selection");
      return this;
    }

    /** Whether to train again on all rows, for the number of epochs that was selected. */
    public Builder refit(Setting<Boolean> value) {
      refit = Objects.requireNonNull(value, "refit");
      return this;
    }

    /** Factors of the row weights in training, by class. */
    public Builder classWeights(ClassWeights value) {
      classWeights = Objects.requireNonNull(value, "classWeights");
      return this;
    }

    /** Adds {@code l2 · w} to the gradient of weights, not of biases; 0 or more. */
    public Builder l2(double value) {
      l2 = value;
      return this;
    }

    /** The bound of the whole gradient's norm. */
    public Builder clipping(GradientClipping value) {
      clipping = Objects.requireNonNull(value, "clipping");
      return this;
    }

    /** The number of epochs without a better validation loss after which to stop; 0: never. */
    public Builder patience(int value) {
      patience = value;
      return this;
    }

    /** By how much a validation loss must fall to be better, in units of the loss. */
    public Builder minDelta(double value) {
      minDelta = value;
      return this;
    }

    /** The number of logical shards, a power of two; auto: by the batch size. */
    public Builder shards(Setting<Integer> value) {
      shards = Objects.requireNonNull(value, "shards");
      return this;
    }

    /**
     * Returns the settings.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public TrainingSettings build() {
      return new TrainingSettings(this);
    }
  }
}
