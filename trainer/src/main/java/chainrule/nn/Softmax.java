package chainrule.nn;

import chainrule.math.Elementary;

/** The softmax of a row of logits, for the activation and for the cross-entropy. */
final class Softmax {
  private Softmax() {}

  /**
   * Writes p_c = e^(z_c - m) / Σ_k e^(z_k - m) with m = max z, where no exponent is above 0. The
   * logits and the probabilities may be the same.
   *
   * @return ln Σ_k e^(z_k)
   */
  static double apply(
      float[] logits, int from, float[] probabilities, int probabilitiesFrom, int count) {
    float max = max(logits, from, count);
    double sum = 0;
    for (int c = 0; c < count; c++) {
      double power = Elementary.exp((double) logits[from + c] - max);
      probabilities[probabilitiesFrom + c] = (float) power;
      sum += power;
    }
    float factor = (float) (1 / sum);
    for (int c = 0; c < count; c++) {
      probabilities[probabilitiesFrom + c] *= factor;
    }
    return max + Elementary.log(sum);
  }

  /** Returns ln Σ_k e^(z_k). */
  static double logSumExp(float[] logits, int from, int count) {
    float max = max(logits, from, count);
    double sum = 0;
    for (int c = 0; c < count; c++) {
      sum += Elementary.exp((double) logits[from + c] - max);
    }
    return max + Elementary.log(sum);
  }

  private static float max(float[] values, int from, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int c = 0; c < count; c++) {
      max = Math.max(max, values[from + c]);
    }
    return max;
  }
}
