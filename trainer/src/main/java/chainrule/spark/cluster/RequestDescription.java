package chainrule.spark.cluster;

import chainrule.data.Block;
import chainrule.train.shard.Request;
import chainrule.train.shard.StepPlan;

/**
 * Tells in words what an engine computes, for people who watch Spark. Not for sharing: one thread
 * tells of one request after another.
 */
public final class RequestDescription {
  private static final long NONE = -1;

  private final long stepsPerEpoch;
  private Request<?> request = new Request.Evaluation(Block.Part.TRAINING, true);
  private long lastStep = NONE;
  private long looks;

  public RequestDescription(StepPlan plan) {
    this.stepsPerEpoch = plan.stepsPerEpoch();
  }

  /** Hears of the next request, at every step, and so makes no text of it yet. */
  public void next(Request<?> asked) {
    request = asked;
    if (asked instanceof Request.Gradient gradient) {
      // A search along a line asks for its one step again and again.
      looks = gradient.step() == lastStep ? looks + 1 : 1;
      lastStep = gradient.step();
    }
  }

  /** Returns what is asked for. */
  public String text() {
    if (request instanceof Request.Evaluation evaluation) {
      return evaluation(evaluation);
    }
    long step = lastStep % stepsPerEpoch + 1;
    return looks > 1
        ? "gradient over all rows, look " + looks
        : "epoch " + epoch() + ", step " + step + " of " + stepsPerEpoch;
  }

  private String evaluation(Request.Evaluation evaluation) {
    String rows = evaluation.part() == Block.Part.VALIDATION ? "validation" : "training";
    if (lastStep == NONE) {
      return "metrics";
    }
    if (evaluation.ranked()) {
      return "metrics of the " + rows + " rows";
    }
    return looks > 1 ? rows : rows + " after epoch " + epoch();
  }

  /** Returns that so many tasks begin with what is asked for, and stay for what comes after. */
  public String fromHereOn(int tasks) {
    boolean trains = request instanceof Request.Gradient && looks == 1;
    return (trains ? "training from " + text() + " on" : text())
        + (tasks == 1 ? ", 1 task" : ", " + tasks + " tasks at once");
  }

  private long epoch() {
    return lastStep / stepsPerEpoch + 1;
  }
}
