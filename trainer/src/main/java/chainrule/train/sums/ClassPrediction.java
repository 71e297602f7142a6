package chainrule.train.sums;

import chainrule.math.Matrix;

/**
 * The class that a row of predictions stands for. One column is the probability of the second of
 * two classes; otherwise there is a column for each class.
 */
public final class ClassPrediction {
  private ClassPrediction() {}

  /** Returns the class with the greatest prediction; of equals, the first. */
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

  /** Returns the class, of two, from the probability of the second. */
  public static int classOf(float second) {
    return second > 0.5f ? 1 : 0;
  }

  /** Returns the probability of a class, of two, from the probability of the second. */
  public static double probability(float second, int index) {
    double clipped = Math.max(0, Math.min(1, second));
    return index == 1 ? clipped : 1 - clipped;
  }

  /**
   * Returns the probability of a class. Predictions that are not probabilities, which half-mse may
   * give, are normalized: negative ones count as 0, and each is divided by their sum.
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
