package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Ranges;
import chainrule.math.Slice;
import java.util.Objects;

/**
 * A fully connected layer: {@code A = σ(X · W + b)}.
 *
 * <p>Shapes: inputs X is B × I, weights W are I × O, bias b is O, pre-activations Z and activations
 * A are B × O. In the flat array the weights come first, row-major, then the bias. Gradients are
 * summed over the B rows, not averaged.
 *
 * <pre>
 *   forward    Z  = X · W + b          A = σ(Z)
 *   backward   dZ = dA ⊙ σ'(Z)
 *              dW = Xᵀ · dZ            db = Σ dZ over the rows
 *              dX = dZ · Wᵀ
 * </pre>
 *
 * <p>Units: none; features arrive standardized. Holds sizes only: threads may share it if each
 * brings its own matrices.
 *
 * <p>Errors: {@link IllegalArgumentException} if a shape disagrees; NaN passes through unchecked.
 *
 * <p>Source: Goodfellow, Bengio, Courville, <i>Deep Learning</i> (2016), algorithms 6.3 and 6.4.
 *
 * @param inputs I, above 0
 * @param outputs O, above 0
 * @param activation σ
 */
public record Dense(int inputs, int outputs, Activation activation) implements Layer {
  public Dense {
    Check.argument(inputs > 0, "inputs", inputs, "> 0");
    Check.argument(outputs > 0, "outputs", outputs, "> 0");
    Objects.requireNonNull(activation, "activation");
    long count = (long) inputs * outputs + outputs;
    Check.argument(count <= Integer.MAX_VALUE - 8, "parameters of a layer", count, "below 2^31");
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.dense(this);
  }

  @Override
  public int parameterCount() {
    return inputs * outputs + outputs;
  }

  /** Views the weights, I × O. */
  public Matrix weights(Slice parameters) {
    return parameters.part(0, inputs * outputs).asMatrix(inputs, outputs);
  }

  /** Views the bias, O values. */
  public Slice bias(Slice parameters) {
    return parameters.part(inputs * outputs, outputs);
  }

  @Override
  public Ranges weights() {
    return Ranges.all(inputs * outputs);
  }

  /** σ'(Z) is kept, unless it is 1. */
  @Override
  public int memoryWidth() {
    return activation == Activation.IDENTITY ? 0 : outputs;
  }

  @Override
  public void initialize(Slice parameters, Initializer initializer, RandomStream random) {
    initializer.fill(weights(parameters).asSlice(), inputs, outputs, activation, random);
    bias(parameters).fill(0);
  }

  @Override
  public void forward(Pass pass, Slice parameters, Matrix x, Matrix memory, Matrix a) {
    boolean isAffine = memoryWidth() == 0; // then Z is A, and its derivative 1
    Matrix z = isAffine ? a : memory;
    pass.kernels().affine(x, weights(parameters), bias(parameters), z);
    if (!isAffine) {
      activation.applyAndDifferentiate(z, a);
    }
  }

  @Override
  public void parameterGradient(
      Pass pass,
      Slice parameters,
      Matrix x,
      Matrix memory,
      Matrix a,
      Matrix da,
      Slice gradientSum) {
    activation.multiplyByDerivative(memory, a, da); // memory is σ'(Z)
    Matrix dz = da; // dA was turned into dZ where it stands
    pass.kernels().addTransposedProduct(x, dz, weights(gradientSum));
    pass.kernels().addColumnSums(dz, bias(gradientSum));
  }

  @Override
  public void inputGradient(Pass pass, Slice parameters, Matrix memory, Matrix dz, Matrix dx) {
    // All weights, or those of the last inputs where the others are data.
    int from = (inputs - dx.columns()) * outputs;
    Slice weights = parameters.part(from, dx.columns() * outputs);
    pass.kernels().productWithTransposed(dz, weights.asMatrix(dx.columns(), outputs), dx);
  }
}
