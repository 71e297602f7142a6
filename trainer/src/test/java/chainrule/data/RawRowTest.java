package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RawRowTest {
  private static RawRow row(double first, double second, String category, double label) {
    return RawRow.withNumericLabel(new double[] {first, second}, new String[] {category}, label, 1);
  }

  private static RawRow labelled(double[] numbers, String... texts) {
    return RawRow.withLabels(new double[] {1, 2}, new String[] {"a"}, numbers, texts, 1);
  }

  /** A row, and rows that differ from it in one thing. */
  private static List<RawRow> different() {
    return List.of(
        row(1, 2, "a", 3),
        row(4, 2, "a", 3),
        row(1, 4, "a", 3),
        row(2, 1, "a", 3),
        row(1, Double.NaN, "a", 3),
        row(1, 2, "b", 3),
        row(1, 2, "", 3),
        row(1, 2, "aa", 3),
        row(1, 2, "a", 4),
        RawRow.withNumericLabel(new double[] {1, 2}, new String[] {"a"}, 3, 2),
        RawRow.withTextLabel(new double[] {1, 2}, new String[] {"a"}, "3", 1),
        RawRow.withTextLabel(new double[] {1, 2}, new String[] {"a"}, "4", 1),
        RawRow.withNumericLabel(new double[] {1}, new String[] {"a"}, 3, 1),
        RawRow.withNumericLabel(new double[] {1, 2}, new String[] {"a", ""}, 3, 1),
        labelled(new double[] {3, 4}, "", ""),
        labelled(new double[] {4, 3}, "", ""),
        labelled(new double[] {3, 5}, "", ""),
        labelled(new double[] {3, Double.NaN}, "", "4"),
        labelled(new double[] {3, Double.NaN}, "", "5"),
        labelled(new double[] {3, 4, 1}, "", "", ""),
        RawRow.withNumericLabel(new double[] {1, 2}, new String[] {"", "a"}, 3, 1));
  }

  @Test
  void hashesEveryCellAndTheSeed() {
    for (long seed : new long[] {0, 1, -5}) {
      assertThat(different().stream().map(row -> row.hash(seed))).doesNotHaveDuplicates();
    }
    RawRow row = different().get(0);
    assertThat(Stream.of(0L, 1L, 2L, -1L).map(row::hash)).doesNotHaveDuplicates();
  }

  @Test
  void hashesAlikeEverywhere() {
    // Placement and fingerprints are only as stable as this.
    assertThat(row(1.5, Double.NaN, "Torgersen", 3).hash(1)).isEqualTo(-1921079564428386002L);
  }

  @Test
  void comparesEveryCell() {
    List<RawRow> rows = different();
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < rows.size(); j++) {
        int order = rows.get(i).compareTo(rows.get(j));
        assertThat(order == 0).as("%d and %d", i, j).isEqualTo(i == j);
        assertThat(Integer.signum(order))
            .isEqualTo(-Integer.signum(rows.get(j).compareTo(rows.get(i))));
      }
    }
    List<RawRow> sorted = new ArrayList<>(rows);
    Collections.sort(sorted);
    List<RawRow> again = new ArrayList<>(rows);
    Collections.reverse(again);
    Collections.sort(again);
    assertThat(again).isEqualTo(sorted);
  }

  @Test
  void takesNegativeZeroForZeroEverywhere() {
    RawRow zero = RawRow.withNumericLabel(new double[] {0}, new String[0], 0, 0);
    RawRow negative = RawRow.withNumericLabel(new double[] {-0.0}, new String[0], -0.0, -0.0);
    assertThat(negative.hash(7)).isEqualTo(zero.hash(7));
    assertThat(negative.compareTo(zero)).isZero();
    assertThat(negative).isEqualTo(zero).hasSameHashCodeAs(zero);
  }

  @Property(tries = 100)
  void takesEveryNaNForMissing(@ForAll long bits) {
    long nan = bits | 0x7ff8000000000000L;
    RawRow odd = row(Double.longBitsToDouble(nan), 2, "a", 3);
    assertThat(odd.hash(7)).isEqualTo(row(Double.NaN, 2, "a", 3).hash(7));
    assertThat(odd).isEqualTo(row(Double.NaN, 2, "a", 3));
  }

  @Test
  void tellsItsCells() {
    RawRow row = RawRow.withTextLabel(new double[] {1, 2}, new String[] {"a"}, "yes", 0.5);
    assertThat(row.numberCount()).isEqualTo(2);
    assertThat(row.categoryCount()).isEqualTo(1);
    assertThat(row.labelNumber(0)).isNaN();
    assertThat(row.labelText(0)).isEqualTo("yes");
    assertThat(row.weight()).isEqualTo(0.5);
    assertThat(row).hasToString("[1.0, 2.0][a] -> yes");
    assertThat(row(1, 2, "a", 3)).hasToString("[1.0, 2.0][a] -> 3.0").isNotEqualTo("text");
    assertThat(row(1, 2, "a", 3).labelText(0)).isEmpty();
  }

  @Test
  void aListOfOneLabelIsThatLabel() {
    RawRow listed = labelled(new double[] {3}, "");
    assertThat(listed).isEqualTo(row(1, 2, "a", 3)).hasSameHashCodeAs(row(1, 2, "a", 3));
    RawRow text = labelled(new double[] {Double.NaN}, "yes");
    RawRow single = RawRow.withTextLabel(new double[] {1, 2}, new String[] {"a"}, "yes", 1);
    assertThat(text).isEqualTo(single).hasSameHashCodeAs(single);
  }

  @Test
  void tellsItsLabels() {
    RawRow row = labelled(new double[] {3, Double.NaN}, "", "yes");
    assertThat(row.labelCount()).isEqualTo(2);
    assertThat(row.labelNumber(0)).isEqualTo(3);
    assertThat(row.labelNumber(1)).isNaN();
    assertThat(row.labelText(1)).isEqualTo("yes");
    assertThat(row).hasToString("[1.0, 2.0][a] -> 3.0, yes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> labelled(new double[0]))
        .withMessage("Invalid number of labels: 0 (must be > 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> labelled(new double[2], ""))
        .withMessage("Invalid number of texts: 1 (must be 2)");
  }

  @Test
  void hashesSeveralLabelsAlikeEverywhere() {
    assertThat(labelled(new double[] {3, Double.NaN}, "", "yes").hash(1))
        .isEqualTo(4514937284814527529L);
  }

  @Test
  void refusesAWeightThatIsNone() {
    for (double weight : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RawRow.withNumericLabel(new double[0], new String[0], 1, weight))
          .withMessage("Invalid weight: " + weight + " (must be >= 0 and finite)");
    }
  }
}
