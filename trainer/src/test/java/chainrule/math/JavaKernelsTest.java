package chainrule.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaKernelsTest {
  private static final Kernels KERNELS = new JavaKernels();

  // B, I, O around every size at which the code takes another path: four rows at a time, narrow
  // below 5 columns, long from 128, and blocks of 64 × 512.
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 7, 1",
    "3, 1, 2",
    "5, 3, 4",
    "5, 4, 5",
    "4, 5, 3",
    "2, 64, 127",
    "3, 65, 128",
    "7, 63, 129",
    "9, 130, 6",
    "1, 3, 513",
    "6, 600, 31",
    "65, 515, 7",
    "130, 2, 1030"
  })
  void givesTheBitsOfThreeNestedLoops(int rows, int inputs, int outputs) {
    var sample = new Sample(rows, inputs, outputs, 11);
    assertThat(sample.results(KERNELS)).isEqualTo(sample.results(new NaiveKernels()));
  }

  @Property(tries = 100)
  void givesTheBitsOfThreeNestedLoopsForAnyShape(
      @ForAll @IntRange(min = 1, max = 150) int rows,
      @ForAll @IntRange(min = 1, max = 150) int inputs,
      @ForAll @IntRange(min = 1, max = 150) int outputs,
      @ForAll long seed) {
    var sample = new Sample(rows, inputs, outputs, seed);
    assertThat(sample.results(KERNELS)).isEqualTo(sample.results(new NaiveKernels()));
  }

  @Property(tries = 50)
  void givesARowTheSameBitsHoweverManyRowsAreInTheCall(
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 140) int inputs,
      @ForAll @IntRange(min = 1, max = 140) int outputs,
      @ForAll @IntRange(min = 1, max = 40) int fewer) {
    var sample = new Sample(rows, inputs, outputs, 5);
    int count = Math.min(rows, fewer);
    Matrix z = Matrix.zeros(count, outputs);
    KERNELS.affine(sample.x.firstRows(count), sample.w, sample.b, z);
    Matrix dx = Matrix.zeros(count, inputs);
    KERNELS.productWithTransposed(sample.dz.firstRows(count), sample.w, dx);

    KERNELS.affine(sample.x, sample.w, sample.b, sample.z);
    KERNELS.productWithTransposed(sample.dz, sample.w, sample.dx);
    assertThat(z.array()).isEqualTo(sample.z.firstRows(count).asSlice().toArray());
    assertThat(dx.array()).isEqualTo(sample.dx.firstRows(count).asSlice().toArray());
  }

  @Test
  void givesTheSameBitsInEveryThread() throws Exception {
    float[][] expected = new Sample(33, 200, 150, 3).results(KERNELS);
    var pool = Executors.newFixedThreadPool(4);
    try {
      Callable<float[][]> task = () -> new Sample(33, 200, 150, 3).results(KERNELS);
      for (var result : pool.invokeAll(Collections.nCopies(16, task))) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void writesNothingOutsideItsViews() {
    for (int outputs : new int[] {3, 20, 600}) {
      var sample = new Sample(6, 70, outputs, 8);
      sample.results(KERNELS);
      for (Matrix view : new Matrix[] {sample.z, sample.dx, sample.dw}) {
        float[] array = view.array();
        int end = view.offset() + view.asSlice().length();
        for (int i = 0; i < array.length; i++) {
          if (i < view.offset() || i >= end) {
            assertThat(array[i]).as("[%d] beside %s", i, view).isEqualTo(Sample.MARGIN_VALUE);
          }
        }
      }
    }
  }

  @Test
  void letsNaNAndInfinityThroughEvenWhenMultipliedByZero() {
    Matrix x = Matrix.of(1, 2, 0, 1);
    Matrix w = Matrix.of(2, 5, Float.NaN, Float.POSITIVE_INFINITY, 1, 1, 1, 1, 1, 1, 1, 1);
    Matrix z = Matrix.zeros(1, 5);
    KERNELS.affine(x, w, Slice.of(new float[5]), z);
    assertThat(z.array()).containsExactly(Float.NaN, Float.NaN, 1, 1, 1);
  }

  @Test
  void rejectsShapesThatDisagreeBeforeWriting() {
    Matrix x = Matrix.zeros(2, 3);
    Matrix w = Matrix.zeros(3, 4);
    Slice b = Slice.of(1, 1, 1, 1);
    Matrix z = Matrix.zeros(2, 4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KERNELS.affine(x, Matrix.zeros(4, 4), b, z))
        .withMessage("Invalid shape of w: 4 × 4 (must be 3 × 4)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KERNELS.affine(x, w, Slice.of(1, 1), z))
        .withMessage("Invalid length of b: 2 (must be 4)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KERNELS.affine(Matrix.zeros(1, 3), w, b, z))
        .withMessage("Invalid shape of z: 2 × 4 (must be 1 × 4)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KERNELS.addTransposedProduct(x, Matrix.zeros(1, 4), w))
        .withMessage("Invalid shape of dz: 1 × 4 (must be 2 × 4)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KERNELS.addTransposedProduct(x, z, Matrix.zeros(4, 3)))
        .withMessage("Invalid shape of dw: 4 × 3 (must be 3 × 4)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KERNELS.productWithTransposed(z, Matrix.zeros(3, 5), x))
        .withMessage("Invalid shape of w: 3 × 5 (must be 3 × 4)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KERNELS.productWithTransposed(z, w, Matrix.zeros(2, 4)))
        .withMessage("Invalid shape of dx: 2 × 4 (must be 2 × 3)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KERNELS.addColumnSums(z, Slice.of(1, 1, 1)))
        .withMessage("Invalid length of db: 3 (must be 4)");
    assertThat(z.array()).containsOnly(0);
    assertThat(w.array()).containsOnly(0);
  }

  /** Random operands, each a view into the middle of a larger array. */
  private static final class Sample {
    static final float MARGIN_VALUE = -77;

    final RandomStream random;
    final Matrix x;
    final Matrix w;
    final Slice b;
    final Matrix dz;
    final Matrix z;
    final Matrix dx;
    final Matrix dw;
    final Slice db;

    Sample(int rows, int inputs, int outputs, long seed) {
      random = new RandomStream(seed);
      x = matrix(rows, inputs, 3);
      w = matrix(inputs, outputs, 1);
      b = matrix(1, outputs, 2).asSlice();
      dz = matrix(rows, outputs, 5);
      z = matrix(rows, outputs, 7);
      dx = matrix(rows, inputs, 4);
      dw = matrix(inputs, outputs, 6);
      db = matrix(1, outputs, 9).asSlice();
    }

    private Matrix matrix(int rows, int columns, int margin) {
      float[] array = new float[rows * columns + 2 * margin];
      Arrays.fill(array, MARGIN_VALUE);
      Slice slice = Slice.of(array, margin, rows * columns);
      for (int i = 0; i < slice.length(); i++) {
        slice.set(i, (float) random.nextGaussian());
      }
      return slice.asMatrix(rows, columns);
    }

    float[][] results(Kernels kernels) {
      Slice dwBefore = Slice.of(dw.asSlice().toArray());
      Slice dbBefore = Slice.of(db.toArray());
      kernels.affine(x, w, b, z);
      kernels.productWithTransposed(dz, w, dx);
      kernels.addTransposedProduct(x, dz, dw);
      kernels.addColumnSums(dz, db);
      float[][] results = {
        z.asSlice().toArray(), dx.asSlice().toArray(), dw.asSlice().toArray(), db.toArray()
      };
      System.arraycopy(dwBefore.array(), 0, dw.array(), dw.offset(), dwBefore.length());
      System.arraycopy(dbBefore.array(), 0, db.array(), db.offset(), dbBefore.length());
      return results;
    }
  }

  /** The formulas, element by element. */
  private static final class NaiveKernels implements Kernels {
    @Override
    public String name() {
      return "naive";
    }

    @Override
    public void affine(Matrix x, Matrix w, Slice b, Matrix z) {
      for (int r = 0; r < x.rows(); r++) {
        for (int o = 0; o < w.columns(); o++) {
          float sum = b.get(o);
          for (int i = 0; i < x.columns(); i++) {
            sum += x.get(r, i) * w.get(i, o);
          }
          z.set(r, o, sum);
        }
      }
    }

    @Override
    public void addTransposedProduct(Matrix x, Matrix dz, Matrix dw) {
      for (int i = 0; i < x.columns(); i++) {
        for (int o = 0; o < dz.columns(); o++) {
          float sum = dw.get(i, o);
          for (int r = 0; r < x.rows(); r++) {
            sum += x.get(r, i) * dz.get(r, o);
          }
          dw.set(i, o, sum);
        }
      }
    }

    @Override
    public void productWithTransposed(Matrix dz, Matrix w, Matrix dx) {
      for (int r = 0; r < dz.rows(); r++) {
        for (int i = 0; i < w.rows(); i++) {
          float sum = 0;
          for (int o = 0; o < w.columns(); o++) {
            sum += dz.get(r, o) * w.get(i, o);
          }
          dx.set(r, i, sum);
        }
      }
    }

    @Override
    public void addColumnSums(Matrix dz, Slice db) {
      for (int o = 0; o < dz.columns(); o++) {
        float sum = db.get(o);
        for (int r = 0; r < dz.rows(); r++) {
          sum += dz.get(r, o);
        }
        db.set(o, sum);
      }
    }
  }
}
