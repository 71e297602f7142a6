package chainrule.spark.read;

import chainrule.spark.shim.Bytes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Reads decimal numbers from text without making objects, rounded correctly.
 *
 * <p>A number is {@code [+-]digits[.digits][e[+-]digits]}, with blanks around it; nothing else: no
 * hexadecimal, no suffixes, no words.
 *
 * <p>Source of the short way: a significand below 2⁵³ times or by a power of ten up to 10²² is one
 * exact operation on exact operands, so it is rounded once; W. D. Clinger, <i>How to Read Floating
 * Point Numbers Accurately</i>, PLDI 1990.
 */
final class Decimals {
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final long EXACT = 1L << 53;

  private Decimals() {}

  /** Returns the number; NaN if the text is none; infinite if it is too large for a double. */
  static double parse(UTF8String text) {
    int at = 0;
    int end = text.numBytes();
    while (at < end && Bytes.at(text, at) == ' ') {
      at++;
    }
    while (at < end && Bytes.at(text, end - 1) == ' ') {
      end--;
    }
    boolean negative = at < end && Bytes.at(text, at) == '-';
    if (at < end && (negative || Bytes.at(text, at) == '+')) {
      at++;
    }
    long significand = 0;
    int digits = 0; // of the significand, without leading zeros
    int scale = 0;
    boolean any = false;
    boolean fraction = false;
    for (; at < end; at++) {
      byte b = Bytes.at(text, at);
      if (b >= '0' && b <= '9') {
        any = true;
        if (digits > 0 || b != '0') {
          digits++;
        }
        if (digits <= 18) {
          significand = 10 * significand + (b - '0');
        }
        if (fraction) {
          scale--;
        }
      } else if (b == '.' && !fraction) {
        fraction = true;
      } else {
        break;
      }
    }
    if (!any) {
      return Double.NaN;
    }
    if (at < end) {
      int exponent = exponent(text, at, end);
      if (exponent == NO_EXPONENT) {
        return Double.NaN;
      }
      scale += exponent;
    }
    if (digits <= 18 && significand <= EXACT && Math.abs(scale) <= 22) {
      double value = (double) significand;
      value = scale < 0 ? value / POWERS_OF_TEN[-scale] : value * POWERS_OF_TEN[scale];
      return negative ? -value : value;
    }
    return Double.parseDouble(text.toString());
  }

  private static final int NO_EXPONENT = Integer.MIN_VALUE;

  /** Exponents beyond this are all the same: the number is 0 or infinite. */
  private static final int LARGE_EXPONENT = 100_000;

  private static int exponent(UTF8String text, int from, int end) {
    int at = from;
    if (Bytes.at(text, at) != 'e' && Bytes.at(text, at) != 'E') {
      return NO_EXPONENT;
    }
    at++;
    boolean negative = at < end && Bytes.at(text, at) == '-';
    if (at < end && (negative || Bytes.at(text, at) == '+')) {
      at++;
    }
    if (at == end) {
      return NO_EXPONENT;
    }
    int value = 0;
    for (; at < end; at++) {
      byte b = Bytes.at(text, at);
      if (b < '0' || b > '9') {
        return NO_EXPONENT;
      }
      value = Math.min(LARGE_EXPONENT, 10 * value + (b - '0'));
    }
    return negative ? -value : value;
  }
}
