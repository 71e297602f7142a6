package chainrule.data;

/**
 * How the value of a cell becomes a number or a category of a {@link RawRow}: one rule for CSV and
 * Parquet files, Spark ML's vectors and columns, and rows that a service scores, so that a model
 * sees a value as it saw it in training.
 *
 * <p>A missing value is {@code null} or NaN: the number NaN, or the category that is the empty
 * text. An infinite number has no category, so it is missing as a category too. As numbers,
 * infinities are out of range.
 */
public final class CellValues {
  /** The rule of {@link #isInRange}. */
  public static final String IN_RANGE = "finite and within ±1e150";

  /** Greater numbers have squares that are not finite. */
  private static final double LARGEST = 1e150;

  private CellValues() {}

  /** Returns whether a number is present, finite and small enough to be squared. */
  public static boolean isInRange(double number) {
    return Math.abs(number) <= LARGEST;
  }

  /** Returns whether a number can be a feature: it is missing (NaN), or in range. */
  public static boolean isFeature(double number) {
    return Double.isNaN(number) || isInRange(number);
  }

  /** Returns the number of a value; NaN if it is missing. */
  public static double number(Number value) {
    return value == null ? Double.NaN : value.doubleValue();
  }

  /** Returns a number's category, whole numbers without a point; empty if it is missing. */
  public static String category(double number) {
    return Double.isFinite(number) ? LabelEncoding.Classes.text(number) : "";
  }

  /** Returns the category of a value; empty if it is missing. */
  public static String category(Object value) {
    if (value == null) {
      return "";
    }
    boolean fractional = value instanceof Double || value instanceof Float;
    return fractional ? category(((Number) value).doubleValue()) : value.toString();
  }

  /**
   * Splits the elements of a feature vector into numbers and categories, each in its order.
   *
   * @param isNumber whether each element is a number
   * @param numbers overwritten
   * @param categories overwritten
   */
  public static void split(
      double[] elements, boolean[] isNumber, double[] numbers, String[] categories) {
    int number = 0;
    int category = 0;
    for (int i = 0; i < isNumber.length; i++) {
      if (isNumber[i]) {
        numbers[number++] = elements[i];
      } else {
        categories[category++] = category(elements[i]);
      }
    }
  }
}
