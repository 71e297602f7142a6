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
 * The report of a training: data, plan, history and metrics. Immutable.
 *
 * @param plan of the training
 * @param fingerprint of the training table's rows
 * @param statistics of the rows the model was trained on
 * @param trainingRows number of rows the returned weights were trained on
 * @param validationRows number of rows by which the epoch was selected
 * @param epochs done in the phase that gave the weights
 * @param bestEpoch the selected epoch, from 1
 * @param steps done in all phases
 * @param trainSeconds in all phases, validation included, preparation not
 * @param rowsPerSecond training rows used in all phases, per second of {@code trainSeconds}
 * @param history of all phases
 * @param training metrics of the model on the rows it was trained on
 * @param validation metrics on the validation rows at the selected epoch; of no rows if there were
 *     none
 * @param faults that were overcome
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
