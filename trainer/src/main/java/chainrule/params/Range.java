package chainrule.params;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The values that a hyperparameter accepts; for an array, the values that each element may have.
 * Immutable and serializable, because Spark ML's params carry their validators to executors.
 *
 * @param rule what a value must be, such as {@code >= 0 and < 1}; empty if every value is accepted
 * @param values the texts that are accepted; empty if the range is one of numbers, or unbounded
 * @param condition whether a value is accepted
 */
public record Range(String rule, List<String> values, Condition condition) implements Serializable {
  /** Whether a value is accepted: a {@link Number} or a {@link String}. */
  @FunctionalInterface
  public interface Condition extends Serializable {
    boolean accepts(Object value);
  }

  /** A condition on a number; NaN must fail it. */
  @FunctionalInterface
  private interface NumberCondition extends Serializable {
    boolean accepts(double value);
  }

  public Range {
    values = List.copyOf(values);
  }

  static Range any() {
    return new Range("", List.of(), value -> true);
  }

  static Range above(double least) {
    return numbers("> " + text(least), value -> value > least);
  }

  static Range atLeast(double least) {
    return numbers(">= " + text(least), value -> value >= least);
  }

  /** From 0 to below 1. */
  static Range fraction() {
    return numbers(">= 0 and < 1", value -> value >= 0 && value < 1);
  }

  static Range between(int least, int greatest) {
    return numbers(
        "from " + least + " to " + greatest, value -> value >= least && value <= greatest);
  }

  static Range powerOfTwo(int greatest) {
    return numbers(
        "a power of two up to " + greatest,
        value -> value >= 1 && value <= greatest && Long.bitCount((long) value) == 1);
  }

  /** From 1 on, or -1 for none. */
  static Range positiveOrNone() {
    return numbers(">= 1, or -1 for none", value -> value >= 1 || value == -1);
  }

  static Range oneOf(Stream<String> keys) {
    List<String> values = keys.distinct().toList();
    return new Range("one of " + String.join(", ", values), values, values::contains);
  }

  /** One of an enum's constants, in lower case. */
  static <E extends Enum<E>> Range oneOf(Class<E> type) {
    return oneOf(
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT)));
  }

  private static Range numbers(String rule, NumberCondition condition) {
    return new Range(rule, List.of(), value -> condition.accepts(((Number) value).doubleValue()));
  }

  private static String text(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
