package chainrule.data;

import chainrule.math.ExactSum;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/**
 * What is known of a numeric column: counts, range, exact mean and variance, a sample of its
 * values. Merging is exact, so the order of rows and of merges does not matter (but for the order
 * of the sample, which is sorted before use).
 *
 * <p>Not for sharing.
 */
public final class NumberStatistics implements Serializable {
  private static final long serialVersionUID = 1;

  private long count;
  private long missing;
  private double minimum = Double.POSITIVE_INFINITY;
  private double maximum = Double.NEGATIVE_INFINITY;
  private final ExactSum sum = new ExactSum();
  private final ExactSum squares = new ExactSum();
  private double[] sample = new double[0];
  private int sampleSize;
  private boolean sorted;

  /** Adds a value; NaN is a missing one. */
  void add(double value, boolean sampled) {
    if (Double.isNaN(value)) {
      missing++;
      return;
    }
    count++;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    sum.add(value);
    squares.addSquare(value);
    if (sampled) {
      if (sampleSize == sample.length) {
        sample = Arrays.copyOf(sample, Math.max(16, 2 * sampleSize));
      }
      sample[sampleSize++] = value;
      sorted = false;
    }
  }

  void merge(NumberStatistics other) {
    count += other.count;
    missing += other.missing;
    minimum = Math.min(minimum, other.minimum);
    maximum = Math.max(maximum, other.maximum);
    sum.merge(other.sum);
    squares.merge(other.squares);
    sample = Arrays.copyOf(sample, sampleSize + other.sampleSize);
    System.arraycopy(other.sample, 0, sample, sampleSize, other.sampleSize);
    sampleSize += other.sampleSize;
    sorted = false;
  }

  /** Returns how many values are not missing. */
  public long count() {
    return count;
  }

  public long missing() {
    return missing;
  }

  /** Returns the least value, infinity if there is none. */
  public double minimum() {
    return minimum;
  }

  /** Returns the greatest value, minus infinity if there is none. */
  public double maximum() {
    return maximum;
  }

  /** Returns the mean, rounded to 34 digits and then to a double; 0 if there is no value. */
  public double mean() {
    return count == 0
        ? 0
        : sum.exactValue().divide(BigDecimal.valueOf(count), MathContext.DECIMAL128).doubleValue();
  }

  /**
   * Returns the deviation of the values and of {@code missing} more that are imputed: the root of
   * the mean squared distance from the mean of all of them.
   *
   * @param imputed what stands for a missing value
   */
  public double deviation(double imputed) {
    BigDecimal rows = BigDecimal.valueOf(count + missing);
    if (rows.signum() == 0) {
      return 0;
    }
    BigDecimal exactImputed = new BigDecimal(imputed);
    BigDecimal times = BigDecimal.valueOf(missing);
    BigDecimal total = sum.exactValue().add(exactImputed.multiply(times));
    BigDecimal squared =
        squares.exactValue().add(exactImputed.multiply(exactImputed).multiply(times));
    // n · Σx² − (Σx)² is exact, so nothing cancels.
    BigDecimal numerator = rows.multiply(squared).subtract(total.multiply(total));
    double variance = numerator.divide(rows.multiply(rows), MathContext.DECIMAL128).doubleValue();
    return StrictMath.sqrt(variance);
  }

  /** Returns the mean of the values and of {@link #missing} more that are imputed. */
  public double meanWith(double imputed) {
    if (count + missing == 0) {
      return 0;
    }
    return sum.exactValue()
        .add(new BigDecimal(imputed).multiply(BigDecimal.valueOf(missing)))
        .divide(BigDecimal.valueOf(count + missing), MathContext.DECIMAL128)
        .doubleValue();
  }

  /**
   * Returns a quantile of the sampled values, interpolated between order statistics; 0 if there is
   * none.
   *
   * @param fraction from 0, the least, to 1, the greatest
   */
  public double quantile(double fraction) {
    double[] sorted = sample();
    if (sorted.length == 0) {
      return 0;
    }
    double place = fraction * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /**
   * Returns which share of the sampled values is below a number, from 0 to 1; 0 if there is none.
   */
  public double shareBelow(double number) {
    double[] sorted = sample();
    int from = 0;
    int to = sorted.length;
    while (from < to) { // the first value that is not below lies in [from, to]
      int middle = (from + to) >>> 1;
      if (sorted[middle] < number) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return sorted.length == 0 ? 0 : (double) from / sorted.length;
  }

  /** Returns the sampled values, ascending; not to be written to. */
  double[] sample() {
    if (!sorted) {
      sample = Arrays.copyOf(sample, sampleSize);
      Arrays.sort(sample);
      sorted = true;
    }
    return sample;
  }
}
