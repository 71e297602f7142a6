package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Ranges;
import chainrule.math.Slice;
import java.util.Objects;

/**
 * Layer normalization of a dense layer's outputs, and the activation that follows: each row is
 * brought to mean 0 and deviation 1 over its own units, then each unit scaled and moved as it
 * learns to be.
 *
 * <pre>
 *   forward    X̂  = (X − μ) / s      s = √(variance + 10⁻⁵), of each row
 *              Z  = g ⊙ X̂ + b        A = σ(Z)
 *   backward   dZ = dA ⊙ σ'(Z)       dg = Σ dZ ⊙ X̂,  db = Σ dZ over the rows
 *              dX̂ = g ⊙ dZ
 *              dX = (dX̂ − mean(dX̂) − X̂ · mean(dX̂ ⊙ X̂)) / s
 * </pre>
 *
 * <p>Shapes: inputs, outputs and gradients are B × O; gain g and bias b are O each, and stand in
 * the flat array one behind the other. Gain starts at 1, bias at 0, and neither decays: to shrink a
 * gain does not make the function simpler, so common practice leaves both out. The variance is that
 * of the units at hand, divided by O, as in PyTorch's LayerNorm. No row knows of another, so it is
 * the same in training and in prediction.
 *
 * <p>Means and variances are summed in double, in four lanes whose order is fixed; the rest are
 * loops over floats without a branch. Same bits on every CPU. Holds sizes only: threads may share
 * it if each brings its own matrices.
 *
 * <p>Source: Ba, Kiros, Hinton 2016, arXiv 1607.06450, equation 4.
 *
 * @param units O, its inputs and its outputs
 * @param activation σ, one for hidden layers
 */
public record LayerNorm(int units, Activation activation) implements Layer {
  /** Keeps the divisor from 0. */
  public static final double EPSILON = 1e-5;

  public LayerNorm {
    Check.argument(units > 0 && units < 1 << 30, "units", units, "> 0 and below 2^30");
    Objects.requireNonNull(activation, "activation");
    Check.argument(
        activation.isElementwise(), "activation", activation.key(), "one for hidden layers");
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.layerNorm(this);
  }

  @Override
  public int inputs() {
    return units;
  }

  @Override
  public int outputs() {
    return units;
  }

  @Override
  public int parameterCount() {
    return 2 * units;
  }

  /** Views the gain, O values. */
  public Slice gain(Slice parameters) {
    return parameters.part(0, units);
  }

  /** Views the bias, O values. */
  public Slice bias(Slice parameters) {
    return parameters.part(units, units);
  }

  @Override
  public Ranges weights() {
    return Ranges.none();
  }

  private boolean isAffine() {
    return activation == Activation.IDENTITY;
  }

  /** X̂, 1/s, and σ'(Z) unless it is 1. */
  @Override
  public int memoryWidth() {
    return units + 1 + (isAffine() ? 0 : units);
  }

  /** Views X̂ in what the forward pass kept, B × O. */
  public Matrix normalized(Matrix memory) {
    return memory.asSlice().part(0, memory.rows() * units).asMatrix(memory.rows(), units);
  }

  private Slice inverseDeviations(Matrix memory) {
    return memory.asSlice().part(memory.rows() * units, memory.rows());
  }

  private Matrix derivatives(Matrix memory) {
    int rows = memory.rows();
    return memory.asSlice().part(rows * (units + 1), rows * units).asMatrix(rows, units);
  }

  @Override
  public void initialize(Slice parameters, Initializer initializer, RandomStream random) {
    gain(parameters).fill(1);
    bias(parameters).fill(0);
  }

  @Override
  public void forward(Pass pass, Slice parameters, Matrix x, Matrix memory, Matrix a) {
    Matrix normalized = normalized(memory);
    normalize(x, normalized, inverseDeviations(memory));
    Matrix z = isAffine() ? a : derivatives(memory);
    scale(normalized, gain(parameters), bias(parameters), z);
    if (!isAffine()) {
      activation.applyAndDifferentiate(z, a);
    }
  }

