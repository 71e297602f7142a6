package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberStatisticsTest {
  private static final MathContext DIGITS = new MathContext(60);

  private static NumberStatistics of(double... values) {
    var statistics = new NumberStatistics();
    for (double value : values) {
      statistics.add(value, true);
    }
    return statistics;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static BigDecimal exactMean(double... values) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      sum = sum.add(new BigDecimal(value));
    }
    return sum.divide(BigDecimal.valueOf(values.length), DIGITS);
  }

  private static double exactDeviation(double... values) {
    BigDecimal mean = exactMean(values);
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      sum = sum.add(new BigDecimal(value).subtract(mean).pow(2));
    }
    return sum.divide(BigDecimal.valueOf(values.length), DIGITS).sqrt(DIGITS).doubleValue();
  }

  /** One unit in the last place: 34 digits may tip what lies just between two doubles. */
  private static void assertMean(double mean, double... values) {
    double exact = exactMean(values).doubleValue();
    assertThat(Math.abs(mean - exact)).isLessThanOrEqualTo(Math.ulp(exact));
  }

  @Property(tries = 100)
  void givesTheExactMeanAndDeviation(
      @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = -1e9, max = 1e9) Double> values) {
    double[] numbers = array(values);
    assertMean(of(numbers).mean(), numbers);
    double deviation = exactDeviation(numbers);
    // Two roundings, of the variance and of its root, and what AssertJ takes for their distance.
    assertThat(of(numbers).deviation(0)).isCloseTo(deviation, within(6e-16 * deviation));
  }

  @Test
  void losesNothingWhereTheMeanIsFarGreaterThanTheDeviation() {
    double[] values = new double[1_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1e9 + 1e-3 * (i % 2 == 0 ? 1 : -1);
    }
    assertThat(of(values).mean()).isEqualTo(exactMean(values).doubleValue());
    double deviation = exactDeviation(values);
    assertThat(deviation).isCloseTo(1e-3, within(1e-6));
    assertThat(of(values).deviation(0)).isCloseTo(deviation, within(1e-18));
  }

  @Property(tries = 100)
  void countsImputedValuesIntoMeanAndDeviation(
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = -10, max = 10) Double> values,
      @ForAll @IntRange(max = 5) int missing,
      @ForAll @DoubleRange(min = -10, max = 10) double imputed) {
    NumberStatistics statistics = of(array(values));
    double[] all = Arrays.copyOf(array(values), values.size() + missing);
    for (int i = 0; i < missing; i++) {
      statistics.add(Double.NaN, true);
      all[values.size() + i] = imputed;
    }
    assertThat(statistics.missing()).isEqualTo(missing);
    assertThat(statistics.count()).isEqualTo(values.size());
    assertMean(statistics.meanWith(imputed), all);
    double deviation = exactDeviation(all);
    assertThat(statistics.deviation(imputed)).isCloseTo(deviation, within(6e-16 * deviation));
  }

  @Property(tries = 100)
  void mergesToTheSameBitsInAnyOrder(
      @ForAll @Size(min = 2, max = 30) List<Float> values, @ForAll @IntRange(max = 2) int cut) {
    double[] numbers = values.stream().mapToDouble(Float::doubleValue).toArray();
    NumberStatistics whole = of(numbers);
    NumberStatistics parts = of(Arrays.copyOfRange(numbers, cut, numbers.length));
    parts.merge(of(Arrays.copyOfRange(numbers, 0, cut)));
    parts.merge(new NumberStatistics());
    assertThat(parts.mean()).isEqualTo(whole.mean());
    assertThat(parts.deviation(1)).isEqualTo(whole.deviation(1));
    assertThat(parts.count()).isEqualTo(whole.count());
    assertThat(parts.missing()).isEqualTo(whole.missing());
    assertThat(parts.minimum()).isEqualTo(whole.minimum());
    assertThat(parts.maximum()).isEqualTo(whole.maximum());
    for (double fraction : new double[] {0, 0.1, 0.5, 0.77, 1}) {
      assertThat(parts.quantile(fraction)).isEqualTo(whole.quantile(fraction));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0.25, 3", "0.5, 5", "0.6, 5.4", "0.75, 6", "0.875, 8", "1, 10"})
  void interpolatesQuantilesBetweenOrderStatistics(double fraction, double expected) {
    assertThat(of(6, 1, 10, 5, Double.NaN, 3).quantile(fraction))
        .isCloseTo(expected, within(1e-14));
  }

  @Test
  void takesTheMiddleOrTheMeanOfTheMiddleTwoAsMedian() {
    assertThat(of(9, 1, 4).quantile(0.5)).isEqualTo(4);
    assertThat(of(9, 1, 4, 5).quantile(0.5)).isEqualTo(4.5);
    assertThat(of(7).quantile(0.5)).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "1.5, 0.2", "3, 0.2", "3.1, 0.6", "9, 0.8", "10, 0.8", "11, 1"})
  void countsTheShareOfValuesBelowANumber(double number, double expected) {
    assertThat(of(3, 1, 10, 5, Double.NaN, 3).shareBelow(number)).isEqualTo(expected);
  }

  @Test
  void leavesWhatIsNotSampledOutOfQuantilesOnly() {
    NumberStatistics statistics = of(1, 2, 3);
    statistics.add(100, false);
    assertThat(statistics.quantile(1)).isEqualTo(3);
    assertThat(statistics.maximum()).isEqualTo(100);
    assertThat(statistics.mean()).isEqualTo(26.5);
  }

  @Test
  void isZeroOfNoValues() {
    var nothing = new NumberStatistics();
    assertThat(DoubleStream.of(nothing.mean(), nothing.meanWith(3), nothing.deviation(3)))
        .containsOnly(0.0);
    assertThat(nothing.quantile(0.5)).isZero();
    assertThat(nothing.shareBelow(0.5)).isZero();
    assertThat(nothing.minimum()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(nothing.maximum()).isEqualTo(Double.NEGATIVE_INFINITY);
    nothing.add(Double.NaN, true);
    assertThat(nothing.meanWith(3)).isEqualTo(3);
    assertThat(nothing.deviation(3)).isZero();
  }
}
