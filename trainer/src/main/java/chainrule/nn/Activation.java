package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.Elementary;
import chainrule.math.Matrix;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The functions σ between a layer's affine part and its outputs: {@code A = σ(Z)}, and backwards
 * {@code dZ = dA ⊙ σ'(Z)}.
 *
 * <p>To add one, write a constant here, with its formula, its two loops over elements and its
 * initializer, and a line in the test's table of formulas: the test goes through all constants and
 * says so if a formula is missing. Configuration, layers and documents know it by {@link #key()}.
 *
 * <p>Shapes: preactivations, activations and gradient are all B × O, and the caller's. A derivative
 * may need the preactivations or the activations, so keep both: they may be one matrix for {@link
 * #IDENTITY}, and elsewhere only if no derivative will follow. Each constant has loops of its own,
 * so that the compiler sees one function in each and no call.
 *
 * <p>Constants hold nothing: threads may share them. Same bits on every CPU.
 *
 * <p>Errors: {@link IllegalArgumentException} if shapes disagree; NaN passes through.
 *
 * <p>Sources: the conventions are PyTorch's. He et al., arXiv 1502.01852, and Glorot and Bengio,
 * AISTATS 2010, for the initializers; Hendrycks and Gimpel, arXiv 1606.08415 (GELU); Clevert,
 * Unterthiner and Hochreiter, arXiv 1511.07289 (ELU); Elfwing, Uchibe and Doya, arXiv 1702.03118
 * (SiLU).
 */
public enum Activation {
  /** σ(z) = max(z, 0), and σ'(0) = 0. */
  RELU(Suits.HE) {
    @Override
    void apply(float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        a[aFrom + i] = Math.max(z[zFrom + i], 0); // NaN stays NaN
      }
    }

    @Override
    void multiply(
        float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        // 1 for any a > 0, the least float included, and 0 for 0: a branch would be mispredicted
        // every other time, and cost more than the matrix products.
        float derivative = Math.min(a[aFrom + i] * Float.MAX_VALUE * Float.MAX_VALUE, 1);
        gradient[from + i] *= derivative;
      }
    }
  },

  /** σ(z) = z for z > 0, otherwise 0.01 z. */
  LEAKY_RELU(Suits.HE) {
    private static final float SLOPE = 0.01f;

    @Override
    void apply(float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        float x = z[zFrom + i];
        a[aFrom + i] = x > 0 ? x : SLOPE * x;
      }
    }

    @Override
    void multiply(
        float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        gradient[from + i] *= z[zFrom + i] > 0 ? 1 : SLOPE;
      }
    }
  },

  /** σ(z) = z for z > 0, otherwise e^z - 1; so σ' is 1, otherwise e^z. */
  ELU(Suits.HE) {
    @Override
    void apply(float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        float x = z[zFrom + i];
        a[aFrom + i] = x > 0 ? x : (float) (Elementary.exp(x) - 1);
      }
    }

    @Override
    void multiply(
        float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        float x = z[zFrom + i];
        gradient[from + i] *= x > 0 ? 1 : (float) Elementary.exp(x);
      }
    }
  },

  /** σ(z) = z Φ(z), with Φ the normal distribution; σ' = Φ(z) + z φ(z). */
  GELU(Suits.HE) {
    @Override
    void apply(float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        double x = z[zFrom + i];
        a[aFrom + i] = (float) (x * Elementary.normalCdf(x));
      }
    }

    @Override
    void multiply(
        float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        double x = z[zFrom + i];
        double derivative = Elementary.normalCdf(x) + x * Elementary.normalDensity(x);
        gradient[from + i] *= (float) derivative;
      }
    }
  },

  /**
   * The approximation of GELU by tanh: σ(z) = ½ z (1 + tanh u) with u = √(2/π) (z + 0.044715 z³),
   * that is z s with s = 1 / (1 + e^(-2u)); σ' = s + 2 z s (1 - s) u'.
   */
  GELU_TANH(Suits.HE) {
    private static final double TWO_SQRT_2_BY_PI = 1.5957691216057308;

    @Override
    void apply(float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        double x = z[zFrom + i];
        double s = Elementary.sigmoid(TWO_SQRT_2_BY_PI * (x + 0.044715 * x * x * x));
        a[aFrom + i] = (float) (x * s);
      }
    }

    @Override
    void multiply(
        float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        double x = z[zFrom + i];
        double cubic = 0.044715 * x * x;
        double s = Elementary.sigmoid(TWO_SQRT_2_BY_PI * (x + cubic * x));
        double slope = TWO_SQRT_2_BY_PI * (1 + 3 * cubic);
        gradient[from + i] *= (float) (s + x * slope * s * (1 - s));
      }
    }
  },

  /** σ(z) = z s with s = 1 / (1 + e^-z); σ' = s + z s (1 - s). Also called swish. */
  SILU(Suits.HE) {
    @Override
    void apply(float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        double x = z[zFrom + i];
        a[aFrom + i] = (float) (x * Elementary.sigmoid(x));
      }
    }

    @Override
    void multiply(
        float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        double x = z[zFrom + i];
        double s = Elementary.sigmoid(x);
        gradient[from + i] *= (float) (s + x * s * (1 - s));
      }
    }
  },

  /** σ(z) = ln(1 + e^z); σ' = 1 / (1 + e^-z). */
  SOFTPLUS(Suits.HE) {
    @Override
    void apply(float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        a[aFrom + i] = (float) Elementary.softplus(z[zFrom + i]);
      }
    }

    @Override
    void multiply(
        float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        gradient[from + i] *= (float) Elementary.sigmoid(z[zFrom + i]);
      }
    }
  },

  /** σ(z) = tanh z; σ' = 1 - σ². */
  TANH(Suits.GLOROT) {
    @Override
    void apply(float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        a[aFrom + i] = (float) Elementary.tanh(z[zFrom + i]);
      }
    }

    @Override
    void multiply(
        float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        float y = a[aFrom + i];
        gradient[from + i] *= 1 - y * y;
      }
    }
  },

  /** σ(z) = 1 / (1 + e^-z); σ' = σ (1 - σ). */
  SIGMOID(Suits.GLOROT) {
    @Override
    void apply(float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        a[aFrom + i] = (float) Elementary.sigmoid(z[zFrom + i]);
      }
    }

    @Override
    void multiply(
        float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count) {
      for (int i = 0; i < count; i++) {
        float y = a[aFrom + i];
        gradient[from + i] *= y * (1 - y);
      }
    }
  },

  /** σ(z) = z. Preactivations and activations may be the same matrix. */
  IDENTITY(Suits.GLOROT) {
    @Override
    void apply(float[] z, int zFrom, float[] a, int aFrom, int count) {
      System.arraycopy(z, zFrom, a, aFrom, count);
    }

    @Override
    void multiply(
        float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count) {}
  },

  /**
   * Row by row, σ(z)_c = e^(z_c) / Σ_k e^(z_k); dZ_c = A_c (dA_c - Σ_k dA_k A_k). For the output
   * layer only, and not before a cross-entropy, whose logits it would spoil.
   */
  SOFTMAX(Suits.GLOROT) {
    @Override
    public boolean isElementwise() {
      return false;
    }

    @Override
    void apply(float[] z, int zFrom, float[] a, int aFrom, int count) {
      Softmax.apply(z, zFrom, a, aFrom, count);
    }

    @Override
    void multiply(
        float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count) {
      double mean = 0;
      for (int i = 0; i < count; i++) {
        mean += (double) gradient[from + i] * a[aFrom + i];
      }
      for (int i = 0; i < count; i++) {
        gradient[from + i] = (float) (a[aFrom + i] * (gradient[from + i] - mean));
      }
    }
  };

  /** Which initializer keeps the variance of what passes through. */
  private enum Suits {
    HE,
    GLOROT
  }

  private final Suits suits;

  Activation(Suits suits) {
    this.suits = suits;
  }

  /** Returns the activation of this name in the configuration. */
  public static Activation of(String key) {
    for (Activation activation : values()) {
      if (activation.key().equals(key)) {
        return activation;
      }
    }
    String keys = Arrays.stream(values()).map(Activation::key).collect(Collectors.joining(", "));
    throw Check.invalid("activation", key, "one of " + keys);
  }

  /** Returns the name in the configuration: lower case, words joined by a hyphen. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
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
   * A = σ(Z).
   *
   * @param preactivations Z, B × O; only read
   * @param activations A, B × O, overwritten
   */
  public final void apply(Matrix preactivations, Matrix activations) {
    activations.requireShape("activations", preactivations.rows(), preactivations.columns());
    int run = run(preactivations);
    for (int at = 0, end = size(preactivations); at < end; at += run) {
      apply(
          preactivations.array(),
          preactivations.offset() + at,
          activations.array(),
          activations.offset() + at,
          run);
    }
  }

  /**
   * dZ = dA ⊙ σ'(Z), in place.
   *
   * @param preactivations Z, B × O; only read
   * @param activations A = σ(Z), B × O; only read
   * @param gradient dA before and dZ after, B × O
   */
  public final void multiplyByDerivative(
      Matrix preactivations, Matrix activations, Matrix gradient) {
    activations.requireShape("activations", preactivations.rows(), preactivations.columns());
    gradient.requireShape("gradient", preactivations.rows(), preactivations.columns());
    int run = run(preactivations);
    for (int at = 0, end = size(preactivations); at < end; at += run) {
      multiply(
          gradient.array(),
          gradient.offset() + at,
          preactivations.array(),
          preactivations.offset() + at,
          activations.array(),
          activations.offset() + at,
          run);
    }
  }

  /** Returns how many values go together: the whole matrix if each is for itself, or else a row. */
  private int run(Matrix matrix) {
    return isElementwise() ? size(matrix) : matrix.columns();
  }

  private static int size(Matrix matrix) {
    return matrix.rows() * matrix.columns();
  }

  /** Sets a run of values of {@code a} to σ(z). */
  abstract void apply(float[] z, int zFrom, float[] a, int aFrom, int count);

  /** Multiplies a run of the gradient by σ'(z), where a = σ(z). */
  abstract void multiply(
      float[] gradient, int from, float[] z, int zFrom, float[] a, int aFrom, int count);
}
