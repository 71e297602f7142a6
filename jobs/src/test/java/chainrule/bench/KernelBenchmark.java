package chainrule.bench;

import chainrule.math.KernelChoice;
import chainrule.math.Kernels;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Slice;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The three products of a layer, each 2 · B · I · O operations, on one thread. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class KernelBenchmark {
  @Param({"openblas", "java"})
  public String kernels;

  /** Rows × inputs × outputs. */
  @Param({"128x784x256", "128x300x300", "64x28x32", "256x1024x1024"})
  public String shape;

  private Kernels implementation;
  private Matrix x;
  private Matrix w;
  private Slice b;
  private Matrix z;
  private Matrix dw;
  private Matrix dx;

  /** Returns the operations of one product of this shape. */
  static double operations(String shape) {
    double product = 2;
    for (int size : sizes(shape)) {
      product *= size;
    }
    return product;
  }

  private static int[] sizes(String shape) {
    return java.util.Arrays.stream(shape.split("x", -1)).mapToInt(Integer::parseInt).toArray();
  }

  @Setup
  public void fill() {
    implementation = KernelChoice.named(kernels);
    int[] sizes = sizes(shape);
    var random = new RandomStream(1);
    x = normal(sizes[0], sizes[1], random);
    w = normal(sizes[1], sizes[2], random);
    b = normal(1, sizes[2], random).asSlice();
    z = normal(sizes[0], sizes[2], random);
    dw = Matrix.zeros(sizes[1], sizes[2]);
    dx = Matrix.zeros(sizes[0], sizes[1]);
  }

  private static Matrix normal(int rows, int columns, RandomStream random) {
    Matrix matrix = Matrix.zeros(rows, columns);
    for (int i = 0; i < matrix.array().length; i++) {
      matrix.array()[i] = (float) random.nextGaussian();
    }
    return matrix;
  }

  @Benchmark
  public Matrix affine() {
    implementation.affine(x, w, b, z);
    return z;
  }

  @Benchmark
  public Matrix addTransposedProduct() {
    implementation.addTransposedProduct(x, z, dw);
    return dw;
  }

  @Benchmark
  public Matrix productWithTransposed() {
    implementation.productWithTransposed(z, w, dx);
    return dx;
  }
}
