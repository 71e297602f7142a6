package chainrule.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** {@link Slice} and {@link Matrix}, which view each other, and {@link Ranges}. */
class ViewsTest {
  private final float[] array = {0, 1, 2, 3, 4, 5, 6, 7};

  @Test
  void viewsTheArrayWithoutCopying() {
    Slice slice = Slice.of(array, 1, 6);
    Matrix matrix = slice.asMatrix(3, 2);
    assertThat(matrix.get(2, 1)).isEqualTo(6);
    matrix.set(0, 1, -2);
    assertThat(slice.get(1)).isEqualTo(-2);
    slice.part(4, 2).fill(9);
    assertThat(array).containsExactly(0, 1, -2, 3, 4, 9, 9, 7);
    assertThat(matrix.row(2).toArray()).containsExactly(9, 9);
    assertThat(matrix.firstRows(1).asSlice().toArray()).containsExactly(1, -2);
    assertThat(matrix.firstRows(0).rows()).isZero();
    assertThat(slice).hasToString("[1.0, -2.0, 3.0, 4.0, 9.0, 9.0]");
    assertThat(matrix).hasToString("3 × 2");
    assertThat(matrix.row(1).array()).isSameAs(array);
    assertThat(matrix.row(1).offset()).isEqualTo(3);
  }

  @Test
  void copiesOnlyWhenAsked() {
    float[] copy = Slice.of(array).toArray();
    copy[0] = 5;
    assertThat(array[0]).isZero();
  }

  @Test
  void refusesWhatLiesOutside() {
    Slice slice = Slice.of(array, 1, 6);
    Matrix matrix = slice.asMatrix(3, 2);
    assertOutOfBounds(() -> Slice.of(array, 3, 6));
    assertOutOfBounds(() -> slice.part(5, 2));
    assertOutOfBounds(() -> slice.get(6));
    assertOutOfBounds(() -> slice.set(-1, 0));
    assertOutOfBounds(() -> matrix.get(0, 2));
    assertOutOfBounds(() -> matrix.set(3, 0, 0));
    assertOutOfBounds(() -> matrix.row(3));
    assertOutOfBounds(() -> matrix.firstRows(4));
  }

  private static void assertOutOfBounds(Runnable action) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(action::run);
  }

  @Test
  void refusesAShapeOfAnotherSize() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Slice.of(array).asMatrix(3, 3))
        .withMessage("Invalid shape: 3 × 3 (must be 8 values in all)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Matrix.of(2, 4, array).requireShape("weights", 4, 2))
        .withMessage("Invalid shape of weights: 2 × 4 (must be 4 × 2)");
  }

  @Test
  void listsRangesInOrder() {
    assertThat(Ranges.all(3).with(5, 5).with(5, 7).list())
        .containsExactly(new Ranges.Range(0, 3), new Ranges.Range(5, 5), new Ranges.Range(5, 7));
    assertThat(Ranges.none().list()).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ranges.all(3).with(2, 5))
        .withMessage("Invalid range: Range[from=2, to=5] (must be behind the one before it)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ranges.Range(3, 2))
        .withMessage("Invalid range: 3 to 2 (must be ascending from 0)");
  }
}
