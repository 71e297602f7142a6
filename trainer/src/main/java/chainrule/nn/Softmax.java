package chainrule.nn;

import chainrule.math.Elementary;
import chainrule.math.Matrix;

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

  /** A = softmax(Z), row by row; A may be Z. */
  static void apply(Matrix preactivations, Matrix activations) {
    int columns = preactivations.columns();
    for (int at = 0; at < preactivations.rows() * columns; at += columns) {
      apply(
          preactivations.array(),
          preactivations.offset() + at,
          activations.array(),
          activations.offset() + at,
          columns);
    }
  }

  /** dZ_c = A_c (dA_c - Σ_k dA_k A_k), row by row, in place. */
  static void multiplyByDerivative(Matrix activations, Matrix gradient) {
    float[] a = activations.array();
    float[] g = gradient.array();
    int columns = activations.columns();
    for (int at = 0; at < activations.rows() * columns; at += columns) {
      int aFrom = activations.offset() + at;
      int from = gradient.offset() + at;
      double mean = 0;
      for (int i = 0; i < columns; i++) {
        mean += (double) g[from + i] * a[aFrom + i];
      }
      for (int i = 0; i < columns; i++) {
        g[from + i] = (float) (a[aFrom + i] * (g[from + i] - mean));
      }
    }
  }
}
