package chainrule.train.settings;

import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.Task;
import chainrule.math.Check;
import chainrule.train.shard.TableSummary;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Factors by which the row weights of each class are multiplied in training. Metrics don't use
 * them. Immutable.
 *
 * @param balanced whether all classes get the same total weight: n / (classes · n_c), as in
 *     scikit-learn
 * @param given weights by class; other classes weigh 1
 */
public record ClassWeights(boolean balanced, Map<String, Double> given) implements Serializable {
  public ClassWeights {
    // Sorted, so that toString is the same in every JVM.
    given = Collections.unmodifiableMap(new TreeMap<>(given));
    Check.argument(!balanced || given.isEmpty(), "class-weights", given, "balanced or given");
    given.forEach(
        (name, weight) ->
            Check.argument(
                weight >= 0 && weight <= Float.MAX_VALUE,
                "class-weights of " + name,
                weight,
                ">= 0 and finite"));
  }

  /** Returns the class weights in which all classes weigh 1. */
  public static ClassWeights none() {
    return new ClassWeights(false, Map.of());
  }

  /** Returns the class weights in which all classes get the same total weight. */
  public static ClassWeights ofBalance() {
    return new ClassWeights(true, Map.of());
  }

  /** Returns given class weights. */
  public static ClassWeights of(Map<String, Double> given) {
    return new ClassWeights(false, given);
  }

  /**
   * Returns the weights of the classes of a table, in order; empty: all weigh 1.
   *
   * @throws InvalidDataException if the label has no classes, or not the class of a given weight
   */
  public List<Float> of(LabelEncoding label, TableSummary summary) {
    if (!balanced && given.isEmpty()) {
      return List.of();
    }
    if (!(label instanceof LabelEncoding.Classes classes)) {
      throw new InvalidDataException(
          "Invalid class-weights: "
              + (balanced ? "balanced" : new TreeMap<>(given))
              + (label.task() == Task.REGRESSION
                  ? " (must be null for a regression)"
                  : " (must be null for several labels, whose classes share a row's weight)"));
    }
    for (String name : new TreeMap<>(given).keySet()) {
      if (!classes.names().contains(name)) {
        throw new InvalidDataException(
            "Invalid class-weights: \"" + name + "\" (must be of " + classes.names() + ")");
      }
    }
    List<Float> weights = new ArrayList<>();
    for (String name : classes.names()) {
      double rows =
          Math.max(1, summary.labels().get(0).values().count(name)); // a class may have no row
      weights.add(
          (float)
              (balanced
                  ? summary.rows() / (classes.names().size() * rows)
                  : given.getOrDefault(name, 1.0)));
    }
    return weights;
  }
}
