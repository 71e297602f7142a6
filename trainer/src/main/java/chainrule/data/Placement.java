package chainrule.data;

import chainrule.math.Check;
import chainrule.math.Seeds;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Where a row belongs, by its content and the seed alone: its shard, its place in the shard, and
 * whether it is a validation row.
 *
 * <p>A row's key is its hash. The shard is given by the key's highest bits, the place by the order
 * of keys (as unsigned numbers; ties by content), so that the shards follow each other in one order
 * of all rows. Copies of a row have the same key and are neighbours; they are distinguished by
 * their number among the copies, so that a table of few distinct rows is split as evenly as any
 * other.
 *
 * @param seed the run's seed
 * @param validationFrom rows whose split key is in a range from this (unsigned) are validation rows
 * @param validationBound where that range ends; 0: after the greatest key if the range begins above
 *     0, otherwise the range is empty
 */
public record Placement(long seed, long validationFrom, long validationBound)
    implements Serializable {
  /**
   * Up to this many rows the validation part is exact; above, a row is a validation row with the
   * given probability, and the deviation of their number is below 2 %.
   */
  public static final int EXACT_SPLIT_ROWS = 20_000;

  private static final long SHARD_SALT = 1;
  private static final long SPLIT_SALT = 2;
  private static final long SAMPLE_SALT = 3;
  private static final long TEST_SALT = 4;

  /** Holds out the rows whose split key is below a bound (unsigned); 0: none. */
  public Placement(long seed, long validationBound) {
    this(seed, 0, validationBound);
  }

  /** Places all rows in the training part. */
  public static Placement withoutValidation(long seed) {
    return new Placement(seed, 0);
  }

  /** Returns the row's key under a seed. */
  public static long key(RawRow row, long seed) {
    return row.hash(Seeds.mix(seed, SHARD_SALT));
  }

  /** Returns the shard of a key among {@code shards}, a power of two. */
  public static int shard(long key, int shards) {
    return shards == 1 ? 0 : (int) (key >>> (64 - Integer.numberOfTrailingZeros(shards)));
  }

  /** Throws unless the number of shards is a power of two from 1 to 65,536. */
  public static void checkShards(int shards) {
    Check.argument(
        Integer.bitCount(shards) == 1 && shards > 0 && shards <= 65_536,
        "shards",
        shards,
        "a power of two from 1 to 65536");
  }

  /** Orders rows: by key as an unsigned number, then by content. */
  public static int compare(long leftKey, RawRow left, long rightKey, RawRow right) {
    int order = Long.compareUnsigned(leftKey, rightKey);
    return order == 0 ? left.compareTo(right) : order;
  }

  /**
   * Returns the key by which the validation part is chosen.
   *
   * @param key the row's key
   * @param copy how many equal rows lie before it in the order
   */
  public static long splitKey(long key, long copy) {
    return Seeds.mix(key, SPLIT_SALT, copy);
  }

  /**
   * Returns the bound below which exactly {@code round(fraction · n)} of these split keys lie
   * (unless two keys are equal).
   *
   * @param splitKeys of all rows; this method works in the array and leaves it changed
   */
  public static long exactBound(long[] splitKeys, double fraction) {
    checkFraction(fraction);
    int count = (int) Math.round(fraction * splitKeys.length);
    for (int i = 0; i < splitKeys.length; i++) {
      splitKeys[i] += Long.MIN_VALUE; // so that signed order is unsigned order
    }
    Arrays.sort(splitKeys);
    return count == 0 ? 0 : splitKeys[count - 1] - Long.MIN_VALUE + 1;
  }

  /** Returns the bound below which a key lies with the given probability. */
  public static long expectedBound(double fraction) {
    checkFraction(fraction);
    // 2^53 · fraction is exact in a long; the lower 11 bits do not matter.
    return (long) (fraction * 0x1p53) << 11;
  }

  private static void checkFraction(double fraction) {
    Check.argument(fraction >= 0 && fraction < 1, "fraction", fraction, ">= 0 and < 1");
  }

  /** Returns whether the row with this split key is a validation row. */
  public boolean isValidation(long splitKey) {
    // Modulo 2^64, so that a bound of 0 behind a range is 2^64.
    return Long.compareUnsigned(splitKey - validationFrom, validationBound - validationFrom) < 0;
  }

  /**
   * Returns whether the row of this split key is one of a sample of about this fraction of rows.
   */
  public static boolean isSampled(long splitKey, double fraction) {
    return fraction >= 1
        || Long.compareUnsigned(Seeds.mix(splitKey, SAMPLE_SALT), expectedBound(fraction)) < 0;
  }

  /** Returns whether a row of this key is in a test part of about this fraction of all rows. */
  public static boolean isTest(long key, double fraction) {
    return Long.compareUnsigned(Seeds.mix(key, TEST_SALT), expectedBound(fraction)) < 0;
  }

  /** Gives the split keys of rows that come in the order of a shard. Not for sharing. */
  public static final class Splitter {
    private long previousKey;
    private RawRow previous;
    private long copy;

    /** Returns the split key of the next row in the order. */
    public long next(long key, RawRow row) {
      boolean again = previous != null && key == previousKey && row.equals(previous);
      copy = again ? copy + 1 : 0;
      previousKey = key;
      previous = row;
      return splitKey(key, copy);
    }
  }
}
