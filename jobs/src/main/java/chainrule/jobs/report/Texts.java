package chainrule.jobs.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Formats numbers and names for pages. */
final class Texts {
  /** Code points of a name that are shown; a name may be very long. */
  static final int LONGEST_NAME = 60;

  private static final int LONGEST_VALUE = 200;

  private static final String NO_NUMBER = "–";
  private static final MathContext DIGITS = new MathContext(4);
  private static final char THIN_SPACE = '\u202f';

  private Texts() {}

  /** Returns a number with four significant digits; a whole number below a billion in full. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return NO_NUMBER;
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return count((long) value);
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS);
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent < -4 || exponent > 8) {
      String mantissa = rounded.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString();
      return minus(mantissa + "e" + exponent);
    }
    return exponent >= 4
        ? count(rounded.longValue())
        : minus(rounded.stripTrailingZeros().toPlainString());
  }

  /** Returns a whole number with digits in groups of three. */
  static String count(long value) {
    String digits = String.format(Locale.ROOT, "%,d", value);
    return minus(Math.abs(value) < 10_000 ? Long.toString(value) : digits.replace(',', THIN_SPACE));
  }

  private static String minus(String number) {
    return number.startsWith("-") ? "−" + number.substring(1) : number;
  }

  /** Returns a share as a percentage with one decimal; 0 and 100 without. */
  static String percent(double share) {
    if (!Double.isFinite(share)) {
      return NO_NUMBER;
    }
    double percentage = 100 * share;
    boolean whole = share == 0 || share == 1;
    return minus(String.format(Locale.ROOT, whole ? "%.0f\u202f%%" : "%.1f\u202f%%", percentage));
  }

  /** Returns a time in words. */
  static String seconds(double seconds) {
    if (!(seconds >= 0)) {
      return NO_NUMBER;
    }
    if (seconds < 120) {
      return String.format(Locale.ROOT, seconds < 10 ? "%.2f\u202fs" : "%.1f\u202fs", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 7200
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole / 60 % 60 + " min";
  }

  /** Returns a count with its noun. */
  static String counted(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /**
   * Returns a name in quotes, isolated from the sentence: otherwise right-to-left letters would
   * reorder the text around it.
   */
  static String quoted(String name) {
    return "“\u2068" + name(name) + "\u2069”";
  }

  /** Returns a text that begins with a capital letter. */
  static String capitalized(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /**
   * Returns a name for display: a long one is cut, control characters become symbols, characters
   * that change the direction of text are removed, and an empty name is "(missing)".
   */
  static String name(String name) {
    return name.isEmpty() ? "(missing)" : clipped(name, LONGEST_NAME);
  }

  /** Returns a value for display: like a name, but longer. */
  static String clipped(String value) {
    return clipped(value, LONGEST_VALUE);
  }

  private static String clipped(String name, int most) {
    boolean cut = name.codePointCount(0, Math.min(name.length(), 2 * most + 2)) > most;
    int end = cut ? name.offsetByCodePoints(0, most - 1) : name.length();
    StringBuilder shown = new StringBuilder();
    name.substring(0, end).codePoints().map(Texts::picture).forEach(shown::appendCodePoint);
    return cut ? shown.append('…').toString() : shown.toString();
  }

  private static int picture(int point) {
    if (point < 0x20) {
      return 0x2400 + point; // the Unicode symbols for ASCII control characters
    }
    if (point == 0x2028 || point == 0x2029) {
      return 0x2424; // these end lines too
    }
    // Half of a surrogate pair, or a character that changes the direction of text.
    boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    boolean turns = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
    return half || turns || Character.isISOControl(point) ? 0xfffd : point;
  }
}
