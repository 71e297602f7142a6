package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CellValuesTest {
  @Test
  void numbersAreInRangeIfTheirSquaresAreFinite() {
    assertThat(CellValues.isInRange(-1e150)).isTrue();
    assertThat(CellValues.isInRange(1.1e150)).isFalse();
    assertThat(CellValues.isInRange(Double.NEGATIVE_INFINITY)).isFalse();
    assertThat(CellValues.isInRange(Double.NaN)).isFalse();
    assertThat(CellValues.isFeature(Double.NaN)).isTrue();
    assertThat(CellValues.isFeature(-1e151)).isFalse();
  }

  @Test
  void aMissingValueIsNanOrTheEmptyText() {
    assertThat(CellValues.number(null)).isNaN();
    assertThat(CellValues.category(null)).isEmpty();
    assertThat(CellValues.category(Double.NaN)).isEmpty();
    assertThat(CellValues.category((Object) Float.NaN)).isEmpty();
    assertThat(CellValues.category(Double.POSITIVE_INFINITY)).isEmpty();
  }

  @Test
  void wholeNumbersAreCategoriesWithoutAPointWhateverTheirType() {
    assertThat(CellValues.category(3.0)).isEqualTo("3");
    assertThat(CellValues.category((Object) 3.0f)).isEqualTo("3");
    assertThat(CellValues.category((Object) 3)).isEqualTo("3");
    assertThat(CellValues.category(0.5)).isEqualTo("0.5");
    assertThat(CellValues.category(true)).isEqualTo("true");
  }

  @Test
  void splitsAVectorIntoNumbersAndCategories() {
    double[] numbers = new double[2];
    String[] categories = new String[2];
    CellValues.split(
        new double[] {1, 2, Double.NaN, Double.NaN},
        new boolean[] {true, false, true, false},
        numbers,
        categories);
    assertThat(numbers).containsExactly(1, Double.NaN);
    assertThat(categories).containsExactly("2", "");
  }
}
