package chainrule.jobs.tune;

import chainrule.jobs.config.Configuration;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One trial of a search, and what it came to. Immutable.
 *
 * @param number from 1
 * @param values of the keys that are searched, by name
 * @param scores the metric on the held-out rows, of each fold in turn
 * @param diverged whether a training's loss became infinite or undefined: there are no more scores
 * @param seconds that its trainings took
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

  /** Returns the mean of the scores; NaN if the trial has none to be compared by. */
  public double mean() {
    return diverged
        ? Double.NaN
        : scores.stream().mapToDouble(Double::doubleValue).sum() / scores.size();
  }

  /** Returns whether there is a number to compare the trial by. */
  public boolean isRanked() {
    return Double.isFinite(mean());
  }

  /** Returns trials from the best to the worst; of equal ones the earlier comes first. */
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
