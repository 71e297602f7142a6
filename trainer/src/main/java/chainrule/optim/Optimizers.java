package chainrule.optim;

import chainrule.math.Check;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The optimizers by name, for configuration and reports. Hyperparameters are named as the record's
 * components, in kebab case: {@code weight-decay}.
 *
 * <p>Threads may share it: it never changes.
 */
public final class Optimizers {
  /** Each optimizer with its defaults; PyTorch's. */
  private static final List<Function<Schedule, Optimizer>> DEFAULTS =
      List.of(
          Sgd::withDefaults,
          Momentum::withDefaults,
          Nesterov::withDefaults,
          Adagrad::withDefaults,
          RmsProp::withDefaults,
          Adam::withDefaults,
          schedule -> AdamW.withDefaults(schedule, 0.01));

  private static final Map<String, Function<Schedule, Optimizer>> BY_KEY = byKey();

  private Optimizers() {}

  /** Returns the names of all optimizers. */
  public static Set<String> keys() {
    return BY_KEY.keySet();
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
    Check.argument(BY_KEY.containsKey(key), "optimizer", key, "one of " + keys());
    Optimizer defaults = BY_KEY.get(key).apply(schedule);
    Map<String, Double> values = hyperparameters(defaults);
    hyperparameters.forEach(
        (name, value) -> {
          Check.argument(
              values.replace(name, value) != null,
              "hyperparameter of " + key,
              name,
              "one of " + values.keySet());
        });
    var arguments = new ArrayList<Object>();
    arguments.add(schedule);
    arguments.addAll(values.values());
    return construct(defaults.getClass(), arguments);
  }

  /** Returns an optimizer's hyperparameters, other than its schedule, by name. */
  public static Map<String, Double> hyperparameters(Optimizer optimizer) {
    var values = new LinkedHashMap<String, Double>();
    for (RecordComponent component : optimizer.getClass().getRecordComponents()) {
      if (component.getType() == double.class) {
        try {
          values.put(kebabCase(component), (Double) component.getAccessor().invoke(optimizer));
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException("Cannot read " + component + ": " + e.getMessage(), e);
        }
      }
    }
    return values;
  }

  private static Optimizer construct(Class<? extends Optimizer> type, List<Object> arguments) {
    Constructor<?> constructor = type.getConstructors()[0];
    try {
      return type.cast(constructor.newInstance(arguments.toArray()));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException invalid) {
        throw invalid;
      }
      throw new IllegalStateException("Cannot make " + type + ": " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make " + type + ": " + e.getMessage(), e);
    }
  }

  private static String kebabCase(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Map<String, Function<Schedule, Optimizer>> byKey() {
    var byKey = new LinkedHashMap<String, Function<Schedule, Optimizer>>();
    for (var defaults : DEFAULTS) {
      byKey.put(defaults.apply(new Constant(1)).key(), defaults);
    }
    return Collections.unmodifiableMap(byKey);
  }
}
