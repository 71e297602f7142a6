package chainrule.spark.gang;

import chainrule.spark.cluster.JobWatch;
import chainrule.spark.cluster.LostExecutors;
import chainrule.train.history.Faults;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts a gang's faults and slow executors. One thread writes, any thread may read. */
final class GangFaults {
  private static final Logger LOG = LoggerFactory.getLogger(GangFaults.class);

  private final LostExecutors lostExecutors;
  private final AnswerTimes answerTimes = new AnswerTimes();
  private volatile Faults losses = Faults.none();

  GangFaults(JobWatch watch) {
    this.lostExecutors = new LostExecutors(watch);
  }

  AnswerTimes answerTimes() {
    return answerTimes;
  }

  /**
   * Counts a failed attempt.
   *
   * @param executor the executor that was lost; empty if none was
   */
  void attemptFailed(String executor) {
    lostExecutors.add(executor);
    losses = losses.plus(Faults.ofAttempt());
    answerTimes.dropStep();
  }

  /** Counts a request that was answered after it had to be repeated. */
  void repeated(boolean step, long nanos) {
    losses = losses.plus(Faults.ofSteps(step ? 1 : 0, nanos * 1e-9));
  }

  /** Ends a request that was answered without a fault, and logs executors that are slow. */
  void answered(long nanos) {
    for (Faults.SlowExecutor slow : answerTimes.endStep(nanos)) {
      LOG.warn(
          "Executor {} is slow: the others waited for it {} % of the time",
          slow.name(), Math.round(100 * slow.share()));
    }
  }

  /** Stops counting lost executors. */
  void stop() {
    lostExecutors.stop();
  }

  Faults faults() {
    return losses
        .plus(Faults.ofExecutors(lostExecutors.count()))
        .plus(Faults.ofSlow(answerTimes.slow()));
  }
}
