package chainrule.nn;

import chainrule.math.Matrix;
import chainrule.math.Slice;
import java.io.Serializable;

/**
 * What training makes small: {@code Σ_r w_r · loss_r} over the rows of a mini-batch, and its
 * gradient. Sums only; whoever holds the whole mini-batch divides, once.
 *
 * <p>Shapes: outputs B × O, one weight a row, output gradient B × O. Outputs are what the network's
 * last layer gives before the function that the loss implies, if it implies one: logits for the
 * cross-entropies, the logarithms of rates for Poisson. Targets are B × 1 indices of classes for
 * the cross-entropy, otherwise B × O values, of which those of the binary cross-entropy are
 * indices.
 *
 * <p>Values are summed in double, rows in order; gradients are float. Finite for logits up to ±10⁴.
 * Same bits on every CPU.
 *
 * <p>Losses are immutable: threads may share them. They own no array.
 *
 * <p>Errors: {@link IllegalArgumentException} if shapes disagree, before anything is written, or if
 * a target is none (a class out of range, a negative count); NaN in outputs passes through.
 *
 * <p>To add one, implement this, or {@link ElementwiseLoss} if outputs don't meet each other, and
 * write its formula in the test, which finds every implementation by itself.
 */
public interface Loss extends Serializable {
  /** Returns the name in the configuration. */
  String key();

  /**
   * Returns Σ_r w_r · loss_r and writes its gradient with respect to the outputs.
   *
   * @param outputs B × O; only read
   * @param targets B × 1 or B × O; only read
   * @param weights B values; only read
   * @param outputGradient B × O, overwritten
   */
  double sumAndGradient(Matrix outputs, Matrix targets, Slice weights, Matrix outputGradient);

  /** Returns the same sum without its gradient. */
  double sum(Matrix outputs, Matrix targets, Slice weights);

  /** Turns outputs into predictions, in place: logits into probabilities, for example. */
  default void toPredictions(Matrix outputs) {}

  /**
   * Writes the outputs whose predictions are the mean of the predictions of several networks; where
   * predictions are the outputs themselves, as here, the mean of the outputs.
   *
   * @param members B × (M · O), a row being the outputs of the first network, the second and so on
   * @param outputs B × O, overwritten
   */
  default void average(Matrix members, Matrix outputs) {
    MemberMeans.write(members, outputs, MemberMeans::mean);
  }

  /** Returns the loss to report: the same, without what only helps training. */
  default Loss forEvaluation() {
    return this;
  }
}
