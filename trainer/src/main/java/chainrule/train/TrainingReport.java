package chainrule.train;

import chainrule.data.Fingerprint;
import chainrule.data.TableStatistics;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import chainrule.train.history.PhaseReport;
import chainrule.train.sums.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a training used and reached, beside the model. Immutable.
 *
 * @param plan what the settings left to the recipe came to
 * @param fingerprint of the training table's rows
 * @param statistics of the rows the model was trained on
 * @param trainingRows rows the returned weights were trained on
 * @param validationRows rows held out while the pass was chosen
 * @param epochs passes that were done in the phase that gave the weights
 * @param bestEpoch the pass whose weights were chosen, from 1
 * @param steps done in all phases
 * @param trainSeconds in all phases, validation included, preparation not
 * @param rowsPerSecond training rows used in all phases by train seconds
 * @param history of all phases
 * @param training metrics of the model on the rows it was trained on
 * @param validation metrics on the held-out rows at the chosen pass; of no rows if none were held
 *     out
 * @param faults what went wrong and was overcome
 */
public record TrainingReport(
    Plan plan,
    Fingerprint fingerprint,
    TableStatistics statistics,
    long trainingRows,
    long validationRows,
    int epochs,
    int bestEpoch,
    long steps,
    double trainSeconds,
    double rowsPerSecond,
    List<EpochRecord> history,
    Metrics training,
    Metrics validation,
    Faults faults) {
  public TrainingReport {
    Objects.requireNonNull(plan, "plan");
    history = List.copyOf(history);
    Objects.requireNonNull(faults, "faults");
  }

  /**
   * Returns the report of a training.
   *
   * @param phases all of them, in order
   */
  static TrainingReport of(
      Plan plan,
      Fingerprint fingerprint,
      TableStatistics statistics,
      List<PhaseReport> phases,
      Faults faults) {
    PhaseReport first = phases.get(0);
    PhaseReport last = phases.get(phases.size() - 1);
    List<EpochRecord> history = new ArrayList<>();
    long steps = 0;
    double seconds = 0;
    double rowsUsed = 0;
    for (PhaseReport phase : phases) {
      history.addAll(phase.history());
      steps += phase.steps();
      seconds += phase.seconds();
      rowsUsed += (double) phase.trainingRows() * phase.history().size();
    }
    return new TrainingReport(
        plan,
        fingerprint,
        statistics,
        last.trainingRows(),
        first.validationRows(),
        last.history().size(),
        first.bestEpoch(),
        steps,
        seconds,
        rowsUsed / seconds,
        history,
        last.training(),
        first.validation(),
        faults);
  }
}
