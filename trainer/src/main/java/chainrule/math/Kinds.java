package chainrule.math;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The records that a sealed interface permits, by the {@link Key} of each: all losses, all
 * optimizers, all schedules. Configuration, files and documents take their lists from here, so the
 * {@code permits} clause is the only list there is.
 *
 * <p>A record describes itself by its public components: their names in kebab case are the names of
 * hyperparameters in configuration and files, and {@link Default} gives their defaults.
 *
 * <p>Immutable: threads may share it.
 *
 * <p>Errors: {@link IllegalStateException} if the interface permits a class that is no record or
 * has no key, or if two have the same; {@link IllegalArgumentException} for an unknown key.
 *
 * @param <T> the sealed interface
 */
public final class Kinds<T> {
  private final String what;
  private final Map<String, Class<? extends T>> byKey;

  private Kinds(String what, Map<String, Class<? extends T>> byKey) {
    this.what = what;
    this.byKey = byKey;
  }

  /**
   * Returns the records that an interface and its sealed subinterfaces permit.
   *
   * @param what such a record is, for messages
   */
  public static <T> Kinds<T> of(String what, Class<T> sealed) {
    var byKey = new LinkedHashMap<String, Class<? extends T>>();
    collect(sealed, sealed, byKey);
    return new Kinds<>(what, Collections.unmodifiableMap(byKey));
  }

  private static <T> void collect(
      Class<T> root, Class<?> type, Map<String, Class<? extends T>> byKey) {
    if (type.isSealed()) {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        collect(root, permitted, byKey);
      }
      return;
    }
    if (type.isInterface()) {
      return; // non-sealed: for what configuration does not know
    }
    if (!type.isRecord()) {
      throw new IllegalStateException("Cannot register " + type + ": it is not a record");
    }
    Class<?> previous = byKey.put(keyOf(type), type.asSubclass(root));
    if (previous != null) {
      throw new IllegalStateException("Cannot register " + type + ": " + previous + " has its key");
    }
  }

  /** Returns the key of a record. */
  public static String key(Object instance) {
    return keyOf(instance.getClass());
  }

  /** Returns the key of a type of records. */
  public static String keyOf(Class<?> type) {
    Key key = type.getAnnotation(Key.class);
    if (key == null) {
      throw new IllegalStateException("Cannot name " + type + ": it has no @Key");
    }
    return key.value();
  }

  /** Returns all keys, in the order of the {@code permits} clauses. */
  public List<String> keys() {
    return List.copyOf(byKey.keySet());
  }

  /** Returns the names of a kind's components, in their order. */
  public List<String> names(String key) {
    return Arrays.stream(components(key)).map(Kinds::kebabCase).toList();
  }

  /** Returns the defaults of a kind's components by name, of those that have one. */
  public Map<String, Double> defaults(String key) {
    var defaults = new LinkedHashMap<String, Double>();
    for (RecordComponent component : components(key)) {
      Optional.ofNullable(component.getAnnotation(Default.class))
          .ifPresent(given -> defaults.put(kebabCase(component), given.value()));
    }
    return defaults;
  }

  private RecordComponent[] components(String key) {
    return type(key).getRecordComponents();
  }

  private Class<? extends T> type(String key) {
    Check.argument(byKey.containsKey(key), what, key, "one of " + keys());
    return byKey.get(key);
  }

  /**
   * Returns a record.
   *
   * @param values the value of each component by its name
   * @throws IllegalArgumentException if there is no such key, or a value is out of range
   */
  public T make(String key, Function<String, ?> values) {
    Class<? extends T> type = type(key);
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] arguments =
        Arrays.stream(components)
            .map(component -> of(component.getType(), values.apply(kebabCase(component))))
            .toArray(Object[]::new);
    try {
      return type.getConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException invalid) {
        throw invalid;
      }
      throw new IllegalStateException("Cannot make " + type + ": " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make " + type + ": " + e.getMessage(), e);
    }
  }

  /** Converts a number to the type of its component. */
  private static Object of(Class<?> type, Object value) {
    if (type == long.class) {
      return ((Number) value).longValue();
    }
    return type == double.class ? (Object) ((Number) value).doubleValue() : value;
  }

  /** Returns a record's numbers by name, in the order of its components. */
  public static Map<String, Double> numbers(Object instance) {
    var values = new LinkedHashMap<String, Double>();
    for (RecordComponent component : instance.getClass().getRecordComponents()) {
      if (component.getType() == double.class) {
        try {
          values.put(kebabCase(component), (Double) component.getAccessor().invoke(instance));
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException("Cannot read " + component + ": " + e.getMessage(), e);
        }
      }
    }
    return values;
  }

  private static String kebabCase(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
