package chainrule.math;

/**
 * A stream of random numbers that is a pure function of its seed, the same on every machine and
 * Java version. Not for secrets.
 *
 * <p>Not for sharing: each use makes its own, from {@link Seeds#mix(long, long)} of what it is for.
 *
 * <p>Source: SplitMix64; Steele, Lea, Flood, <i>Fast Splittable Pseudorandom Number Generators</i>,
 * OOPSLA 2014. Normal deviates: Marsaglia's polar method.
 */
public final class RandomStream {
  private long state;
  private double spareGaussian = Double.NaN;

  public RandomStream(long seed) {
    this.state = seed;
  }

  /** Returns 64 random bits. */
  public long nextLong() {
    state += Seeds.GOLDEN_GAMMA;
    return Seeds.mix(state);
  }

  /** Returns a number from 0 (inclusive) to 1 (exclusive), a multiple of 2⁻⁵³. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Returns an integer from 0 (inclusive) to {@code bound} (exclusive). */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw Check.invalid("bound", bound, "> 0");
    }
    // The high word of a 64 × 32 bit product; its bias is below bound / 2^64.
    return (int) Math.multiplyHigh(nextLong() >>> 1, (long) bound << 1);
  }

  /** Returns a normal deviate with mean 0 and deviation 1. */
  public double nextGaussian() {
    if (!Double.isNaN(spareGaussian)) {
      double spare = spareGaussian;
      spareGaussian = Double.NaN;
      return spare;
    }
    double u;
    double v;
    double squared;
    do {
      u = 2 * nextDouble() - 1;
      v = 2 * nextDouble() - 1;
      squared = u * u + v * v;
    } while (squared >= 1 || squared == 0);
    double factor = StrictMath.sqrt(-2 * StrictMath.log(squared) / squared);
    spareGaussian = v * factor;
    return u * factor;
  }

  /**
   * Puts the values of {@code array} from {@code from} to {@code to} (exclusive) in random order.
   */
  public void shuffle(int[] array, int from, int to) {
    for (int i = to - 1; i > from; i--) {
      int j = from + nextInt(i - from + 1);
      int swapped = array[i];
      array[i] = array[j];
      array[j] = swapped;
    }
  }
}
