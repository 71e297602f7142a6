package chainrule.jobs.tune;

import chainrule.jobs.config.Configuration;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One trial of a search with its result. Immutable.
 *
 * @param number from 1
 * @param values of the searched keys, by name
 * @param scores the metric on the validation rows of each fold
 * @param diverged whether the loss of a training became infinite or NaN; then the remaining scores
 *     are missing
 * @param seconds of training
 */
public record Trial(
    int number,
    Map<String, ConfigValue> values,
    List<Double> scores,
    boolean diverged,
    double seconds) {
  public Trial {
    values = new TreeMap<>(values);
    scores = List.copyOf(scores);
  }

  /** Returns the mean of the scores; NaN if the trial diverged. */
  public double mean() {
    return diverged
        ? Double.NaN
        : scores.stream().mapToDouble(Double::doubleValue).sum() / scores.size();
  }

  /** Returns whether the trial has a score. */
  public boolean isRanked() {
    return Double.isFinite(mean());
  }

  /** Returns trials from best to worst; equal ones in the order of their numbers. */
  static List<Trial> ranked(List<Trial> trials, boolean greaterIsBetter) {
    double sign = greaterIsBetter ? -1 : 1;
    List<Trial> ranked = new ArrayList<>(trials);
    ranked.sort(
        Comparator.comparingDouble(
                (Trial trial) -> trial.isRanked() ? sign * trial.mean() : Double.POSITIVE_INFINITY)
            .thenComparing(trial -> !trial.isRanked())
            .thenComparing(Trial::number));
    return ranked;
  }

  /** Returns the values as overrides of a configuration. */
  public String overrides() {
    List<String> texts = new ArrayList<>();
    values.forEach((key, value) -> texts.add(key + "=" + Configuration.text(value)));
    return String.join(" ", texts);
  }
}
