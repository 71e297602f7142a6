package chainrule.math;

/**
 * Derives seeds and hashes from numbers: a pure function, the same on every machine.
 *
 * <p>Source: the finalizer of SplitMix64; Steele, Lea, Flood, <i>Fast Splittable Pseudorandom
 * Number Generators</i>, OOPSLA 2014, with the constants of Stafford's variant 13.
 */
public final class Seeds {
  /** The odd number nearest 2⁶⁴ divided by the golden ratio. */
  static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Seeds() {}

  /** Returns a number in which every bit depends on every bit of {@code value}. */
  public static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Returns the seed for {@code key} under {@code seed}; the order of arguments matters. */
  public static long mix(long seed, long key) {
    return mix(mix(seed + GOLDEN_GAMMA) + GOLDEN_GAMMA + key);
  }

  /** Returns the seed for a pair of keys under {@code seed}. */
  public static long mix(long seed, long key1, long key2) {
    return mix(mix(seed, key1), key2);
  }

  /** Returns the seed for three keys under {@code seed}. */
  public static long mix(long seed, long key1, long key2, long key3) {
    return mix(mix(seed, key1, key2), key3);
  }
}
