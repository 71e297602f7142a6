package chainrule.jobs.report;

import java.util.Arrays;

/**
 * Bins of equal width over a range. Values outside are counted in the first or the last bin.
 *
 * @param from start of the first bin
 * @param to end of the last bin
 * @param count number of bins
 */
record Binning(double from, double to, int count) {
  /** Returns bins over the range of finite numbers. */
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
