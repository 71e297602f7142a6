package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.Elementary;
import chainrule.math.Exponential;
import chainrule.math.Matrix;
import chainrule.nn.Expression.Operator;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The functions σ between a layer's affine part and its outputs: {@code A = σ(Z)}, and backwards
 * {@code dZ = dA ⊙ σ'(Z)}.
 *
 * <p>To add one, write a constant here, with its formula, its loop over elements, its initializer
 * and its {@link Expression}, and a line in the test's table of formulas: the test names a constant
 * without a formula. Configuration, layers and documents know it by {@link #key()}.
 *
 * <p>Shapes: preactivations, activations and gradient are all B × O, and the caller's. The forward
 * pass leaves the derivative where the preactivations were, since both come from one exponential
 * and the backward pass is then a product, whatever the function. Each constant has a loop of its
 * own over floats in whole arrays and without a branch, which is what HotSpot's vectorizer takes:
 * so an exponential costs below 1 ns. GELU alone counts in doubles, and takes ten times as long.
 *
 * <p>Rounding: values are within 4 · 10⁻⁷ of the truth, relative to it; GELU_TANH's within 4 · 10⁻⁶
 * where they count, since its exponent is rounded too. Derivatives are within 2 · 10⁻⁶.
 *
 * <p>Constants hold nothing, and threads, which have arrays of their own to count in, may share
 * them. Same bits on every CPU.
 *
 * <p>Errors: {@link IllegalArgumentException} if shapes disagree; NaN passes through.
 *
 * <p>Sources: the conventions are PyTorch's. He et al., arXiv 1502.01852, and Glorot and Bengio,
 * AISTATS 2010, for the initializers; Hendrycks and Gimpel, arXiv 1606.08415 (GELU); Clevert,
 * Unterthiner and Hochreiter, arXiv 1511.07289 (ELU); Elfwing, Uchibe and Doya, arXiv 1702.03118
 * (SiLU).
 */
@SuppressWarnings("ImmutableEnumChecker") // an Expression is immutable: its list is a copy
public enum Activation {
  /** σ(z) = max(z, 0), and σ'(0) = 0. */
  RELU(Suits.HE, Expression.of(Operator.RELU)) {
    @Override
    void run(float[] z, float[] a, float[] scratch, int count) {
      for (int i = 0; i < count; i++) {
        float y = Math.max(z[i], 0); // NaN stays NaN
        a[i] = y;
        z[i] = ActivationLoops.isPositive(y);
      }
    }
  },

  /** σ(z) = z for z > 0, otherwise 0.01 z. */
  LEAKY_RELU(Suits.HE, Expression.of(Operator.LEAKY_RELU)) {
    private static final float SLOPE = 0.01f;

    @Override
    void run(float[] z, float[] a, float[] scratch, int count) {
      for (int i = 0; i < count; i++) {
        float y = Math.max(z[i], 0);
        a[i] = y + SLOPE * Math.min(z[i], 0);
        z[i] = Math.max(ActivationLoops.isPositive(y), SLOPE);
      }
    }
  },

  /** σ(z) = z for z > 0, otherwise e^z - 1; so σ' is 1, otherwise e^z. */
  ELU(Suits.HE, Expression.of(Operator.ELU)) {
    @Override
    void run(float[] z, float[] a, float[] scratch, int count) {
      Exponential.expMinus1(1, z, a, count);
      for (int i = 0; i < count; i++) {
        float negative = Math.min(a[i], 0);
        a[i] = Math.max(z[i], 0) + negative;
        z[i] = negative + 1;
      }
    }
  },

  /** σ(z) = z Φ(z), with Φ the normal distribution and φ its density; σ' = Φ(z) + z φ(z). */
  GELU(Suits.HE, Expression.gelu()) {
    @Override
    void run(float[] z, float[] a, float[] scratch, int count) {
      for (int i = 0; i < count; i++) {
        double x = z[i];
        double density = Elementary.normalDensity(x);
        double cdf = Elementary.normalCdf(x, density);
        a[i] = (float) (x * cdf);
        z[i] = (float) (cdf + x * density);
      }
    }
  },

  /**
   * The approximation of GELU by tanh: σ(z) = ½ z (1 + tanh (u / 2)) with u = 2 √(2/π) (z +
   * 0.044715 z³), that is z s with s = 1 / (1 + e^-u); σ' = s + z s (1 - s) u'.
   */
  GELU_TANH(Suits.HE, Expression.geluTanh()) {
    private static final float TWO_SQRT_2_BY_PI = 1.595769f;
    private static final float CUBIC = 0.044715f;

    @Override
    void run(float[] z, float[] a, float[] scratch, int count) {
      for (int i = 0; i < count; i++) {
        // Beyond ±12 s is 0 or 1, and bounds keep the cube finite.
        float x = Math.min(Math.max(z[i], -12), 12);
        scratch[i] = TWO_SQRT_2_BY_PI * (x + CUBIC * x * x * x);
      }
      Exponential.exp(-1, scratch, a, count);
      for (int i = 0; i < count; i++) {
        float x = Math.min(Math.max(z[i], -12), 12);
        float s = 1 / (1 + a[i]);
        float slope = TWO_SQRT_2_BY_PI * (1 + 3 * CUBIC * x * x);
        a[i] = z[i] * s;
        z[i] = s + x * s * (1 - s) * slope;
      }
    }
  },

  /** σ(z) = z s with s = 1 / (1 + e^-z); σ' = s + z s (1 - s). Also called swish. */
  SILU(Suits.HE, Expression.gated(Operator.SIGMOID)) {
    @Override
    void run(float[] z, float[] a, float[] scratch, int count) {
      Exponential.exp(-1, z, a, count);
      for (int i = 0; i < count; i++) {
        float s = 1 / (1 + a[i]);
        float y = z[i] * s;
        a[i] = y;
        z[i] = s + y * (1 - s);
      }
    }
  },

  /**
   * σ(z) = ln(1 + e^z) = max(z, 0) + ln(1 + u) with u = e^-|z|, and ln(1 + u) = 2 (s + s³/3 + s⁵/5
   * + …) with s = u / (2 + u) ≤ 1/3; σ' = 1 / (1 + e^-z).
   */
  SOFTPLUS(Suits.HE, Expression.of(Operator.SOFTPLUS)) {
    @Override
    void run(float[] z, float[] a, float[] scratch, int count) {
      for (int i = 0; i < count; i++) {
        a[i] = Math.abs(z[i]);
      }
      Exponential.exp(-1, a, scratch, count);
      for (int i = 0; i < count; i++) {
        float u = scratch[i];
        float s = u / (2 + u);
        float s2 = s * s;
        float series = s2 * (1f / 11) + 1f / 9; // what follows is at most s¹²/13, 2 · 10⁻⁷ / 13
        series = s2 * series + 1f / 7;
        series = s2 * series + 1f / 5;
        series = s2 * series + 1f / 3;
        float y = Math.max(z[i], 0);
        float positive = ActivationLoops.isPositive(y);
        a[i] = y + 2 * (s + s * s2 * series);
        z[i] = (u + positive * (1 - u)) / (1 + u);
      }
    }
  },

  /**
   * σ(z) = z t with t = tanh ln(1 + e^z) = n / (n + 2 q), where u = e^-|z|, and n = 1 + 2 u, q = u²
   * for z > 0, otherwise n = u² + 2 u, q = 1; σ' = t + z (1 - t²) / (1 + e^-z). Misra, arXiv
   * 1908.08681.
   */
  MISH(
      Suits.HE,
      Expression.of(
          Operator.MULTIPLY,
          Expression.input(),
          Expression.of(Operator.TANH, Expression.of(Operator.SOFTPLUS)))) {
    @Override
    void run(float[] z, float[] a, float[] scratch, int count) {
      for (int i = 0; i < count; i++) {
        a[i] = Math.abs(z[i]);
      }
      Exponential.exp(-1, a, scratch, count);
      for (int i = 0; i < count; i++) {
        float u = scratch[i];
        float positive = ActivationLoops.isPositive(Math.max(z[i], 0));
        float n = 2 * u + (positive + (1 - positive) * u * u);
        float q = positive * u * u + (1 - positive);
        float t = n / (n + 2 * q);
        float rest = 2 * q / (n + 2 * q); // 1 - t, without cancellation
        float s = (positive + (1 - positive) * u) / (1 + u);
        a[i] = z[i] * t;
        z[i] = t + z[i] * rest * (1 + t) * s;
      }
    }
  },

  /** σ(z) = tanh z = t / (t + 2) with t = e^2z - 1; σ' = 1 - σ². */
  TANH(Suits.GLOROT, Expression.of(Operator.TANH)) {
    @Override
    void run(float[] z, float[] a, float[] scratch, int count) {
      Exponential.expMinus1(2, z, a, count);
      for (int i = 0; i < count; i++) {
        float y = a[i] / (a[i] + 2);
        a[i] = y;
        z[i] = 1 - y * y;
      }
    }
  },

  /** σ(z) = 1 / (1 + e^-z); σ' = σ (1 - σ). */
  SIGMOID(Suits.GLOROT, Expression.of(Operator.SIGMOID)) {
    @Override
    void run(float[] z, float[] a, float[] scratch, int count) {
      Exponential.exp(-1, z, a, count);
      for (int i = 0; i < count; i++) {
        float y = 1 / (1 + a[i]);
        a[i] = y;
        z[i] = y * (1 - y);
      }
    }
  },

  /** σ(z) = z. Preactivations and activations may be the same matrix. */
  IDENTITY(Suits.GLOROT, Expression.input()) {
    @Override
    public void apply(Matrix preactivations, Matrix activations) {
      requireSameShape("activations", activations, preactivations);
      System.arraycopy(
          preactivations.array(),
          preactivations.offset(),
          activations.array(),
          activations.offset(),
          preactivations.rows() * preactivations.columns());
    }

    @Override
    public void applyAndDifferentiate(Matrix preactivations, Matrix activations) {
      apply(preactivations, activations);
    }

    @Override
    public void multiplyByDerivative(Matrix derivatives, Matrix activations, Matrix gradient) {
      requireSameShape("gradient", gradient, activations);
    }
  },

  /**
   * Row by row, σ(z)_c = e^(z_c) / Σ_k e^(z_k); dZ_c = A_c (dA_c - Σ_k dA_k A_k), from A alone. For
   * the output layer only, and not before a cross-entropy, whose logits it would spoil.
   */
  SOFTMAX(Suits.GLOROT, Expression.of(Operator.SOFTMAX)) {
    @Override
    public boolean isElementwise() {
      return false;
    }

    @Override
    public void apply(Matrix preactivations, Matrix activations) {
      requireSameShape("activations", activations, preactivations);
      Softmax.apply(preactivations, activations);
    }

    @Override
    public void applyAndDifferentiate(Matrix preactivations, Matrix activations) {
      apply(preactivations, activations);
    }

    @Override
    public void multiplyByDerivative(Matrix derivatives, Matrix activations, Matrix gradient) {
      requireSameShape("gradient", gradient, activations);
      Softmax.multiplyByDerivative(activations, gradient);
    }
  };

  /** Which initializer keeps the variance of what passes through. */
  private enum Suits {
    HE,
    GLOROT
  }

  private final Suits suits;
  private final Expression expression;

  Activation(Suits suits, Expression expression) {
    this.suits = suits;
    this.expression = expression;
  }

  /** Returns the activation of this name in the configuration. */
  public static Activation of(String key) {
    for (Activation activation : values()) {
      if (activation.key().equals(key)) {
        return activation;
      }
    }
    throw Check.invalid("activation", key, "one of " + String.join(", ", keys()));
  }

  /** Returns the name in the configuration: lower case, words joined by a hyphen. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns all names in the configuration. */
  public static List<String> keys() {
    return Arrays.stream(values()).map(Activation::key).toList();
  }

  /** Returns the function as operators, for export. */
  public Expression expression() {
    return expression;
  }

  /** Returns whether an output depends on its own input alone, as a hidden layer needs it. */
  public boolean isElementwise() {
    return true;
  }

  /** Returns whether He's initializer suits it; otherwise Glorot's does. */
  public boolean usesHe() {
    return suits == Suits.HE;
  }

  /**
   * A = σ(Z), for predictions.
   *
   * @param preactivations Z, B × O; only read
   * @param activations A, B × O, overwritten; may be the same matrix
   */
  public void apply(Matrix preactivations, Matrix activations) {
    run(preactivations, activations, false);
  }

  /**
   * A = σ(Z) and, in place, Z = σ'(Z), for training: both come from one exponential.
   *
   * @param preactivations Z before and its derivatives after, B × O
   * @param activations A, B × O, overwritten; another matrix
   */
  public void applyAndDifferentiate(Matrix preactivations, Matrix activations) {
    run(preactivations, activations, true);
  }

  /**
   * dZ = dA ⊙ σ'(Z), in place.
   *
   * @param derivatives σ'(Z) as {@link #applyAndDifferentiate} left it, B × O; only read
   * @param activations A = σ(Z), B × O; only read
   * @param gradient dA before and dZ after, B × O
   */
  public void multiplyByDerivative(Matrix derivatives, Matrix activations, Matrix gradient) {
    requireSameShape("activations", activations, derivatives);
    requireSameShape("gradient", gradient, derivatives);
    ActivationLoops.multiply(derivatives, gradient);
  }

  private void run(Matrix preactivations, Matrix activations, boolean differentiates) {
    requireSameShape("activations", activations, preactivations);
    ActivationLoops.run(this, preactivations, activations, differentiates);
  }

  private static void requireSameShape(String what, Matrix matrix, Matrix other) {
    matrix.requireShape(what, other.rows(), other.columns());
  }

  /**
   * Sets {@code count} values of {@code a} to σ(z), and of {@code z} to σ'(z), from index 0; {@code
   * scratch} may hold what it likes.
   */
  void run(float[] z, float[] a, float[] scratch, int count) {
    throw new UnsupportedOperationException(key() + " has loops of its own");
  }
}
