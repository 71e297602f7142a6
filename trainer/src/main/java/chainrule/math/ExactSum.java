package chainrule.math;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * A sum of doubles without any rounding until it is read, so that neither order nor grouping
 * matters: {@code value() = round(Σ x)}.
 *
 * <p>The sum is a fixed-point number of 67 chunks of 64 bits, 32 bits apart, wide enough for every
 * double and for 2⁶³ of them. An addition touches two chunks; the upper halves take the carries,
 * which are passed on every 1024 additions. About 5 ns an addition, 560 bytes an object.
 *
 * <p>Owns its chunks and changes with every addition, so threads may not share one: give each its
 * own, then {@link #merge}.
 *
 * <p>Errors: {@link IllegalArgumentException} for NaN and infinity; the sum is then as before.
 *
 * <p>Source: the small superaccumulator of Radford Neal, <i>Fast exact summation using small and
 * large superaccumulators</i>, arXiv 1505.05571 (2015).
 */
public final class ExactSum implements Serializable {
  private static final long serialVersionUID = 1;

  /** Chunk i counts units of 2^(32 i - 1075), so that an exponent's low five bits shift left. */
  private static final int UNIT_EXPONENT = -1075;

  /** 2046 / 32 + 1 chunks hold the largest double; two more hold the carries of 2⁶³ of them. */
  private static final int CHUNKS = 67;

  /** An addition adds less than 2⁵², and a chunk has room for 2⁶³. */
  private static final int ADDITIONS_BETWEEN_CARRIES = 1024;

  private static final long LOW_HALF = 0xffffffffL;

  private final long[] chunks = new long[CHUNKS];
  private int additionsSinceCarry;

  /** Adds a number. */
  public void add(double x) {
    long bits = Double.doubleToRawLongBits(x);
    int exponent = (int) (bits >>> 52) & 0x7ff;
    long mantissa = bits & 0xfffffffffffffL;
    if (exponent == 0x7ff) {
      throw Check.invalid("number to sum", x, "finite");
    } else if (exponent == 0) {
      exponent = 1; // subnormal: same unit as the smallest normal numbers, no hidden bit
    } else {
      mantissa |= 1L << 52;
    }
    int chunk = exponent >>> 5;
    int shift = exponent & 31;
    long low = (mantissa << shift) & LOW_HALF;
    long high = mantissa >>> (32 - shift);
    if (bits >= 0) {
      chunks[chunk] += low;
      chunks[chunk + 1] += high;
    } else {
      chunks[chunk] -= low;
      chunks[chunk + 1] -= high;
    }
    additionsSinceCarry++;
    if (additionsSinceCarry == ADDITIONS_BETWEEN_CARRIES) {
      carry();
    }
  }

  /**
   * Adds the square of a number, exactly so if the number is 0 or its magnitude is at least 2⁻⁴⁸⁵;
   * below, with an error that is the same every time and smaller than the least double.
   *
   * @throws IllegalArgumentException if the square is not finite
   */
  public void addSquare(double x) {
    double square = x * x;
    if (!Double.isFinite(square)) {
      throw Check.invalid("number to square", x, "finite, and so its square");
    }
    add(square);
    add(Math.fma(x, x, -square)); // what rounding took, itself a double
  }

  /** Adds all that another sum holds; the other stays as it is. */
  public void merge(ExactSum other) {
    carry();
    for (int i = 0; i < CHUNKS; i++) {
      chunks[i] += other.chunks[i];
    }
    carry();
  }

  /**
   * Returns the sum, rounded to the nearest double (to the even one of two): infinite if it is
   * beyond them all, and +0 if it is zero.
   */
  public double value() {
    BigInteger units = units();
    BigInteger magnitude = units.abs();
    // Below 2⁻¹⁰⁷⁴, the spacing of subnormal numbers, there is just one bit, and it is always 0.
    int dropped = Math.max(1, magnitude.bitLength() - 53);
    long kept = magnitude.shiftRight(dropped).longValueExact();
    if (magnitude.testBit(dropped - 1)) {
      boolean tie = magnitude.getLowestSetBit() == dropped - 1;
      if (!tie || (kept & 1) == 1) {
        kept++;
      }
    }
    double rounded = Math.scalb((double) kept, dropped + UNIT_EXPONENT);
    return units.signum() < 0 ? -rounded : rounded;
  }

  /** Returns the sum itself, for what must not lose digits: a variance from Σ x² and Σ x. */
  public BigDecimal exactValue() {
    BigInteger units = units();
    if (units.signum() == 0) {
      return BigDecimal.ZERO;
    }
    int zeros = units.getLowestSetBit();
    BigInteger odd = units.shiftRight(zeros);
    int exponent = zeros + UNIT_EXPONENT;
    if (exponent >= 0) {
      return new BigDecimal(odd.shiftLeft(exponent));
    }
    // 2^-n = 5^n / 10^n
    return new BigDecimal(odd.multiply(BigInteger.valueOf(5).pow(-exponent)), -exponent);
  }

  /** Returns the sum in units of 2⁻¹⁰⁷⁵. */
  private BigInteger units() {
    carry();
    var bytes = ByteBuffer.allocate(Long.BYTES + (CHUNKS - 1) * Integer.BYTES);
    bytes.putLong(chunks[CHUNKS - 1]);
    for (int i = CHUNKS - 2; i >= 0; i--) {
      bytes.putInt((int) chunks[i]);
    }
    return new BigInteger(bytes.array());
  }

  /** Leaves every chunk but the last from 0 to 2³² - 1: the one such form of the sum. */
  private void carry() {
    for (int i = 0; i < CHUNKS - 1; i++) {
      chunks[i + 1] += chunks[i] >> 32;
      chunks[i] &= LOW_HALF;
    }
    additionsSinceCarry = 0;
  }

  @Override
  public String toString() {
    return Double.toString(value());
  }
}
