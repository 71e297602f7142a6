package chainrule.train;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Metrics over some rows by name, in the order in which they are written: {@code loss} and, for
 * classification, {@code accuracy}, {@code logLoss}, {@code macroF1} (and {@code auc} for two
 * classes), for regression {@code rmse}, {@code mae} (both in the label's unit) and {@code r2}.
 * Immutable.
 */
public record Metrics(long rows, Map<String, Double> values) implements Serializable {
  public Metrics {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  Metrics(long rows) {
    this(rows, Map.of());
  }

  /** Returns the metrics of no rows. */
  public static Metrics none() {
    return new Metrics(0);
  }

  Metrics with(String name, double value) {
    var more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new Metrics(rows, more);
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
