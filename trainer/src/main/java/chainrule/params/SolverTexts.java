package chainrule.params;

import chainrule.optim.Optimizers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Which solvers have a hyperparameter, and its defaults, as text for descriptions. */
final class SolverTexts {
  private SolverTexts() {}

  /** Returns the solvers that have a hyperparameter as text: solvers adam and adamw. */
  static String having(String name) {
    List<String> keys = Optimizers.having(name);
    return keys.size() == 1 ? "solver " + keys.get(0) : "solvers " + joined(keys);
  }

  /** Returns the solvers' defaults of a hyperparameter as text. */
  static String defaults(String name) {
    return values(Optimizers.having(name), key -> Optimizers.defaults(key).get(name));
  }

  /** Returns values by solver as text: 0.99 for lion, 0.999 for adam and adamw. */
  static String values(List<String> solvers, ToDoubleFunction<String> value) {
    Map<Double, List<String>> byValue = new TreeMap<>();
    for (String solver : solvers) {
      byValue.computeIfAbsent(value.applyAsDouble(solver), unseen -> new ArrayList<>()).add(solver);
    }
    if (byValue.size() == 1) {
      return byValue.keySet().iterator().next().toString();
    }
    return byValue.entrySet().stream()
        .map(entry -> entry.getKey() + " for " + joined(entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  private static String joined(List<String> keys) {
    int last = keys.size() - 1;
    return last == 0
        ? keys.get(0)
        : String.join(", ", keys.subList(0, last)) + " and " + keys.get(last);
  }
}
