package chainrule.nn;

import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Ranges;
import chainrule.math.Slice;
import java.io.Serializable;

/**
 * One step of the network: a function of its inputs and parameters, and the chain rule through it.
 *
 * <p>A layer owns no numbers. Its parameters are a slice of the network's flat array; what the
 * backward pass needs of the forward pass stands in {@code memory}, whose width the layer names.
 * All matrices have B rows, one for each row of the mini-batch. Gradients are summed over the rows,
 * never averaged.
 *
 * <p>Immutable: threads may share it if each brings its own matrices.
 */
public sealed interface Layer extends Serializable
    permits Dense, Dropout, Embedding, LayerNorm, Residual {
  /** Calls the visitor's case for this kind of layer and returns its result. */
  <R> R accept(LayerVisitor<R> visitor);

  /** Returns the width of the inputs, I. */
  int inputs();

  /** Returns the width of the outputs, O. */
  int outputs();

  /**
   * Returns of how many outputs, the last ones, the backward pass needs the gradient: of all, but
   * where outputs are data that pass through.
   */
  default int gradientWidth() {
    return outputs();
  }

  /** Returns how many parameters the layer has, P. */
  int parameterCount();

  /** Returns which of its parameters are weights, which decay, and not biases, which don't. */
  Ranges weights();

  /** Returns how many values a row the forward pass keeps for the backward pass. */
  int memoryWidth();

  /** Sets the parameters that training starts from. */
  void initialize(Slice parameters, Initializer initializer, RandomStream random);

  /**
   * Computes the outputs.
   *
   * @param parameters P values; only read
   * @param inputs B × I; only read
   * @param memory B × {@link #memoryWidth}, overwritten
   * @param outputs B × O, overwritten
   */
  void forward(Pass pass, Slice parameters, Matrix inputs, Matrix memory, Matrix outputs);

  /**
   * Adds the gradient of the parameters.
   *
   * @param parameters P values; only read
   * @param inputs as given to the forward pass
   * @param memory as left by the forward pass
   * @param outputs as left by the forward pass
   * @param outputGradient B × {@link #gradientWidth}, ∂L/∂outputs; may be overwritten with the
   *     values that {@link #inputGradient} starts from
   * @param gradientSum P values, added to
   */
  void parameterGradient(
      Pass pass,
      Slice parameters,
      Matrix inputs,
      Matrix memory,
      Matrix outputs,
      Matrix outputGradient,
      Slice gradientSum);

  /**
   * Computes the gradient of the inputs; called after {@link #parameterGradient}, and not at all
   * for the first layer, whose inputs are data.
   *
   * @param memory as left by {@link #parameterGradient}
   * @param outputGradient as left by {@link #parameterGradient}
   * @param inputGradient ∂L/∂inputs, overwritten: B × I, or fewer columns, those of the last inputs
   *     (see {@link #gradientWidth}), behind an {@link Embedding}
   */
  void inputGradient(
      Pass pass, Slice parameters, Matrix memory, Matrix outputGradient, Matrix inputGradient);
}
