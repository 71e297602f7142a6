package chainrule.math;

/**
 * e^x and e^x - 1 of many floats, fast enough to follow a matrix product: below 1 ns a value, where
 * {@link Elementary}'s doubles take 4 to 8.
 *
 * <p>Formula: h = round(x / (2 ln 2)), r = x - h · 2 ln 2, so |r| ≤ ln 2; e^r - 1 = m = r + r² q(r)
 * with a polynomial q of degree 6, relative error of 1 + m 6 · 10⁻¹⁰ (a weighted least maximum over
 * 4001 points); with s = 2^h the result is s² (1 + m), or s² m + (s² - 1). As s is squared, and
 * multiplied in two steps, no power of two is out of a float's range.
 *
 * <p>Errors, found over the floats: {@link #exp} at most 1.5 units in the last place, subnormal
 * results included; {@link #expMinus1} at most 2.5. NaN gives NaN, infinities give the limits, but
 * that e^x - 1 stays at 1.6 · 10³⁸ from x = 88 on.
 *
 * <p>Float additions and multiplications and whole arrays from index 0, because that is what
 * HotSpot's vectorizer takes; the power of two is assembled from bits in a separate loop, which it
 * leaves scalar. Same bits on every CPU. Pure functions: threads may share them.
 */
public final class Exponential {
  /** 1 / (2 ln 2). */
  private static final float INVERSE = 0.7213475f;

  /** 2 ln 2 in two parts; the first has 15 trailing zero bits, so its multiples by h are exact. */
  private static final float HIGH = 0x1.63p0f;

  private static final float LOW = -4.2438888e-4f;

  /** Added to a small number, leaves it as an integer in the low bits of the sum. */
  private static final float INTEGER_SHIFT = 0x1.8p23f;

  /** The least argument that matters: e^-104 is nearer to 0 than to the least float. */
  private static final float LEAST = -104;

  private Exponential() {}

  /**
   * Writes y = e^(factor · x).
   *
   * @param factor 1, -1 or a power of two, with which products are exact
   * @param x {@code count} values from index 0; only read
   * @param y another array, overwritten from index 0
   */
  public static void exp(float factor, float[] x, float[] y, int count) {
    float greatest = 89; // beyond a float's range: infinity
    powersOfTwo(factor, greatest, x, y, count);
    for (int i = 0; i < count; i++) {
      float bounded = Math.min(Math.max(factor * x[i], LEAST), greatest);
      float h = (bounded * INVERSE + INTEGER_SHIFT) - INTEGER_SHIFT;
      float r = (bounded - h * HIGH) - h * LOW;
      y[i] = ((1 + minus1(r)) * y[i]) * y[i];
    }
  }

  /** Writes y = e^(factor · x) - 1, without cancellation near 0; else as {@link #exp}. */
  public static void expMinus1(float factor, float[] x, float[] y, int count) {
    float greatest = 88; // so that no infinity meets its opposite
    powersOfTwo(factor, greatest, x, y, count);
    for (int i = 0; i < count; i++) {
      float bounded = Math.min(Math.max(factor * x[i], LEAST), greatest);
      float h = (bounded * INVERSE + INTEGER_SHIFT) - INTEGER_SHIFT;
      float r = (bounded - h * HIGH) - h * LOW;
      y[i] = (minus1(r) * y[i]) * y[i] + (y[i] * y[i] - 1);
    }
  }

  /** Writes s = 2^h. */
  private static void powersOfTwo(float factor, float greatest, float[] x, float[] s, int count) {
    for (int i = 0; i < count; i++) {
      float bounded = Math.min(Math.max(factor * x[i], LEAST), greatest);
      s[i] = bounded * INVERSE + INTEGER_SHIFT;
    }
    for (int i = 0; i < count; i++) {
      s[i] = Float.intBitsToFloat((Float.floatToRawIntBits(s[i]) + 127) << 23);
    }
  }

  /** Returns e^r - 1 for |r| ≤ ln 2. */
  private static float minus1(float r) {
    float q = 2.443981e-5f;
    q = q * r + 2.0110067e-4f;
    q = q * r + 1.3893711e-3f;
    q = q * r + 8.332526e-3f;
    q = q * r + 4.1666526e-2f;
    q = q * r + 0.16666675f;
    q = q * r + 0.5f;
    return r + (r * r) * q;
  }
}
