package chainrule.bench;

import chainrule.math.Check;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What repeated measurements came to. Immutable.
 *
 * @param low a tenth of the values is less
 * @param high a tenth of the values is greater
 */
record Summary(double median, double low, double high, int count) {
  static Summary of(List<Double> values) {
    Check.argument(!values.isEmpty(), "values", values, "at least one");
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return new Summary(
        quantile(sorted, 0.5), quantile(sorted, 0.1), quantile(sorted, 0.9), sorted.size());
  }

  private static double quantile(List<Double> sorted, double fraction) {
    double place = fraction * (sorted.size() - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
  }

  /**
   * Returns left / right, round by round: what both have in common, such as a busy machine, goes.
   */
  static List<Double> ratios(List<Double> left, List<Double> right) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      ratios.add(left.get(i) / right.get(i));
    }
    return ratios;
  }
}
