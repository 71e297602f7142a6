package chainrule.spark;

import chainrule.train.Faults;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a gang lost and did again, and whom it waited for. One thread writes, any may read. */
final class GangFaults {
  private static final Logger LOG = LoggerFactory.getLogger(GangFaults.class);

  private final AnswerTimes answerTimes = new AnswerTimes();
  private volatile Faults losses = Faults.none();

  AnswerTimes answerTimes() {
    return answerTimes;
  }

  /** Notes an attempt that ended before its time. */
  void attemptFailed(GangAttempt.End end) {
    boolean lost = end == GangAttempt.End.LOST || end == GangAttempt.End.SILENT;
    losses = losses.plus(new Faults(lost ? 1 : 0, 1, 0, 0, 0, List.of(), List.of()));
    answerTimes.dropStep();
  }

  /** Notes a question that was answered after it had to be asked again. */
  void repeated(boolean step, long nanos) {
    losses = losses.plus(new Faults(0, 0, step ? 1 : 0, nanos * 1e-9, 0, List.of(), List.of()));
  }

  /** Notes a question that was answered at once. */
  void answered(long nanos) {
    for (Faults.SlowExecutor slow : answerTimes.endStep(nanos)) {
      LOG.warn(
          "Executor {} is slow: the others have waited for it for {} % of the time",
          slow.name(), Math.round(100 * slow.share()));
    }
  }

  Faults faults() {
    return losses.plus(new Faults(0, 0, 0, 0, 0, List.of(), answerTimes.slow()));
  }
}
