package chainrule.jobs.report;

import java.util.Arrays;

/**
 * Equal bins over a range; what lies beyond is in the first or the last.
 *
 * @param from where the first bin begins
 * @param to where the last ends
 * @param count of bins
 */
record Binning(double from, double to, int count) {
  /** Returns bins over the range of some numbers, which are finite. */
  static Binning over(double[] values, int count) {
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(1);
    return new Binning(least, most > least ? most : least + 1, count);
  }

  double edge(int bin) {
    return from + (to - from) * bin / count;
  }

  double middle(int bin) {
    return (edge(bin) + edge(bin + 1)) / 2;
  }

  int bin(double value) {
    return (int) Math.max(0, Math.min(count - 1, Math.floor((value - from) / (to - from) * count)));
  }

  /** Counts numbers by bin; NaN is not counted. */
  int[] counts(double[] values) {
    int[] counts = new int[count];
    for (double value : values) {
      if (!Double.isNaN(value)) {
        counts[bin(value)]++;
      }
    }
    return counts;
  }
}