  private void normalize(Matrix x, Matrix normalized, Slice inverseDeviations) {
    float[] from = x.array();
    float[] to = normalized.array();
    for (int row = 0; row < x.rows(); row++) {
      int at = x.offset() + row * units;
      int toAt = normalized.offset() + row * units;
      double mean = sum(from, at) / units;
      float center = (float) mean;
      float factor = (float) (1 / Math.sqrt(squares(from, at, mean) / units + EPSILON));
      for (int i = 0; i < units; i++) {
        to[toAt + i] = (from[at + i] - center) * factor;
      }
      inverseDeviations.set(row, factor);
    }
  }

  private void scale(Matrix normalized, Slice gain, Slice bias, Matrix z) {
    float[] from = normalized.array();
    float[] g = gain.array();
    float[] b = bias.array();
    float[] to = z.array();
    int gainAt = gain.offset();
    int biasAt = bias.offset();
    for (int row = 0; row < z.rows(); row++) {
      int at = normalized.offset() + row * units;
      int toAt = z.offset() + row * units;
      for (int i = 0; i < units; i++) {
        to[toAt + i] = g[gainAt + i] * from[at + i] + b[biasAt + i];
      }
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
    if (!isAffine()) {
      activation.multiplyByDerivative(derivatives(memory), a, da);
    }
    Matrix dz = da; // dA was turned into dZ where it stands
    addGainGradient(normalized(memory), dz, gain(gradientSum));
    pass.kernels().addColumnSums(dz, bias(gradientSum));
  }

  private void addGainGradient(Matrix normalized, Matrix dz, Slice gainGradient) {
    float[] hat = normalized.array();
    float[] gradient = dz.array();
    float[] sums = gainGradient.array();
    int sumsAt = gainGradient.offset();
    for (int row = 0; row < dz.rows(); row++) {
      int hatAt = normalized.offset() + row * units;
      int at = dz.offset() + row * units;
      for (int i = 0; i < units; i++) {
        sums[sumsAt + i] += gradient[at + i] * hat[hatAt + i];
      }
    }
  }

  @Override
  public void inputGradient(Pass pass, Slice parameters, Matrix memory, Matrix dz, Matrix dx) {
    Matrix normalized = normalized(memory);
    Slice inverseDeviations = inverseDeviations(memory);
    Slice gain = gain(parameters);
    float[] g = gain.array();
    float[] hat = normalized.array();
    float[] from = dz.array();
    float[] to = dx.array();
    int gainAt = gain.offset();
    for (int row = 0; row < dz.rows(); row++) {
      int hatAt = normalized.offset() + row * units;
      int at = dz.offset() + row * units;
      int toAt = dx.offset() + row * units;
      for (int i = 0; i < units; i++) {
        to[toAt + i] = g[gainAt + i] * from[at + i];
      }
      float mean = (float) (sum(to, toAt) / units);
      float slope = (float) (products(to, toAt, hat, hatAt) / units);
      float factor = inverseDeviations.get(row);
      for (int i = 0; i < units; i++) {
        to[toAt + i] = (to[toAt + i] - mean - hat[hatAt + i] * slope) * factor;
      }
    }
  }

  // Four sums that don't wait for each other take a quarter of the time of one.

  private double sum(float[] values, int at) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i < units - 3; i += 4) {
      s0 += values[at + i];
      s1 += values[at + i + 1];
      s2 += values[at + i + 2];
      s3 += values[at + i + 3];
    }
    for (; i < units; i++) {
      s0 += values[at + i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** Returns Σ (x − mean)². */
  private double squares(float[] values, int at, double mean) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i < units - 3; i += 4) {
      double d0 = values[at + i] - mean;
      double d1 = values[at + i + 1] - mean;
      double d2 = values[at + i + 2] - mean;
      double d3 = values[at + i + 3] - mean;
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    for (; i < units; i++) {
      double d = values[at + i] - mean;
      s0 += d * d;
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** Returns Σ x · y. */
  private double products(float[] left, int leftAt, float[] right, int rightAt) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i < units - 3; i += 4) {
      s0 += (double) left[leftAt + i] * right[rightAt + i];
      s1 += (double) left[leftAt + i + 1] * right[rightAt + i + 1];
      s2 += (double) left[leftAt + i + 2] * right[rightAt + i + 2];
      s3 += (double) left[leftAt + i + 3] * right[rightAt + i + 3];
    }
    for (; i < units; i++) {
      s0 += (double) left[leftAt + i] * right[rightAt + i];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
