package chainrule.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OpenBlasKernelsTest {
  private static final Kernels OPEN_BLAS = OpenBlasKernels.load();
  private static final Kernels PLAIN = new JavaKernels();

  /** A matrix somewhere inside a larger array, with deviates. */
  private static Matrix random(int rows, int columns, long seed) {
    var random = new RandomStream(seed);
    float[] array = new float[rows * columns + 5];
    for (int i = 0; i < array.length; i++) {
      array[i] = (float) random.nextGaussian();
    }
    return Slice.of(array, 3, rows * columns).asMatrix(rows, columns);
  }

  private static void assertClose(Matrix found, Matrix expected, int inner) {
    for (int i = 0; i < found.rows(); i++) {
      for (int j = 0; j < found.columns(); j++) {
        // Each of the products and sums of deviates rounds at 6e-8 of a few units.
        assertThat(found.get(i, j))
            .as("[%d, %d]", i, j)
            .isCloseTo(expected.get(i, j), within(1e-6f * (10 + inner)));
      }
    }
  }

  @Property(tries = 200)
  void multipliesAsThePlainKernelsDo(
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 1, max = 70) int inputs,
      @ForAll @IntRange(min = 1, max = 70) int outputs,
      @ForAll long seed) {
    Matrix x = random(rows, inputs, seed);
    Matrix w = random(inputs, outputs, seed + 1);
    Slice b = random(1, outputs, seed + 2).asSlice();
    Matrix z = random(rows, outputs, seed + 3);
    Matrix expectedZ = random(rows, outputs, seed + 3);
    OPEN_BLAS.affine(x, w, b, z);
    PLAIN.affine(x, w, b, expectedZ);
    assertClose(z, expectedZ, inputs);

    Matrix dw = random(inputs, outputs, seed + 4);
    Matrix expectedDw = random(inputs, outputs, seed + 4);
    OPEN_BLAS.addTransposedProduct(x, expectedZ, dw);
    PLAIN.addTransposedProduct(x, expectedZ, expectedDw);
    assertClose(dw, expectedDw, 10 * (rows + inputs));

    Matrix dx = random(rows, inputs, seed + 5);
    Matrix expectedDx = random(rows, inputs, seed + 5);
    OPEN_BLAS.productWithTransposed(expectedZ, w, dx);
    PLAIN.productWithTransposed(expectedZ, w, expectedDx);
    assertClose(dx, expectedDx, 10 * (outputs + inputs));

    Slice db = random(1, outputs, seed + 6).asSlice();
    Slice expectedDb = random(1, outputs, seed + 6).asSlice();
    OPEN_BLAS.addColumnSums(expectedZ, db);
    PLAIN.addColumnSums(expectedZ, expectedDb);
    assertClose(db.asMatrix(1, outputs), expectedDb.asMatrix(1, outputs), rows * (rows + inputs));
  }

  @Test
  void overwritesWhatStoodInTheOutputEvenIfItWasNoNumber() {
    Matrix w = random(3, 2, 1);
    Matrix z = Matrix.zeros(4, 2);
    z.asSlice().fill(Float.NaN);
    Matrix dx = Matrix.zeros(4, 3);
    dx.asSlice().fill(Float.NaN);

    OPEN_BLAS.affine(random(4, 3, 2), w, Slice.of(1, 2), z);
    OPEN_BLAS.productWithTransposed(random(4, 2, 3), w, dx);

    assertThat(z.asSlice().toArray()).doesNotContain(Float.NaN);
    assertThat(dx.asSlice().toArray()).doesNotContain(Float.NaN);
  }

  @Test
  void givesTheSameBitsInEveryThreadAndAtEveryAlignment()
      throws InterruptedException, ExecutionException {
    float[] expected = product(0);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      for (int offset = 0; offset < 12; offset++) {
        int shift = offset;
        Future<float[]> found = threads.submit(() -> product(shift));
        assertThat(found.get()).as("offset %d", offset).isEqualTo(expected);
      }
    } finally {
      threads.shutdown();
    }
  }

  /** Returns a product and column sums, of values that stand {@code shift} behind an array's. */
  private static float[] product(int shift) {
    Matrix from = random(67, 129, 5);
    float[] array = new float[67 * 129 + shift];
    System.arraycopy(from.asSlice().toArray(), 0, array, shift, 67 * 129);
    Matrix x = Slice.of(array, shift, 67 * 129).asMatrix(67, 129);
    float[] results = new float[67 * 33 + 129 + shift];
    Slice z = Slice.of(results, shift, 67 * 33);
    Slice sums = Slice.of(results, shift + z.length(), 129);
    OPEN_BLAS.affine(x, random(129, 33, 6), random(1, 33, 7).asSlice(), z.asMatrix(67, 33));
    OPEN_BLAS.addColumnSums(x, sums);
    return Arrays.copyOfRange(results, shift, results.length);
  }

  @Test
  void addsTheColumnsOfNoRowAsNothing() {
    Slice sums = Slice.of(1, 2);
    OPEN_BLAS.addColumnSums(Matrix.zeros(0, 2), sums);
    assertThat(sums.toArray()).containsExactly(1, 2);
  }

  @Test
  void refusesShapesThatDisagreeBeforeTheCall() {
    Matrix z = Matrix.zeros(4, 2);

    assertThatThrownBy(() -> OPEN_BLAS.affine(random(4, 3, 1), random(5, 2, 2), Slice.of(1, 2), z))
        .hasMessage("Invalid shape of x: 4 × 3 (must be 4 × 5)");
    assertThatThrownBy(
            () -> OPEN_BLAS.affine(random(4, 3, 1), random(3, 2, 2), Slice.of(new float[] {1}), z))
        .hasMessage("Invalid length of b: 1 (must be 2)");
    assertThatThrownBy(
            () -> OPEN_BLAS.addTransposedProduct(random(4, 3, 1), random(5, 2, 2), random(3, 2, 3)))
        .hasMessage("Invalid shape of dz: 5 × 2 (must be 4 × 2)");
    assertThatThrownBy(
            () ->
                OPEN_BLAS.productWithTransposed(random(4, 2, 1), random(3, 3, 2), random(4, 3, 3)))
        .hasMessage("Invalid shape of dz: 4 × 2 (must be 4 × 3)");
    assertThatThrownBy(() -> OPEN_BLAS.addColumnSums(random(4, 2, 1), Slice.of(1, 2, 3)))
        .hasMessage("Invalid length of db: 3 (must be 2)");
  }
}
