package chainrule.train;

import java.util.Locale;
import java.util.Optional;

/** The loss became NaN or infinite. Carries the last weights with which it was finite. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long step;
  private final transient float[] lastGoodParameters;

  /** Null until the trainer adds it, and after deserialization. */
  private transient TrainedModel lastGoodModel;

  DivergedException(
      long step, double loss, double lossBefore, double learningRate, float[] lastGoodParameters) {
    super(
        String.format(
            Locale.ROOT,
            "Cannot continue training: the loss is %s at step %d (%s at the step before it, learning"
                + " rate %.4g). Lower training.optimizer.learning-rate, set training.clip-norm = 1,"
                + " or look for extreme values in the data.",
            loss,
            step,
            Double.isNaN(lossBefore) ? "unknown" : String.format(Locale.ROOT, "%.6g", lossBefore),
            learningRate));
    this.step = step;
    this.lastGoodParameters = lastGoodParameters;
  }

  /** Returns the step, from 0, whose loss was not finite. */
  public long step() {
    return step;
  }

  /** Adds the model that has the last good weights, and returns this. */
  DivergedException with(TrainedModel model) {
    lastGoodModel = model;
    return this;
  }

  /**
   * Returns the model with the last good weights; empty if only the loop was run, without a
   * trainer.
   */
  public Optional<TrainedModel> lastGoodModel() {
    return Optional.ofNullable(lastGoodModel);
  }

  /** Returns the last weights with which the loss was finite. */
  public float[] lastGoodParameters() {
    return lastGoodParameters;
  }
}
