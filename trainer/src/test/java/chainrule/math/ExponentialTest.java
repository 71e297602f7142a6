package chainrule.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ExponentialTest {
  /** An odd number, so that samples fall on all kinds of bit patterns: about 2 million a sign. */
  private static final int BITS_BETWEEN_SAMPLES = 997;

  private static final int COUNT = 1000;

  private interface Function {
    void apply(float factor, float[] x, float[] y, int count);
  }

  @Test
  void expIsWithinItsBoundOfTheTruthForEveryFloat() {
    for (float factor : new float[] {1, -1, 2}) {
      assertAccurate(Exponential::exp, factor, StrictMath::exp, 1.5);
    }
  }

  @Test
  void expMinus1IsWithinItsBoundOfTheTruthForEveryFloat() {
    for (float factor : new float[] {1, -1, 2}) {
      assertAccurate(Exponential::expMinus1, factor, x -> StrictMath.expm1(Math.min(x, 88)), 2.5);
    }
  }

  @Test
  void isAccurateWhereTrainingLives() {
    float[] x = new float[COUNT];
    for (int from = -100_000; from < 100_000; from += COUNT) {
      for (int i = 0; i < COUNT; i++) {
        x[i] = (from + i) * 1e-4f;
      }
      assertAccurate(Exponential::exp, 1, x, StrictMath::exp, 1.5);
      assertAccurate(Exponential::expMinus1, 1, x, StrictMath::expm1, 2.5);
    }
  }

  @Test
  void hasItsLimitsAtInfinityAndIsExactAtZero() {
    float infinity = Float.POSITIVE_INFINITY;
    float[] x = {-infinity, infinity, 0, -0f};
    float[] y = new float[4];
    Exponential.exp(1, x, y, 4);
    assertThat(y).containsExactly(0, infinity, 1, 1);
    Exponential.expMinus1(1, x, y, 4);
    assertThat(y).containsExactly(-1, (float) StrictMath.expm1(88), 0, 0);
  }

  @Test
  void givesNaNForEveryNaN() {
    float[] x = {
      Float.NaN,
      Float.intBitsToFloat(0xffc00000),
      Float.intBitsToFloat(0x7fffffff),
      Float.intBitsToFloat(0x7fc00181)
    };
    float[] y = new float[4];
    Exponential.exp(1, x, y, 4);
    assertThat(y).containsOnly(Float.NaN);
    Exponential.expMinus1(1, x, y, 4);
    assertThat(y).containsOnly(Float.NaN);
  }

  @Test
  void writesOnlyAsManyValuesAsAsked() {
    float[] y = {5, 5, 5};
    Exponential.exp(1, new float[3], y, 2);
    assertThat(y).containsExactly(1, 1, 5);
  }

  /** Goes through the floats of both signs, from the smallest to the largest. */
  private static void assertAccurate(
      Function function, float factor, DoubleUnaryOperator truth, double units) {
    float[] x = new float[COUNT];
    int at = 0;
    int end = Float.floatToIntBits(Float.MAX_VALUE) - 2 * BITS_BETWEEN_SAMPLES;
    for (int bits = 0; bits < end; bits += BITS_BETWEEN_SAMPLES) {
      x[at++] = Float.intBitsToFloat(bits);
      x[at++] = -Float.intBitsToFloat(bits);
      if (at == COUNT) {
        assertAccurate(function, factor, x, truth, units);
        at = 0;
      }
    }
  }

  private static void assertAccurate(
      Function function, float factor, float[] x, DoubleUnaryOperator truth, double units) {
    float[] y = new float[COUNT];
    function.apply(factor, x, y, COUNT);
    for (int i = 0; i < COUNT; i++) {
      double expected = truth.applyAsDouble((double) factor * x[i]);
      if (y[i] != (float) expected) {
        double error = Math.abs(y[i] - expected) / Math.ulp((float) expected);
        assertThat(error).as("units at %s: %s for %s", x[i], y[i], expected).isLessThan(units);
      }
    }
  }
}
