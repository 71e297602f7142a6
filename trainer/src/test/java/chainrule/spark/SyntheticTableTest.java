package chainrule.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class SyntheticTableTest {
  private static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", false)
        .getOrCreate();
  }

  private static List<String> rows(SyntheticTable table, int partitions) {
    return table.rows(session(), partitions).collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  @Test
  void makesTheSameRowsHoweverManyPartitionsMakeThem() {
    var table = new SyntheticTable(500, 3, 2, 3, 0.1, 7);

    assertThat(rows(table, 5)).isEqualTo(rows(table, 1)).hasSize(500);
    assertThat(rows(new SyntheticTable(500, 3, 2, 3, 0.1, 8), 1)).isNotEqualTo(rows(table, 1));
  }

  @Test
  void hasTheColumnsClassesAndMissingCellsThatWereAskedFor() {
    var table = new SyntheticTable(2000, 2, 1, 3, 0.25, 1);
    List<Row> rows = table.rows(session(), 2).collectAsList();

    assertThat(table.schema().fieldNames()).containsExactly("x0", "x1", "c0", "label");
    assertThat(rows.stream().map(row -> row.getString(3)).distinct())
        .containsExactlyInAnyOrder("class0", "class1", "class2");
    long missing = rows.stream().filter(row -> row.isNullAt(0)).count();
    // Five deviations of a binomial share of 2,000 rows.
    assertThat(missing / 2000.0).isCloseTo(0.25, within(0.05));
  }

  @Test
  void givesLabelsThatTheFeaturesExplain() {
    // A regression whose label were noise alone would have the noise's deviation, 0.3.
    List<Row> rows = new SyntheticTable(2000, 4, 0, 0, 0, 1).rows(session(), 1).collectAsList();
    double mean = rows.stream().mapToDouble(row -> row.getDouble(4)).average().orElseThrow();
    double variance =
        rows.stream()
            .mapToDouble(row -> row.getDouble(4) - mean)
            .map(x -> x * x)
            .average()
            .orElseThrow();

    assertThat(variance).isGreaterThan(10 * 0.3 * 0.3);
  }

  @Test
  void refusesATableWithoutRowsOrFeatures() {
    assertThatThrownBy(() -> new SyntheticTable(0, 3, 0, 2, 0, 1))
        .hasMessage("Invalid generate.rows: 0 (must be > 0)");
    assertThatThrownBy(() -> new SyntheticTable(1, 0, 0, 2, 0, 1))
        .hasMessage("Invalid generate.features: 0 (must be > 0 if no categories)");
    assertThatThrownBy(() -> new SyntheticTable(1, 1, 0, 1, 0, 1))
        .hasMessage("Invalid generate.classes: 1 (must be 0 or >= 2)");
  }
}
