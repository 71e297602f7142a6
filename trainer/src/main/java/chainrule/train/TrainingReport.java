package chainrule.train;

import chainrule.data.Fingerprint;
import chainrule.data.TableStatistics;
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
    Metrics validation) {
  public TrainingReport {
    Objects.requireNonNull(plan, "plan");
    history = List.copyOf(history);
  }
}
