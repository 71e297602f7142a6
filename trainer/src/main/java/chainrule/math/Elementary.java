package chainrule.math;

/**
 * Exponential and kindred functions of one number, with the same bits on every CPU, which {@link
 * Math} doesn't promise; 4 to 10 ns a call.
 *
 * <p>Formulas are in the methods. Arguments and results are double, but meant for float: relative
 * errors stay below 10⁻⁹, that is 2⁻³⁰, so a result cast to float is at most 0.52 units in the last
 * place from the truth, for every float argument, subnormal results included.
 *
 * <p>Pure functions: threads may share them. No errors: NaN gives NaN, infinities give the limits.
 *
 * <p>Sources: argument reduction as in fdlibm's e_exp.c; the series are Taylor's, cut where the
 * next term no longer counts.
 */
public final class Elementary {
  private static final double LOG2_E = 1.4426950408889634;

  /** ln 2 in two parts; the first has 32 trailing zero bits, so its multiples are exact. */
  private static final double LN2_HIGH = 0.6931471803691238;

  private static final double LN2_LOW = 1.9082149292705877e-10;
  private static final double LN2 = 0.6931471805599453;
  private static final long THREE_QUARTERS = Double.doubleToRawLongBits(0.75);
  private static final double INVERSE_SQRT_2PI = 0.3989422804014327;

  /** Added to a small number, leaves it as an integer in the low bits of the sum. */
  private static final double INTEGER_SHIFT = 0x1.8p52;

  private Elementary() {}

  /** Returns eˣ: 2ⁿ · eʳ with n = round(x / ln 2) and |r| ≤ ln 2 / 2. */
  public static double exp(double x) {
    double bounded = x > 800 ? 800 : x < -800 ? -800 : x; // beyond ±746 lie infinity and 0
    double shifted = bounded * LOG2_E + INTEGER_SHIFT;
    double n = shifted - INTEGER_SHIFT;
    double r = (bounded - n * LN2_HIGH) - n * LN2_LOW;
    // The terms in groups of four: waiting for eleven steps, one by one, would cost a third more.
    double r2 = r * r;
    double r4 = r2 * r2;
    double first = (1 + r) + (0.5 + r * (1.0 / 6)) * r2;
    double second = (1.0 / 24 + r * (1.0 / 120)) + (1.0 / 720 + r * (1.0 / 5040)) * r2;
    double third = (1.0 / 40320 + r * (1.0 / 362880)) + (1.0 / 3628800 + r * (1.0 / 39916800)) * r2;
    double sum = (first + second * r4) + third * (r4 * r4);
    int exponent = (int) Double.doubleToRawLongBits(shifted);
    int half = exponent >> 1; // in two steps, since 2ⁿ alone may be no normal number
    return sum * powerOfTwo(half) * powerOfTwo(exponent - half);
  }

  private static double powerOfTwo(int n) {
    return Double.longBitsToDouble((long) (n + 1023) << 52);
  }

  /**
   * Returns ln x: with {@code x = 2ⁿ · m} and {@code ¾ ≤ m < 1½} it is {@code n ln 2 + 2 (s + s³/3
   * + s⁵/5 + …)}, where {@code s = (m - 1) / (m + 1)}, so |s| ≤ 1/5.
   */
  public static double log(double x) {
    if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
      return StrictMath.log(x);
    }
    long bits = Double.doubleToRawLongBits(x);
    // From ¾, not 1, so that just below 1 nothing has to cancel n ln 2.
    long n = (bits - THREE_QUARTERS) >> 52;
    double m = Double.longBitsToDouble(bits - (n << 52));
    double s = (m - 1) / (m + 1);
    double z = s * s;
    double z2 = z * z;
    double z4 = z2 * z2;
    double first = (1 + z * (1.0 / 3)) + (1.0 / 5 + z * (1.0 / 7)) * z2;
    double second = (1.0 / 9 + z * (1.0 / 11)) + (1.0 / 13) * z2; // the rest: z⁷/15, 1.1 · 10⁻¹¹
    return n * LN2 + 2 * s * (first + second * z4);
  }

  /** Returns σ(x) = 1 / (1 + e⁻ˣ). */
  public static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
  }

  /** Returns σ(x) where u = e^-|x| is known: 1 / (1 + u), or u / (1 + u) below 0. */
  public static double sigmoid(double x, double u) {
    // A branch on the sign of x would be mispredicted every other time.
    double positive = 0.5 + Math.copySign(0.5, x);
    return (u + positive * (1 - u)) / (1 + u);
  }

  /**
   * Returns ln(1 + eˣ) = max(x, 0) + ln(1 + u) with u = e^-|x|, and ln(1 + u) = 2 (s + s³/3 + s⁵/5
   * + …) with s = u / (2 + u) ≤ 1/3.
   */
  public static double softplus(double x) {
    return softplus(x, exp(-Math.abs(x)));
  }

  /** Returns ln(1 + eˣ) where u = e^-|x| is known. */
  public static double softplus(double x, double u) {
    double s = u / (2 + u);
    double z = s * s;
    double z2 = z * z;
    double z4 = z2 * z2;
    double first = (1 + z * (1.0 / 3)) + (1.0 / 5 + z * (1.0 / 7)) * z2;
    double second = (1.0 / 9 + z * (1.0 / 11)) + (1.0 / 13 + z * (1.0 / 15)) * z2;
    double third = 1.0 / 17 + z * (1.0 / 19); // what follows is at most z¹⁰/21, 2 · 10⁻¹¹
    return Math.max(x, 0) + 2 * s * (first + (second + third * z4) * z4);
  }

  /** Returns the density of the standard normal distribution, φ(x) = e^(-x²/2) / √(2π). */
  public static double normalDensity(double x) {
    return INVERSE_SQRT_2PI * exp(-0.5 * x * x);
  }

  /**
   * Returns Φ(x) = ½ (1 + erf(x / √2)), the probability of a standard normal deviate below x.
   *
   * <p>Φ(-a) = φ(a) · R(a) for a ≥ 0, where Mills' ratio R is smooth: t · p(t) with t = 1 / (1 +
   * 0.28 a). The polynomial p interpolates R / t at the 13 Chebyshev nodes of 0 ≤ t ≤ 1; relative
   * error 4.4 · 10⁻¹⁰, found with 50 digits at 1000 points.
   */
  public static double normalCdf(double x) {
    return normalCdf(x, normalDensity(x));
  }

  /** Returns Φ(x) where φ(x) is known. */
  public static double normalCdf(double x, double density) {
    double t = 1 / (1 + 0.28 * Math.abs(x));
    double t2 = t * t;
    double t4 = t2 * t2;
    double first =
        (0.2800000000666763 + t * 0.27999997694720713)
            + (0.258049436190087 + t * 0.21410657789309645) * t2;
    double second =
        (0.15397693820615432 + t * 0.08182594892019963)
            + (0.050560617634767865 - t * 0.10289249068678558) * t2;
    double third =
        (0.18525562312965177 - t * 0.35915738647972884)
            + (0.32970649952365794 - t * 0.14225994931000907) * t2;
    double p = first + (second + (third + 0.024142345648989563 * t4) * t4) * t4;
    double tail = density * t * p;
    // 0 or 1: a branch on the sign of x would be mispredicted every other time.
    double positive = 0.5 + Math.copySign(0.5, x);
    return tail + positive * (1 - 2 * tail);
  }
}
