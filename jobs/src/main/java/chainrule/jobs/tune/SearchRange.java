package chainrule.jobs.tune;

import chainrule.math.RandomStream;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The values of one key in a search: a list, or a range of numbers. Immutable.
 *
 * @param values of a list; empty for a range
 * @param from smallest number of a range
 * @param to largest number of a range
 * @param logarithmic whether the range is uniform in the logarithm
 * @param whole whether the range has only whole numbers
 * @param points the number of points of a range in a grid; 0: not set
 */
record SearchRange(
    List<ConfigValue> values,
    double from,
    double to,
    boolean logarithmic,
    boolean whole,
    int points) {
  /** Numbers are rounded to this precision, so that they are easy to read and type. */
  private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);

  private static final Set<String> KEYS = Set.of("from", "to", "scale", "whole", "points");
  private static final String RULE =
      "a list of values, or { from = 1e-4, to = 1e-2, scale = log } with numbers in ascending"
          + " order, scale linear or log (from > 0), whole = true or false, and for a grid points ="
          + " 2 or more";

  SearchRange {
    values = List.copyOf(values);
  }

  /**
   * Reads the value of a configuration.
   *
   * @param invalid makes the exception for a rule that the value violates
   */
  static SearchRange of(ConfigValue given, Function<String, RuntimeException> invalid) {
    if (given instanceof List<?> list) {
      if (list.isEmpty()) {
        throw invalid.apply("a list of at least one value");
      }
      List<ConfigValue> values = new ArrayList<>();
      list.forEach(value -> values.add((ConfigValue) value));
      if (values.stream().distinct().count() < values.size()) {
        throw invalid.apply("a list of values that differ");
      }
      return new SearchRange(values, 0, 0, false, false, 0);
    }
    if (!(given instanceof ConfigObject group) || !KEYS.containsAll(group.keySet())) {
      throw invalid.apply(RULE);
    }
    String scale = String.valueOf(unwrapped(group, "scale", "linear"));
    boolean logarithmic = scale.equals("log");
    boolean whole = unwrapped(group, "whole", false).equals(true);
    double from = number(group, "from", Double.NaN);
    double to = number(group, "to", Double.NaN);
    double points = number(group, "points", 0);
    boolean valid =
        (logarithmic || scale.equals("linear"))
            && Stream.of(true, false).anyMatch(unwrapped(group, "whole", false)::equals)
            && from < to
            && Double.isFinite(to - from)
            && (from > 0 || !logarithmic)
            && (points == 0 || (points >= 2 && points <= Search.GREATEST_GRID))
            && points == Math.rint(points)
            && (!whole || (from == Math.rint(from) && to == Math.rint(to)));
    if (!valid) {
      throw invalid.apply(RULE);
    }
    return new SearchRange(List.of(), from, to, logarithmic, whole, (int) points);
  }

  private static Object unwrapped(ConfigObject group, String key, Object otherwise) {
    ConfigValue value = group.get(key);
    return value == null || value.unwrapped() == null ? otherwise : value.unwrapped();
  }

  private static double number(ConfigObject group, String key, double otherwise) {
    return unwrapped(group, key, otherwise) instanceof Number number
        ? number.doubleValue()
        : Double.NaN;
  }

  boolean isList() {
    return !values.isEmpty();
  }

  /** Returns the values of a grid, in order; none if a range has no points. */
  List<ConfigValue> grid() {
    if (isList()) {
      return values;
    }
    List<ConfigValue> numbers = new ArrayList<>();
    Set<BigDecimal> seen = new TreeSet<>(); // rounding may make whole numbers equal
    for (int i = 0; i < points; i++) {
      BigDecimal number = at(i / (points - 1.0), 0);
      if (seen.add(number)) {
        numbers.add(value(number));
      }
    }
    return numbers;
  }

  /** Draws a value. */
  ConfigValue draw(RandomStream random) {
    return isList()
        ? values.get(random.nextInt(values.size()))
        : value(at(random.nextDouble(), whole ? 0.5 : 0));
  }

  /**
   * Returns the number at a fraction of the range.
   *
   * @param margin widens the range at both ends: otherwise the first and last whole number would be
   *     drawn half as often as the others
   */
  private BigDecimal at(double share, double margin) {
    double low = from - margin;
    double high = to + margin;
    double exact =
        logarithmic
            ? StrictMath.exp(
                StrictMath.log(low) + share * (StrictMath.log(high) - StrictMath.log(low)))
            : low + share * (high - low);
    BigDecimal number =
        whole
            ? new BigDecimal(exact).setScale(0, RoundingMode.HALF_EVEN)
            : new BigDecimal(exact).round(DIGITS);
    return number.max(BigDecimal.valueOf(from)).min(BigDecimal.valueOf(to)).stripTrailingZeros();
  }

  private ConfigValue value(BigDecimal number) {
    return ConfigValueFactory.fromAnyRef(
        whole ? (Number) number.longValueExact() : (Number) number.doubleValue());
  }
}
