package chainrule.nn;

import chainrule.math.Matrix;

/**
 * Runs the loops of activations on whole arrays from index 0, to which values are copied in runs
 * that a first-level cache holds. Each thread has its own arrays.
 */
final class ActivationLoops {
  /** 4 KiB each: at home in a first-level cache. */
  private static final int LENGTH = 1024;

  private static final ThreadLocal<ActivationLoops> OF_THREAD =
      ThreadLocal.withInitial(ActivationLoops::new);

  private final float[] z = new float[LENGTH];
  private final float[] a = new float[LENGTH];
  private final float[] scratch = new float[LENGTH];

  private ActivationLoops() {}

  /** Sets A = σ(Z) and, if {@code differentiates}, Z = σ'(Z). */
  static void run(
      Activation activation, Matrix preactivations, Matrix activations, boolean differentiates) {
    ActivationLoops buffers = OF_THREAD.get();
    float[] z = buffers.z;
    float[] a = buffers.a;
    for (int at = 0, end = size(preactivations); at < end; at += LENGTH) {
      int count = Math.min(LENGTH, end - at);
      System.arraycopy(preactivations.array(), preactivations.offset() + at, z, 0, count);
      activation.run(z, a, buffers.scratch, count);
      System.arraycopy(a, 0, activations.array(), activations.offset() + at, count);
      if (differentiates) {
        System.arraycopy(z, 0, preactivations.array(), preactivations.offset() + at, count);
      }
    }
  }

  /** Multiplies the gradient by the derivatives, in place. */
  static void multiply(Matrix derivatives, Matrix gradient) {
    ActivationLoops buffers = OF_THREAD.get();
    float[] factors = buffers.z;
    float[] products = buffers.a;
    for (int at = 0, end = size(gradient); at < end; at += LENGTH) {
      int count = Math.min(LENGTH, end - at);
      System.arraycopy(derivatives.array(), derivatives.offset() + at, factors, 0, count);
      System.arraycopy(gradient.array(), gradient.offset() + at, products, 0, count);
      for (int i = 0; i < count; i++) {
        products[i] *= factors[i];
      }
      System.arraycopy(products, 0, gradient.array(), gradient.offset() + at, count);
    }
  }

  private static int size(Matrix matrix) {
    return matrix.rows() * matrix.columns();
  }

  /**
   * Returns 1 for any y > 0, the least float included, and 0 for 0: a branch would be mispredicted
   * every other time, and cost more than the matrix products.
   */
  static float isPositive(float y) {
    return Math.min(y * Float.MAX_VALUE * Float.MAX_VALUE, 1);
  }
}
