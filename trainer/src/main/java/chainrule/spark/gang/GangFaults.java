package chainrule.spark.gang;

import chainrule.spark.cluster.JobWatch;
import chainrule.spark.cluster.LostExecutors;
import chainrule.train.history.Faults;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a gang lost and did again, and whom it waited for. One thread writes, any may read. */
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
   * Notes an attempt that ended before its time.
   *
   * @param executor that was lost; empty if none was
   */
  void attemptFailed(String executor) {
    lostExecutors.note(executor);
    losses = losses.plus(Faults.ofAttempt());
    answerTimes.dropStep();
  }

  /** Notes a question that was answered after it had to be asked again. */
  void repeated(boolean step, long nanos) {
    losses = losses.plus(Faults.ofSteps(step ? 1 : 0, nanos * 1e-9));
  }

  /** Notes a question that was answered at once. */
  void answered(long nanos) {
    for (Faults.SlowExecutor slow : answerTimes.endStep(nanos)) {
      LOG.warn(
          "Executor {} is slow: the others have waited for it for {} % of the time",
          slow.name(), Math.round(100 * slow.share()));
    }
  }

  /** Ends the count of executors that were lost. */
  void stop() {
    lostExecutors.stop();
  }

  Faults faults() {
    return losses
        .plus(Faults.ofExecutors(lostExecutors.count()))
        .plus(Faults.ofSlow(answerTimes.slow()));
  }
}
