package chainrule.train;

import chainrule.math.Ranges;

/**
 * L2 regularization of the weights, not of the biases: {@code ½ · l2 · Σ w²}. Immutable; threads
 * may share it.
 */
final class L2Penalty {
  private final double l2;
  private final Ranges weights;

  /**
   * @param l2 0: no regularization
   * @param weights where the weights are among the P parameters
   */
  L2Penalty(double l2, Ranges weights) {
    this.l2 = l2;
    this.weights = weights;
  }

  boolean isZero() {
    return (float) l2 == 0;
  }

  /** Returns the penalty. */
  double value(float[] parameters) {
    double squares = 0;
    for (Ranges.Range range : weights.list()) {
      for (int i = range.from(); i < range.to(); i++) {
        squares += (double) parameters[i] * parameters[i];
      }
    }
    return l2 / 2 * squares;
  }

  /** Adds the penalty's gradient, {@code l2 · w}, to a gradient of P values. */
  void addGradient(float[] gradient, float[] parameters) {
    float factor = (float) l2;
    for (Ranges.Range range : weights.list()) {
      for (int i = range.from(); i < range.to(); i++) {
        gradient[i] += factor * parameters[i];
      }
    }
  }
}
