package chainrule.optim;

import chainrule.math.Check;

/**
 * A bound on the length of the whole gradient: {@code g = g · min(1, maxNorm / (‖g‖ + 1e-6))} with
 * the Euclidean norm over all parameters.
 *
 * <p>Immutable; threads may share it. The norm is summed in double and in index order, so it has
 * the same bits on every machine.
 *
 * <p>Errors: {@link IllegalArgumentException} if the bound is negative or not finite; a gradient
 * with NaN stays as it is.
 *
 * <p>Source: Pascanu, Mikolov, Bengio, <i>On the difficulty of training recurrent neural
 * networks</i>, ICML 2013, algorithm 1, as in PyTorch's {@code clip_grad_norm_}.
 *
 * @param maxNorm the greatest norm that passes unchanged; 0 for no bound
 */
public record GradientClipping(double maxNorm) {
  public GradientClipping {
    Check.argument(
        maxNorm >= 0 && Double.isFinite(maxNorm), "clip norm", maxNorm, ">= 0 and finite");
  }

  /** Returns the clipping that leaves every gradient as it is. */
  public static GradientClipping off() {
    return new GradientClipping(0);
  }

  /** Scales the gradient in place to the bound, if it is longer. */
  public void clip(float[] meanGradient) {
    if (maxNorm == 0) {
      return; // the norm alone would take three times as long as a step of Adam
    }
    // What PyTorch adds so as not to divide by 0. A gradient just within the bound shrinks a
    // little.
    double coefficient = maxNorm / (norm(meanGradient) + 1e-6);
    if (coefficient < 1) {
      float factor = (float) coefficient;
      for (int i = 0; i < meanGradient.length; i++) {
        meanGradient[i] *= factor;
      }
    }
  }

  /** Returns the Euclidean norm. */
  static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return StrictMath.sqrt(sum);
  }
}
