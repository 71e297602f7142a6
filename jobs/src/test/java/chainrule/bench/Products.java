package chainrule.bench;

import chainrule.math.KernelChoice;
import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.util.ArrayList;
import java.util.List;

/**
 * The matrix products of a network's step and nothing else, by the sgemm that training uses, on one
 * thread. Not for sharing.
 */
final class Products {
  private final Shape shape;
  private final int rows;
  private final BLAS blas;
  private final List<float[]> activations = new ArrayList<>();
  private final List<float[]> weights = new ArrayList<>();
  private final List<float[]> gradients = new ArrayList<>();

  /**
   * @param rows that go through the network at once
   */
  Products(Shape shape, int rows) {
    this.shape = shape;
    this.rows = rows;
    KernelChoice.named("openblas"); // which tells netlib what to load
    this.blas = NativeBLAS.getInstance();
    for (int width : shape.layers()) {
      activations.add(filled(rows * width));
    }
    for (int i = 1; i < shape.layers().size(); i++) {
      int count = shape.layers().get(i - 1) * shape.layers().get(i);
      weights.add(filled(count));
      gradients.add(new float[count]);
    }
  }

  private static float[] filled(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i % 7 - 3) * 0.01f;
    }
    return values;
  }

  /** Returns how many rows a second the products of a step would allow. */
  double rowsPerSecond(double seconds) {
    long begin = System.nanoTime();
    long steps = 0;
    do {
      step();
      steps++;
    } while (Training.secondsSince(begin) < seconds);
    return steps * rows / Training.secondsSince(begin);
  }

  /** Matrices are row-major, and BLAS counts by columns: each product is asked for transposed. */
  private void step() {
    for (int i = 0; i < weights.size(); i++) {
      int inputs = shape.layers().get(i);
      int outputs = shape.layers().get(i + 1);
      float[] x = activations.get(i);
      float[] z = activations.get(i + 1);
      float[] w = weights.get(i);
      blas.sgemm("N", "N", outputs, rows, inputs, 1, w, outputs, x, inputs, 0, z, outputs);
    }
    for (int i = weights.size() - 1; i >= 0; i--) {
      int inputs = shape.layers().get(i);
      int outputs = shape.layers().get(i + 1);
      float[] x = activations.get(i);
      float[] dz = activations.get(i + 1);
      float[] dw = gradients.get(i);
      blas.sgemm("N", "T", outputs, inputs, rows, 1, dz, outputs, x, inputs, 0, dw, outputs);
      if (i > 0) {
        float[] w = weights.get(i);
        blas.sgemm("T", "N", inputs, rows, outputs, 1, w, outputs, dz, outputs, 0, x, inputs);
      }
    }
  }
}
