package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImportancePlanTest {
  private static Schema schema(int columns) {
    List<Column> features = new ArrayList<>();
    IntStream.range(0, columns).forEach(i -> features.add(Column.numeric("n" + i)));
    return new Schema(features, Column.numeric("y"), "");
  }

  /** Returns rows in which every third column is the same throughout. */
  private static List<RawRow> rows(int count, int columns) {
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] numbers = new double[columns];
      for (int j = 0; j < columns; j++) {
        numbers[j] = j % 3 == 2 ? Double.NaN : i;
      }
      rows.add(RawRow.withNumericLabel(numbers, new String[0], 0, 1));
    }
    return rows;
  }

  @Test
  void smallTablesAreLookedAtWholeAndSeveralTimes() {
    assertThat(ImportancePlan.of(schema(4), rows(69, 4), 20_000))
        .isEqualTo(new ImportancePlan(69, List.of(0, 1, 3), 5, 0));
    assertThat(ImportancePlan.of(schema(4), rows(900, 4), 20_000).repeats()).isEqualTo(2);
    assertThat(ImportancePlan.of(schema(4), rows(9_000, 4), 20_000))
        .isEqualTo(new ImportancePlan(5_000, List.of(0, 1, 3), 1, 0));
  }

  @Test
  void theCostIsBoundedFirstByRowsThenByColumns() {
    ImportancePlan wide = ImportancePlan.of(schema(300), rows(2_000, 300), 200_000);
    assertThat(wide.columns()).hasSize(200);
    assertThat(wide.leftOut()).isZero();
    assertThat(wide.rows()).isBetween(900, 1_000);
    assertThat(wide.repeats()).isEqualTo(1);
    ImportancePlan huge = ImportancePlan.of(schema(300), rows(2_000, 300), 10_000_000);
    assertThat(huge.rows()).isEqualTo(200);
    assertThat(huge.columns()).hasSize(19).doesNotContain(2, 5);
    assertThat(huge.leftOut()).isEqualTo(181);
  }

  @Test
  void rowsThatAreAllTheSameHaveNothingToPermute() {
    assertThat(ImportancePlan.of(schema(2), rows(1, 2), 10).columns()).isEmpty();
    assertThat(ImportancePlan.of(schema(2), List.of(), 10))
        .isEqualTo(new ImportancePlan(0, List.of(), 5, 0));
  }
}
