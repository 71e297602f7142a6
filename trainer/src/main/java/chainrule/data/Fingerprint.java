package chainrule.data;

import java.io.Serializable;
import java.util.Locale;

/**
 * A fingerprint of a table's rows that does not depend on their order: 128 bits, the sums (modulo
 * 2⁶⁴) of two independent hashes of every row. Tables that differ in one cell or one copy of a row
 * differ in it with near certainty.
 *
 * <p>It identifies the data that a model was trained on; it is not secure against forged rows.
 * Immutable.
 *
 * @param rows how many there are
 * @param high the sum of one hash
 * @param low the sum of the other
 */
public record Fingerprint(long rows, long high, long low) implements Serializable {
  private static final long HIGH_SEED = 0x636861696e72756cL;
  private static final long LOW_SEED = 0x6261636b70726f70L;

  /** Returns the fingerprint of no rows. */
  public static Fingerprint empty() {
    return new Fingerprint(0, 0, 0);
  }

  /** Returns the fingerprint of these rows and one more. */
  public Fingerprint plus(RawRow row) {
    return new Fingerprint(rows + 1, high + row.hash(HIGH_SEED), low + row.hash(LOW_SEED));
  }

  /** Returns the fingerprint of these rows and those. */
  public Fingerprint plus(Fingerprint other) {
    return new Fingerprint(rows + other.rows, high + other.high, low + other.low);
  }

  /** Returns 32 hexadecimal digits. */
  public String toHex() {
    return String.format(Locale.ROOT, "%016x%016x", high, low);
  }
}
