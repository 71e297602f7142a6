package chainrule.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ElementaryTest {
  /** A prime, so that samples fall on all kinds of bit patterns: about 430,000 of them. */
  private static final int BITS_BETWEEN_SAMPLES = 9973;

  /** Half a unit is the rounding to float, and 0.02 is a relative error of 10⁻⁹. */
  private static final double UNITS = 0.52;

  @Test
  void expIsNearestToTheTruth() {
    assertAccurate(Elementary::exp, StrictMath::exp);
  }

  @Test
  void logIsNearestToTheTruth() {
    int end = Float.floatToIntBits(Float.POSITIVE_INFINITY);
    for (int bits = 1; bits < end; bits += BITS_BETWEEN_SAMPLES) {
      assertAccurateAt(Float.intBitsToFloat(bits), Elementary::log, StrictMath::log);
    }
  }

  @Test
  void logIsAccurateBeyondTheRangeOfFloats() {
    for (double x = -0.9; x <= 1.5; x += 1e-5) {
      // The series ends at 1.1 · 10⁻¹¹ of the part that is not n ln 2.
      assertRelative(Elementary.log(1 + x), StrictMath.log(1 + x), 2e-11, 1 + x);
    }
    for (double x = Double.MIN_VALUE; x <= Double.MAX_VALUE; x *= 1.7) {
      assertRelative(Elementary.log(x), StrictMath.log(x), 2e-11, x);
    }
  }

  @Test
  void sigmoidAndSoftplusTakeAPowerThatIsKnown() {
    for (double x = -40; x <= 40; x += 1e-3) {
      double power = Elementary.exp(-Math.abs(x));
      // Twice what exp may err: e^x and e^-x round apart.
      assertRelative(Elementary.sigmoid(x, power), Elementary.sigmoid(x), 2e-13, x);
      assertThat(Elementary.softplus(x, power)).isEqualTo(Elementary.softplus(x));
    }
  }

  @Test
  void sigmoidIsNearestToTheTruth() {
    assertAccurate(Elementary::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)));
  }

  @Test
  void softplusIsNearestToTheTruth() {
    assertAccurate(
        Elementary::softplus,
        x ->
            x > 0 ? x + StrictMath.log1p(StrictMath.exp(-x)) : StrictMath.log1p(StrictMath.exp(x)));
  }

  @Test
  void normalDensityIsNearestToTheTruth() {
    assertAccurate(
        Elementary::normalDensity,
        x -> StrictMath.exp(-x * x / 2) / StrictMath.sqrt(2 * StrictMath.PI));
  }

  @Test
  void normalCdfIsNearestToTheTruth() {
    assertAccurate(Elementary::normalCdf, ElementaryTest::normalCdf);
  }

  @Test
  void isAccurateWhereTrainingLives() {
    for (double x = -20; x <= 20; x += 1e-4) {
      // 10⁻⁹, as the class promises; only the normal distribution comes near it.
      assertRelative(Elementary.exp(x), StrictMath.exp(x), 1e-13, x);
      assertRelative(Elementary.normalCdf(x), normalCdf(x), 1e-9, x);
    }
  }

  @Test
  void expIsAccurateBeyondTheRangeOfFloats() {
    for (double x = -708; x <= 709; x += 0.01) {
      // The rounding of the polynomial, and that of n · ln 2 in the argument.
      assertRelative(Elementary.exp(x), StrictMath.exp(x), 1e-13, x);
    }
    assertThat(Elementary.exp(-740)).isCloseTo(StrictMath.exp(-740), within(Double.MIN_VALUE));
    assertThat(Elementary.exp(710)).isInfinite();
    assertThat(Elementary.exp(-746)).isZero();
  }

  @Test
  void hasItsLimitsAtInfinity() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(Elementary.exp(infinity)).isEqualTo(infinity);
    assertThat(Elementary.exp(-infinity)).isZero();
    assertThat(Elementary.log(infinity)).isEqualTo(infinity);
    assertThat(Elementary.log(0)).isEqualTo(-infinity);
    assertThat(Elementary.log(-1)).isNaN();
    assertThat(Elementary.sigmoid(infinity)).isEqualTo(1);
    assertThat(Elementary.sigmoid(-infinity)).isZero();
    assertThat(Elementary.softplus(infinity)).isEqualTo(infinity);
    assertThat(Elementary.softplus(-infinity)).isZero();
    assertThat(Elementary.normalDensity(infinity)).isZero();
    assertThat(Elementary.normalDensity(-infinity)).isZero();
    assertThat(Elementary.normalCdf(infinity)).isEqualTo(1);
    assertThat(Elementary.normalCdf(-infinity)).isZero();
  }

  @Test
  void isExactAtZero() {
    assertThat(Elementary.exp(0)).isEqualTo(1);
    assertThat(Elementary.log(1)).isZero();
    assertThat(Elementary.sigmoid(0)).isEqualTo(0.5);
    assertThat((float) Elementary.normalCdf(0)).isEqualTo(0.5f);
  }

  @Test
  void givesNaNForNaN() {
    DoubleUnaryOperator[] functions = {
      Elementary::exp,
      Elementary::log,
      Elementary::sigmoid,
      Elementary::softplus,
      Elementary::normalDensity,
      Elementary::normalCdf
    };
    // Quiet NaNs of either sign and with other payloads, whose bits exp takes for an exponent.
    double[] samples = {
      Double.NaN,
      Double.longBitsToDouble(0xfff8000000000000L),
      Double.longBitsToDouble(0x7fffffffffffffffL),
      Double.longBitsToDouble(0x7ff80000fffffc01L)
    };
    for (DoubleUnaryOperator function : functions) {
      for (double nan : samples) {
        assertThat(function.applyAsDouble(nan)).isNaN();
      }
    }
  }

  /** Goes through the floats of both signs, from the smallest to the largest. */
  private static void assertAccurate(DoubleUnaryOperator function, DoubleUnaryOperator truth) {
    int end = Float.floatToIntBits(Float.POSITIVE_INFINITY);
    for (int bits = 0; bits < end; bits += BITS_BETWEEN_SAMPLES) {
      assertAccurateAt(Float.intBitsToFloat(bits), function, truth);
      assertAccurateAt(-Float.intBitsToFloat(bits), function, truth);
    }
  }

  private static void assertAccurateAt(
      float x, DoubleUnaryOperator function, DoubleUnaryOperator truth) {
    float actual = (float) function.applyAsDouble(x);
    double expected = truth.applyAsDouble(x);
    if (actual != (float) expected) {
      double error = Math.abs(actual - expected) / Math.ulp((float) expected);
      assertThat(error).as("units at %s: %s for %s", x, actual, expected).isLessThan(UNITS);
    }
  }

  private static void assertRelative(double actual, double expected, double error, double x) {
    if (Math.abs(actual - expected) > error * Math.abs(expected)) {
      assertThat(actual).as("at %s", x).isCloseTo(expected, within(error * Math.abs(expected)));
    }
  }

  /** Abramowitz and Stegun, 26.2.11 (series) near 0 and 26.2.14 (continued fraction) beyond. */
  private static double normalCdf(double x) {
    double a = Math.abs(x);
    double density = StrictMath.exp(-a * a / 2) / StrictMath.sqrt(2 * StrictMath.PI);
    double tail;
    if (a < 3) {
      double term = a;
      double sum = a;
      for (int n = 3; term > sum * 1e-17; n += 2) {
        term *= a * a / n;
        sum += term;
      }
      tail = 0.5 - density * sum;
    } else {
      double fraction = a;
      for (int n = 200; n >= 1; n--) {
        fraction = a + n / fraction;
      }
      tail = density / fraction;
    }
    return x > 0 ? 1 - tail : tail;
  }
}
