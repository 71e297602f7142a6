package chainrule.nn;

import chainrule.math.Kinds;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import java.io.Serializable;
import java.util.Set;

/**
 * The function that training minimizes: {@code Σ_r w_r · loss_r} over the rows of a mini-batch, and
 * its gradient. Sums only; the driver, which has the sums of the whole mini-batch, divides once.
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
 * <p>A loss describes itself: its {@link chainrule.math.Key} is its name in the configuration, the
 * names and values of its components, all of them doubles, are written to model files, and the
 * methods below state which labels it fits and how predictions follow. To add one, write a record
 * with a {@code @Key} that implements {@link ElementwiseLoss}, or this if outputs depend on each
 * other, and name it in the {@code permits} clause.
 */
public sealed interface Loss extends Serializable
    permits SoftmaxCrossEntropy, BinaryCrossEntropy, ElementwiseLoss, CustomLoss {
  /** All losses that configuration and files know. */
  Kinds<Loss> KINDS = Kinds.of("loss", Loss.class);

  /** Returns the name in the configuration. */
  default String key() {
    return Kinds.key(this);
  }

  /** Returns which kinds of labels the loss compares outputs with. */
  Set<LabelKind> labels();

  /** Returns how predictions follow from outputs. */
  default OutputFunction outputFunction() {
    return OutputFunction.IDENTITY;
  }

  /** Returns whether the output layer may have an activation, since outputs are values. */
  default boolean allowsOutputActivation() {
    return false;
  }

  /** Returns the loss of a row as text, with outputs A and targets y. */
  String formula();

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
  default void toPredictions(Matrix outputs) {
    outputFunction().apply(outputs);
  }

  /**
   * Writes the outputs whose predictions are the mean of the predictions of several networks; where
   * predictions are the outputs themselves, the mean of the outputs.
   *
   * @param members B × (M · O), a row being the outputs of the first network, the second and so on
   * @param outputs B × O, overwritten
   */
  default void average(Matrix members, Matrix outputs) {
    outputFunction().average(members, outputs);
  }

  /** Returns the loss to report: the same, without what only helps training. */
  default Loss forEvaluation() {
    return this;
  }
}
