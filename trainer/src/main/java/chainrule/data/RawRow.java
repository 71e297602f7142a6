package chainrule.data;

import chainrule.math.Check;
import chainrule.math.Seeds;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A row as it was read: numbers, categories, labels and weight, before any statistics. Its {@link
 * #hash} decides where it belongs (shard, place, training or validation part), so that this depends
 * neither on files nor on partitions.
 *
 * <p>Almost every table has one label, so the first is kept apart and costs a row no array.
 *
 * <p>The arrays belong to the row once it is made. Immutable from then on, so threads may share it.
 */
public final class RawRow implements Comparable<RawRow>, Serializable {
  private static final long serialVersionUID = 1;

  private static final double[] NO_NUMBERS = {};
  private static final String[] NO_TEXTS = {};

  private final double[] numbers;
  private final String[] categories;
  private final double labelNumber;
  private final String labelText;
  private final double[] furtherNumbers;
  private final String[] furtherTexts;
  private final double weight;

  private RawRow(
      double[] numbers,
      String[] categories,
      double labelNumber,
      String labelText,
      double[] furtherNumbers,
      String[] furtherTexts,
      double weight) {
    this.numbers = Objects.requireNonNull(numbers, "numbers");
    this.categories = Objects.requireNonNull(categories, "categories");
    this.labelNumber = labelNumber;
    this.labelText = Objects.requireNonNull(labelText, "labelText");
    this.furtherNumbers = furtherNumbers;
    this.furtherTexts = furtherTexts;
    this.weight = weight;
    Check.argument(
        weight >= 0 && weight < Double.POSITIVE_INFINITY, "weight", weight, ">= 0 and finite");
  }

  /**
   * Makes a row whose label is a number.
   *
   * @param numbers the numeric features; NaN where missing
   * @param categories the categorical features; the empty text where missing
   */
  public static RawRow withNumericLabel(
      double[] numbers, String[] categories, double label, double weight) {
    return new RawRow(numbers, categories, label, "", NO_NUMBERS, NO_TEXTS, weight);
  }

  /** Makes a row whose label is a text; otherwise as {@link #withNumericLabel}. */
  public static RawRow withTextLabel(
      double[] numbers, String[] categories, String label, double weight) {
    return new RawRow(numbers, categories, Double.NaN, label, NO_NUMBERS, NO_TEXTS, weight);
  }

  /**
   * Makes a row of several labels; otherwise as {@link #withNumericLabel}.
   *
   * @param labelNumbers by label, if it is a number, otherwise NaN
   * @param labelTexts by label, if it is a text, otherwise the empty text
   */
  public static RawRow withLabels(
      double[] numbers,
      String[] categories,
      double[] labelNumbers,
      String[] labelTexts,
      double weight) {
    int count = labelNumbers.length;
    Check.argument(count > 0, "number of labels", count, "> 0");
    Check.argument(labelTexts.length == count, "number of texts", labelTexts.length, "" + count);
    return new RawRow(
        numbers,
        categories,
        labelNumbers[0],
        labelTexts[0],
        count == 1 ? NO_NUMBERS : Arrays.copyOfRange(labelNumbers, 1, count),
        count == 1 ? NO_TEXTS : Arrays.copyOfRange(labelTexts, 1, count),
        weight);
  }

  public int numberCount() {
    return numbers.length;
  }

  public int categoryCount() {
    return categories.length;
  }

  /** Returns a numeric feature; NaN if it is missing. */
  public double number(int index) {
    return numbers[index];
  }

  /** Returns a categorical feature; the empty text if it is missing. */
  public String category(int index) {
    return categories[index];
  }

  public int labelCount() {
    return 1 + furtherNumbers.length;
  }

  /** Returns a label if it is a number, otherwise NaN. */
  public double labelNumber(int index) {
    return index == 0 ? labelNumber : furtherNumbers[index - 1];
  }

  /** Returns a label if it is a text, otherwise the empty text. */
  public String labelText(int index) {
    return index == 0 ? labelText : furtherTexts[index - 1];
  }

  public double weight() {
    return weight;
  }

  /** Returns 64 bits that depend on every value of the row and on the seed. */
  public long hash(long seed) {
    long hash = Seeds.mix(seed, numbers.length, categories.length);
    for (double number : numbers) {
      hash = Seeds.mix(hash + canonicalBits(number));
    }
    for (String category : categories) {
      hash = hashText(hash, category);
    }
    hash = hashText(Seeds.mix(hash + canonicalBits(labelNumber)), labelText);
    for (int i = 0; i < furtherNumbers.length; i++) {
      hash = hashText(Seeds.mix(hash + canonicalBits(furtherNumbers[i]), i + 1), furtherTexts[i]);
    }
    return Seeds.mix(hash, canonicalBits(weight));
  }

  private static long hashText(long seed, String text) {
    long hash = Seeds.mix(seed + text.length());
    for (int i = 0; i < text.length(); i++) {
      hash = Seeds.mix(hash + text.charAt(i));
    }
    return hash;
  }

  /** Returns equal bits for equal numbers: -0.0 is 0.0 and there is one NaN. */
  private static long canonicalBits(double number) {
    return Double.doubleToLongBits(number + 0.0);
  }

  /** Orders rows by their content: the tie-break between rows of equal hash. */
  @Override
  public int compareTo(RawRow other) {
    int order = compare(numbers, other.numbers);
    if (order == 0) {
      order = Arrays.compare(categories, other.categories);
    }
    if (order == 0) {
      order = Double.compare(labelNumber + 0.0, other.labelNumber + 0.0);
    }
    if (order == 0) {
      order = labelText.compareTo(other.labelText);
    }
    if (order == 0) {
      order = compare(furtherNumbers, other.furtherNumbers);
    }
    if (order == 0) {
      order = Arrays.compare(furtherTexts, other.furtherTexts);
    }
    return order == 0 ? Double.compare(weight + 0.0, other.weight + 0.0) : order;
  }

  private static int compare(double[] left, double[] right) {
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int order = Double.compare(left[i] + 0.0, right[i] + 0.0);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawRow row && compareTo(row) == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hash(0));
  }

  @Override
  public String toString() {
    return Arrays.toString(numbers)
        + Arrays.toString(categories)
        + " -> "
        + IntStream.range(0, labelCount())
            .mapToObj(i -> labelText(i).isEmpty() ? "" + labelNumber(i) : labelText(i))
            .collect(Collectors.joining(", "));
  }
}
