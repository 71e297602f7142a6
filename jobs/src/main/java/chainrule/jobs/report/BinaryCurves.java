package chainrule.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * ROC, precision-recall and calibration of a binary classification, at every threshold at which the
 * decision changes. Rows of equal probability cross a threshold together.
 */
final class BinaryCurves {
  private static final int BINS = 10;

  private final List<Threshold> thresholds = new ArrayList<>();
  private final int positives;
  private final int negatives;
  private final double[] probability;
  private final boolean[] positive;

  /**
   * The counts when all rows of at least this probability are predicted as the second class.
   *
   * @param truePositives rows of the second class that are predicted so
   * @param falsePositives rows of the first class that are predicted as the second
   */
  record Threshold(double probability, int truePositives, int falsePositives) {}

  /**
   * Rows with similar probabilities.
   *
   * @param mean of the probabilities
   * @param observed share of the second class
   */
  record Bin(double from, double to, int rows, double mean, double observed) {}

  BinaryCurves(double[] probability, int[] actualClass) {
    this.probability = probability.clone();
    this.positive = new boolean[actualClass.length];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = actualClass[i] == 1;
    }
    int[] order =
        IntStream.range(0, positive.length)
            .boxed()
            .sorted((a, b) -> Double.compare(probability[b], probability[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    int truePositives = 0;
    int falsePositives = 0;
    for (int i = 0; i < order.length; i++) {
      truePositives += positive[order[i]] ? 1 : 0;
      falsePositives += positive[order[i]] ? 0 : 1;
      boolean last = i + 1 == order.length || probability[order[i + 1]] < probability[order[i]];
      if (last) {
        thresholds.add(new Threshold(probability[order[i]], truePositives, falsePositives));
      }
    }
    this.positives = truePositives;
    this.negatives = falsePositives;
  }

  /** Returns whether there are rows of both classes; otherwise the curves are undefined. */
  boolean isDefined() {
    return positives > 0 && negatives > 0;
  }

  /** Returns the thresholds, in descending order. */
  List<Threshold> thresholds() {
    return List.copyOf(thresholds);
  }

  double truePositiveRate(Threshold threshold) {
    return (double) threshold.truePositives / positives;
  }

  double falsePositiveRate(Threshold threshold) {
    return (double) threshold.falsePositives / negatives;
  }

  double precision(Threshold threshold) {
    return (double) threshold.truePositives / (threshold.truePositives + threshold.falsePositives);
  }

  /** Returns the share of rows of the second class. */
  double prevalence() {
    return (double) positives / (positives + negatives);
  }

  /**
   * Returns the area under the ROC curve: the probability that a pair of rows of both classes is
   * ordered correctly.
   */
  double areaUnderCurve() {
    double area = 0;
    int belowTrue = 0;
    int belowFalse = 0;
    for (Threshold threshold : thresholds) {
      double step = threshold.falsePositives - belowFalse;
      area += step * (threshold.truePositives + belowTrue) / 2.0;
      belowTrue = threshold.truePositives;
      belowFalse = threshold.falsePositives;
    }
    return area / ((double) positives * negatives);
  }

  /** Returns the average precision: Σ (recall gained) · precision, over descending thresholds. */
  double averagePrecision() {
    double sum = 0;
    int before = 0;
    for (Threshold threshold : thresholds) {
      sum += (threshold.truePositives - before) * precision(threshold);
      before = threshold.truePositives;
    }
    return sum / positives;
  }

  /** Returns the bins that have rows; each is a tenth of the range of probabilities. */
  List<Bin> calibration() {
    int[] rows = new int[BINS];
    int[] found = new int[BINS];
    double[] sums = new double[BINS];
    for (int i = 0; i < probability.length; i++) {
      int bin = (int) Math.min(BINS - 1, probability[i] * BINS);
      rows[bin]++;
      found[bin] += positive[i] ? 1 : 0;
      sums[bin] += probability[i];
    }
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      if (rows[i] > 0) {
        bins.add(
            new Bin(
                (double) i / BINS,
                (double) (i + 1) / BINS,
                rows[i],
                sums[i] / rows[i],
                (double) found[i] / rows[i]));
      }
    }
    return bins;
  }

  /**
   * Returns the expected calibration error: the mean over the rows of |predicted − observed| of
   * their bin.
   */
  double calibrationError() {
    double sum = 0;
    for (Bin bin : calibration()) {
      sum += bin.rows * Math.abs(bin.mean - bin.observed);
    }
    return sum / probability.length;
  }
}
