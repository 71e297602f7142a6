package chainrule.train.history;

import chainrule.train.sums.Metrics;
import java.util.List;
import java.util.Objects;

/**
 * What a phase that is done came to, beside its weights. Immutable.
 *
 * @param trainingRows rows that were trained on
 * @param validationRows rows that were held out
 * @param bestEpoch the pass whose weights were chosen, from 1
 * @param steps done
 * @param history a record for each epoch, in order
 * @param training metrics of the chosen weights on the rows that were trained on
 * @param validation the same on the held-out rows; of no rows if there were none
 */
public record PhaseReport(
    long trainingRows,
    long validationRows,
    int bestEpoch,
    long steps,
    List<EpochRecord> history,
    Metrics training,
    Metrics validation) {
  public PhaseReport {
    history = List.copyOf(history);
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(validation, "validation");
  }

  /** Returns how long its epochs took, validation included. */
  public double seconds() {
    double seconds = 0;
    for (EpochRecord epoch : history) {
      seconds += epoch.computeSeconds() + epoch.exchangeSeconds();
    }
    return seconds;
  }
}
