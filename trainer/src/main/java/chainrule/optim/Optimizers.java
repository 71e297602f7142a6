package chainrule.optim;

import chainrule.math.Check;
import chainrule.math.Kinds;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The optimizers by name, for configuration and reports. Hyperparameters are named as the record's
 * components, in kebab case: {@code weight-decay}.
 *
 * <p>Threads may share it: it never changes.
 */
public final class Optimizers {
  private static final String SCHEDULE = "schedule";

  private Optimizers() {}

  /** Returns the names of all optimizers. */
  public static List<String> keys() {
    return Optimizer.KINDS.keys();
  }

  /** Returns the names of all solvers: the optimizers and L-BFGS. */
  public static List<String> solverKeys() {
    return Stream.concat(keys().stream(), Stream.of(Lbfgs.KEY)).toList();
  }

  /**
   * Returns a solver with these hyperparameters; those not given have their defaults.
   *
   * @param schedule for an optimizer; L-BFGS has none
   * @throws IllegalArgumentException if there is no such solver or hyperparameter, or a value is
   *     out of range
   */
  public static Solver solver(String key, Schedule schedule, Map<String, Double> hyperparameters) {
    Check.argument(solverKeys().contains(key), "optimizer", key, "one of " + solverKeys());
    return key.equals(Lbfgs.KEY) ? Lbfgs.of(hyperparameters) : of(key, schedule, hyperparameters);
  }

  /**
   * Returns an optimizer with these hyperparameters; those not given have PyTorch's defaults.
   *
   * @throws IllegalArgumentException if there is no such optimizer or hyperparameter, or a value is
   *     out of range
   */
  public static Optimizer of(String key, Schedule schedule, Map<String, Double> hyperparameters) {
    Objects.requireNonNull(schedule, "schedule");
    Map<String, Double> values = defaults(key);
    hyperparameters.forEach(
        (name, value) -> {
          Check.argument(
              values.replace(name, value) != null,
              "hyperparameter of " + key,
              name,
              "one of " + values.keySet());
        });
    return Optimizer.KINDS.make(key, name -> name.equals(SCHEDULE) ? schedule : values.get(name));
  }

  /** Returns an optimizer's hyperparameters by name with their defaults. */
  public static Map<String, Double> defaults(String key) {
    Map<String, Double> defaults = Optimizer.KINDS.defaults(key);
    defaults.remove(SCHEDULE);
    return defaults;
  }

  /** Returns the names of the optimizers that have a hyperparameter. */
  public static List<String> having(String hyperparameter) {
    return keys().stream().filter(key -> defaults(key).containsKey(hyperparameter)).toList();
  }

  /** Returns the names of the hyperparameters that optimizers have. */
  public static List<String> hyperparameterNames() {
    return keys().stream().flatMap(key -> defaults(key).keySet().stream()).distinct().toList();
  }

  /**
   * Returns the learning rate that an optimizer has by default.
   *
   * @throws IllegalArgumentException if there is no such optimizer
   */
  public static double learningRate(String key) {
    Check.argument(keys().contains(key), "optimizer", key, "one of " + solverKeys());
    return Optimizer.KINDS.defaults(key).get(SCHEDULE);
  }

  /** Returns an optimizer of this type with its defaults. */
  static <O extends Optimizer> O withDefaults(Class<O> type, Schedule schedule) {
    return type.cast(of(Kinds.keyOf(type), schedule, Map.of()));
  }

  /** Returns an optimizer's hyperparameters, other than its schedule, by name. */
  public static Map<String, Double> hyperparameters(Optimizer optimizer) {
    return Kinds.numbers(optimizer);
  }
}
