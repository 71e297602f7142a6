package chainrule.train.sums;

import chainrule.math.Matrix;

/**
 * How a row of predictions names a class: one column is the probability of the second of two
 * classes; otherwise there is a column for each class.
 */
public final class ClassPrediction {
  private ClassPrediction() {}

  /** Returns the class with the greatest prediction; the first of equals. */
  public static int classOf(Matrix predictions, int row) {
    if (predictions.columns() == 1) {
      return classOf(predictions.get(row, 0));
    }
    int best = 0;
    for (int i = 1; i < predictions.columns(); i++) {
      if (predictions.get(row, i) > predictions.get(row, best)) {
        best = i;
      }
    }
    return best;
  }

  /** Returns the class, of two, where this is the probability of the second. */
  public static int classOf(float second) {
    return second > 0.5f ? 1 : 0;
  }

  /** Returns the probability of a class, of two, where this is that of the second. */
  public static double probability(float second, int index) {
    double clipped = Math.max(0, Math.min(1, second));
    return index == 1 ? clipped : 1 - clipped;
  }

  /**
   * Returns the probability of a class. Predictions that are no probabilities, as those of half-mse
   * may be, are made so: negative ones count as 0, and they are divided by their sum.
   */
  public static double probability(Matrix predictions, int row, int index) {
    if (predictions.columns() == 1) {
      return probability(predictions.get(row, 0), index);
    }
    double sum = 0;
    for (int i = 0; i < predictions.columns(); i++) {
      sum += Math.max(0, predictions.get(row, i));
    }
    return sum > 0 ? Math.max(0, predictions.get(row, index)) / sum : 1.0 / predictions.columns();
  }
}
