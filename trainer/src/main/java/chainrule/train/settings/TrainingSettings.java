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
 * Everything a user may say about a training but where the data are: what {@link Trainer} needs.
 * Immutable; made by a {@link Builder}, whose defaults are the {@link Recipe}'s.
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
    // What the data don't enter is refused here, before any data are read.
    optimizer.solver(schedule.schedule(optimizer.rate(), 1_000, 1_000));
    if (optimizer.isFullBatch()) {
      checkFullBatch();
    }
  }

  /**
   * Throws if settings are given that have no meaning where every step looks at all rows: a line
   * search asks one and the same function again and again, and finds the step's length itself.
   */
  private void checkFullBatch() {
    double dropout = network.dropout().orElse(0.0);
    Check.argument(
        dropout == 0, "dropout for lbfgs", dropout, "auto or 0: its function must not change");
    double clipNorm = clipping.maxNorm();
    Check.argument(
        clipNorm == 0, "clip-norm for lbfgs", clipNorm, "0: its line search bounds the steps");
    Check.argument(
        schedule.equals(ScheduleSettings.defaults()) || schedule.key().equals("constant"),
        "schedule for lbfgs",
        schedule.key(),
        "left out: its line search finds how far to go");
  }

  /** Starts from the recipe's settings. */
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

  /** Returns the loss by its key. */
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

  /** Returns of how many distinct values a categorical feature is one-hot still, not embedded. */
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

    /** What the label asks for; auto: by its type and values. */
    public Builder task(Setting<Task> value) {
      task = Objects.requireNonNull(value, "task");
      return this;
    }

    /** The loss by its key; auto: half-mse, cross-entropy of several classes, binary of two. */
    public Builder loss(Setting<String> value) {
      loss = Objects.requireNonNull(value, "loss");
      return this;
    }

    /** Where Huber's loss turns linear, above 0, in units of the (standardized) label. */
    public Builder huberDelta(double value) {
      huberDelta = value;
      return this;
    }

    /** From 0 to below 1; classification, in the training loss only. */
    public Builder labelSmoothing(Setting<Double> value) {
      labelSmoothing = Objects.requireNonNull(value, "labelSmoothing");
      return this;
    }

    /** Whether numeric features are brought to mean 0 and deviation 1. */
    public Builder standardize(boolean value) {
      standardize = value;
      return this;
    }

    /** How numeric features become inputs. */
    public Builder encoding(Setting<NumberEncoding> value) {
      encoding = Objects.requireNonNull(value, "encoding");
      return this;
    }

    /** A categorical feature of more distinct values than this is embedded; 0: all are. */
    public Builder embedAbove(int value) {
      embedAbove = value;
      return this;
    }

    /**
     * Whether a regression's label is brought to mean 0 and deviation 1; loss poisson never does.
     */
    public Builder standardizeLabel(boolean value) {
      standardizeLabel = value;
      return this;
    }

    /** The share of rows held out, from 0 to below 1; auto: by the number of rows. */
    public Builder validationFraction(Setting<Double> value) {
      validationFraction = Objects.requireNonNull(value, "validationFraction");
      return this;
    }

    /** Rows of a mini-batch over all shards; auto: by the number of rows. */
    public Builder batchSize(Setting<Integer> value) {
      batchSize = Objects.requireNonNull(value, "batchSize");
      return this;
    }

    /** Passes over the rows; auto: by the number of rows. */
    public Builder epochs(Setting<Integer> value) {
      epochs = Objects.requireNonNull(value, "epochs");
      return this;
    }

    /** Of all random numbers: initial weights, order of rows, dropout, rows held out. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Which pass the weights are taken of. */
    public Builder selection(Selection value) {
      selection = Objects.requireNonNull(value, "selection");
      return this;
    }

    /** Whether to train again on all rows for as many passes as were chosen. */
    public Builder refit(Setting<Boolean> value) {
      refit = Objects.requireNonNull(value, "refit");
      return this;
    }

    /** By how much the rows of a class count in training. */
    public Builder classWeights(ClassWeights value) {
      classWeights = Objects.requireNonNull(value, "classWeights");
      return this;
    }

    /** Adds {@code l2 · w} to the gradient of weights, not of biases; not below 0. */
    public Builder l2(double value) {
      l2 = value;
      return this;
    }

    /** Bounds the norm of the whole gradient. */
    public Builder clipping(GradientClipping value) {
      clipping = Objects.requireNonNull(value, "clipping");
      return this;
    }

    /** Stops after so many epochs without a better validation loss; 0: never. */
    public Builder patience(int value) {
      patience = value;
      return this;
    }

    /** How much less a validation loss must be to be better, in units of the loss. */
    public Builder minDelta(double value) {
      minDelta = value;
      return this;
    }

    /** Logical shards, a power of two; auto: by the mini-batch. */
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
