package chainrule.params;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of one hyperparameter. Immutable.
 *
 * @param param name of the param in Spark ML, such as {@code batchSize}
 * @param key name in the configuration, such as {@code training.batch-size}; empty if it has none
 * @param type of its values
 * @param range values that are accepted
 * @param defaultValue value if the user sets none: a Boolean, a String, an Integer, Long or Double
 *     as the type says, or a List of them; absent if there is none
 * @param whenUnset what happens if the user sets no value and there is no default; else empty
 * @param doc one sentence that says what it is, without capital and full stop
 */
public record Hyperparameter(
    String param,
    String key,
    Type type,
    Range range,
    Optional<Object> defaultValue,
    String whenUnset,
    String doc) {
  /** Types of values. */
  public enum Type {
    BOOLEAN("boolean"),
    INT("int"),
    LONG("long"),
    DOUBLE("double"),
    TEXT("String"),
    INTS("int[]"),
    DOUBLES("double[]"),
    TEXTS("String[]");

    private final String javaType;

    Type(String javaType) {
      this.javaType = javaType;
    }

    /** Returns the type in Java. */
    public String javaType() {
      return javaType;
    }

    /** Returns whether a value is an array. */
    public boolean isArray() {
      return javaType.endsWith("[]");
    }
  }

  public Hyperparameter {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(range, "range");
    Objects.requireNonNull(defaultValue, "defaultValue");
  }

  static Hyperparameter typed(String param, String key, Type type, Range range) {
    return new Hyperparameter(param, key, type, range, Optional.empty(), "", "");
  }

  static Hyperparameter flag(String param, String key) {
    return typed(param, key, Type.BOOLEAN, Range.any());
  }

  static Hyperparameter whole(String param, String key, Range range) {
    return typed(param, key, Type.INT, range);
  }

  static Hyperparameter decimal(String param, String key, Range range) {
    return typed(param, key, Type.DOUBLE, range);
  }

  static Hyperparameter text(String param, String key, Range range) {
    return typed(param, key, Type.TEXT, range);
  }

  Hyperparameter doc(String sentence) {
    return new Hyperparameter(param, key, type, range, defaultValue, whenUnset, sentence);
  }

  Hyperparameter withDefault(Object value) {
    return new Hyperparameter(param, key, type, range, Optional.of(value), "", doc);
  }

  Hyperparameter whenUnset(String effect) {
    return new Hyperparameter(param, key, type, range, defaultValue, effect, doc);
  }

  /** Returns the sentence with the range, and with the effect of leaving the value unset. */
  public String explained() {
    String rule =
        range.rule().isEmpty() ? "" : " (" + (type.isArray() ? "each " : "") + range.rule() + ")";
    return doc + rule + (whenUnset.isEmpty() ? "" : "; unset: " + whenUnset);
  }

  /** Returns the default value as text; empty if there is none. */
  public String defaultText() {
    return defaultValue
        .map(value -> value instanceof List<?> ? value.toString() : String.valueOf(value))
        .orElse("");
  }
}
