package chainrule.train.sums;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Metrics over some rows by name, in the order in which they are written: {@code loss} and, for
 * classification, {@code accuracy}, {@code logLoss}, {@code macroF1} (and {@code auc} for two
 * classes), for regression {@code rmse}, {@code mae} (both in the label's unit) and {@code r2}.
 * Immutable.
 *
 * <p>With several labels that are numbers, these are the means over the labels. With several labels
 * that are classes they are {@code subsetAccuracy}, the fraction of rows with all labels predicted
 * correctly, {@code hammingLoss}, the fraction of labels predicted wrongly, and the means over the
 * labels of {@code logLoss}, of {@code f1} (as {@code macroF1}) and of {@code auc}, as
 * scikit-learn's functions of these names compute them. The loss is the mean over the rows of the
 * sum over the labels.
 *
 * @param rows number of rows they were computed over
 * @param values the metrics by name
 * @param labels the metrics of each label by its name, if there are several; otherwise empty
 */
public record Metrics(long rows, Map<String, Double> values, Map<String, Metrics> labels)
    implements Serializable {
  public Metrics {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  Metrics(long rows) {
    this(rows, Map.of(), Map.of());
  }

  /** Returns the metrics of no rows. */
  public static Metrics none() {
    return new Metrics(0);
  }

  Metrics with(String name, double value) {
    var more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new Metrics(rows, more, labels);
  }

  /** Adds the metrics of one of several labels. */
  Metrics withLabel(String name, Metrics metrics) {
    var more = new LinkedHashMap<>(labels);
    more.put(name, metrics);
    return new Metrics(rows, values, more);
  }

  /** Returns a metric. */
  public double get(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "Invalid metric: " + name + " (must be one of " + values.keySet() + ")");
    }
    return value;
  }
}
