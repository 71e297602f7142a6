package chainrule.math;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.File;
import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Matrix products by OpenBLAS, from the natives that Maven brings, one thread a call: the tasks are
 * what runs side by side.
 *
 * <p>Bits: a call with the same shapes and values gives the same bits on one type of CPU, whatever
 * the thread. A row's result may depend on how many rows are in the call, and types of CPU differ;
 * OPENBLAS_CORETYPE in the environment pins one.
 *
 * <p>Threads may share it. Shapes are checked before each call, so that no call reaches beyond the
 * arrays.
 *
 * <p>The natives are called through netlib, which pins Java's arrays instead of copying them.
 */
public final class OpenBlasKernels implements Kernels {
  /** By which configuration and logs know these kernels. */
  public static final String NAME = "openblas";

  private static final String LIBRARY_PATH = "dev.ludovic.netlib.blas.nativeLibPath";

  private final BLAS blas;

  /** What column sums are products with; never written once it stands here. */
  private volatile float[] ones = new float[0];

  private OpenBlasKernels(BLAS blas) {
    this.blas = Objects.requireNonNull(blas, "blas");
  }

  /**
   * Loads OpenBLAS into this JVM and tests it.
   *
   * @throws IllegalStateException if there are no natives for this platform, they cannot be loaded,
   *     or they compute something else than the plain kernels
   */
  public static OpenBlasKernels load() {
    try {
      var glue = new File(Loader.load(openblas_nolapack.class));
      openblas_nolapack.blas_set_num_threads(1);
      File library = library(glue.getParentFile());
      if (System.getProperty(LIBRARY_PATH) == null) {
        System.setProperty(LIBRARY_PATH, library.getPath());
      }
      var kernels = new OpenBlasKernels(NativeBLAS.getInstance());
      kernels.test();
      return kernels;
    } catch (LinkageError | RuntimeException e) {
      throw new IllegalStateException("Cannot load OpenBLAS: " + e.getMessage(), e);
    }
  }

  /** Returns the library that the glue was linked with, so that it is loaded once. */
  private static File library(File folder) {
    File[] found =
        folder.listFiles((where, name) -> name.matches("libopenblas_nolapack\\.so\\.\\d+"));
    if (found == null || found.length == 0) {
      throw new IllegalStateException("there is no libopenblas_nolapack.so in " + folder);
    }
    return found[0];
  }

  /** Compares each product with the plain kernels', on shapes with odd ends. */
  private void test() {
    float[] expected = products(new JavaKernels());
    float[] found = products(this);
    for (int i = 0; i < expected.length; i++) {
      // Sums of up to 23 products of deviates, rounded at 6e-8 each.
      if (!(Math.abs(found[i] - expected[i]) < 1e-4)) {
        throw new IllegalStateException(
            "its products are wrong: " + found[i] + " instead of " + expected[i]);
      }
    }
  }

  /** Returns the products of small matrices and a column's sums, one behind the other. */
  private static float[] products(Kernels kernels) {
    int rows = 19;
    int inputs = 23;
    int outputs = 17;
    var random = new RandomStream(1);
    Matrix x = random(rows, inputs, random);
    Matrix w = random(inputs, outputs, random);
    Matrix dz = random(rows, outputs, random);
    float[] all = new float[rows * outputs + inputs * outputs + rows * inputs + outputs];
    Slice z = Slice.of(all, 0, rows * outputs);
    Slice dw = Slice.of(all, z.length(), inputs * outputs);
    Slice dx = Slice.of(all, z.length() + dw.length(), rows * inputs);
    Slice db = Slice.of(all, all.length - outputs, outputs);
    kernels.affine(x, w, random(1, outputs, random).asSlice(), z.asMatrix(rows, outputs));
    kernels.addTransposedProduct(x, dz, dw.asMatrix(inputs, outputs));
    kernels.productWithTransposed(dz, w, dx.asMatrix(rows, inputs));
    kernels.addColumnSums(dz, db);
    return all;
  }

  private static Matrix random(int rows, int columns, RandomStream random) {
    Matrix matrix = Matrix.zeros(rows, columns);
    for (int i = 0; i < rows * columns; i++) {
      matrix.array()[i] = (float) random.nextGaussian();
    }
    return matrix;
  }

  @Override
  public String name() {
    return NAME;
  }

  // OpenBLAS counts by columns: a row-major matrix is the transposed one by columns, so that
  // C = A · B is asked for as Cᵀ = Bᵀ · Aᵀ.

  @Override
  public void affine(Matrix x, Matrix w, Slice b, Matrix z) {
    x.requireShape("x", z.rows(), w.rows());
    z.requireShape("z", x.rows(), w.columns());
    Check.argument(b.length() == w.columns(), "length of b", b.length(), "" + w.columns());
    for (int row = 0; row < z.rows(); row++) {
      System.arraycopy(
          b.array(), b.offset(), z.array(), z.offset() + row * z.columns(), z.columns());
    }
    multiply("N", "N", w, x, z, x.columns(), 1);
  }

  @Override
  public void addTransposedProduct(Matrix x, Matrix dz, Matrix dw) {
    dz.requireShape("dz", x.rows(), dw.columns());
    dw.requireShape("dw", x.columns(), dz.columns());
    multiply("N", "T", dz, x, dw, x.rows(), 1);
  }

  @Override
  public void productWithTransposed(Matrix dz, Matrix w, Matrix dx) {
    dz.requireShape("dz", dx.rows(), w.columns());
    dx.requireShape("dx", dz.rows(), w.rows());
    multiply("T", "N", w, dz, dx, w.columns(), 0);
  }

  /** Computes C = op(left by columns) · op(right by columns) + beta · C. */
  private void multiply(
      String transposeLeft,
      String transposeRight,
      Matrix left,
      Matrix right,
      Matrix c,
      int inner,
      float beta) {
    if (c.rows() == 0) {
      return;
    }
    blas.sgemm(
        transposeLeft,
        transposeRight,
        c.columns(),
        c.rows(),
        inner,
        1,
        left.array(),
        left.offset(),
        left.columns(),
        right.array(),
        right.offset(),
        right.columns(),
        beta,
        c.array(),
        c.offset(),
        c.columns());
  }

  @Override
  public void addColumnSums(Matrix dz, Slice db) {
    Check.argument(db.length() == dz.columns(), "length of db", db.length(), "" + dz.columns());
    if (dz.rows() == 0) {
      return;
    }
    blas.sgemv(
        "N",
        dz.columns(),
        dz.rows(),
        1,
        dz.array(),
        dz.offset(),
        dz.columns(),
        ones(dz.rows()),
        0,
        1,
        1,
        db.array(),
        db.offset(),
        1);
  }

  /** Returns at least {@code count} ones, only to be read. */
  private float[] ones(int count) {
    float[] known = ones;
    if (known.length < count) {
      known = new float[count];
      Arrays.fill(known, 1);
      ones = known;
    }
    return known;
  }
}
