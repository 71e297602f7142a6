package chainrule.train.history;

import chainrule.train.sums.Metrics;
import java.util.List;
import java.util.Objects;

/**
 * The report of a finished phase, without its weights. Immutable.
 *
 * @param trainingRows number of training rows
 * @param validationRows number of validation rows
 * @param bestEpoch the epoch whose weights were selected, from 1
 * @param steps number of steps done
 * @param history a record for each epoch, in order
 * @param training metrics of the selected weights on the training rows
 * @param validation the same on the validation rows; of no rows if there were none
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
