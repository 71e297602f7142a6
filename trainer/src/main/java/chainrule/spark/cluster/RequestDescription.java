package chainrule.spark.cluster;

import chainrule.data.Block;
import chainrule.train.shard.Request;
import chainrule.train.shard.StepPlan;

/**
 * Describes in words what an engine computes, for the job descriptions in Spark's UI. For one
 * thread, which passes each request to {@link #next}.
 */
public final class RequestDescription {
  private static final long NONE = -1;

  private final long stepsPerEpoch;
  private Request<?> request = new Request.Evaluation(Block.Part.TRAINING, true);
  private long lastStep = NONE;
  private long evaluations;

  public RequestDescription(StepPlan plan) {
    this.stepsPerEpoch = plan.stepsPerEpoch();
  }

  /** Sets the next request. Called at every step, so the text is made later, on demand. */
  public void next(Request<?> next) {
    request = next;
    if (next instanceof Request.Gradient gradient) {
      // A line search repeats the request of its step.
      evaluations = gradient.step() == lastStep ? evaluations + 1 : 1;
      lastStep = gradient.step();
    }
  }

  /** Returns the description of the request. */
  public String text() {
    if (request instanceof Request.Evaluation evaluation) {
      return evaluation(evaluation);
    }
    long step = lastStep % stepsPerEpoch + 1;
    return evaluations > 1
        ? "gradient over all rows, evaluation " + evaluations
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
    return evaluations > 1 ? rows : rows + " after epoch " + epoch();
  }

  /** Returns the description of a job of long-lived tasks whose first request this is. */
  public String fromNowOn(int tasks) {
    boolean trains = request instanceof Request.Gradient && evaluations == 1;
    return (trains ? "training from " + text() + " on" : text())
        + (tasks == 1 ? ", 1 task" : ", " + tasks + " tasks at once");
  }

  private long epoch() {
    return lastStep / stepsPerEpoch + 1;
  }
}
