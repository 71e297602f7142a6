package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ColumnProfileTest {
  private static final Schema SCHEMA =
      new Schema(List.of(Column.numeric("n"), Column.categorical("c")), Column.numeric("y"), "");

  private static List<RawRow> rows(double[] numbers, String... categories) {
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      String[] category = {categories[i % categories.length]};
      rows.add(RawRow.withNumericLabel(new double[] {numbers[i]}, category, 0, 1));
    }
    return rows;
  }

  private static TableStatistics statistics(List<RawRow> rows) {
    var statistics = new TableStatistics(SCHEMA);
    rows.forEach(row -> statistics.add(row, true));
    return statistics;
  }

  private static ColumnProfile number(double[] train, double... scored) {
    return ColumnProfile.ofNumbers(
        "n", statistics(rows(train, "x")).numbers(0), rows(scored, "x"), 0);
  }

  private static ColumnProfile category(List<String> train, String... scored) {
    List<RawRow> rows = rows(new double[train.size()], train.toArray(new String[0]));
    return ColumnProfile.ofCategories(
        "c",
        statistics(rows).categories(0),
        rows.size(),
        rows(new double[scored.length], scored),
        0);
  }

  private static double sum(List<Double> shares) {
    return shares.stream().collect(Collectors.summingDouble(share -> share));
  }

  @Test
  void barsOfNumbersHaveAllValuesThatAreThere() {
    double[] train = new double[1000];
    for (int i = 0; i < train.length; i++) {
      train[i] = i % 10 == 0 ? Double.NaN : i % 100;
    }
    train[1] = 1e9; // lies in the last bar, and does not make the others empty
    ColumnProfile profile = number(train, 8, 8, 95, Double.NaN, -1e9);
    assertThat(profile.labels()).hasSize(20);
    assertThat(sum(profile.train())).isCloseTo(1, within(1e-12));
    assertThat(sum(profile.scored())).isCloseTo(1, within(1e-12));
    assertThat(profile.train()).allSatisfy(share -> assertThat(share).isBetween(0.03, 0.07));
    assertThat(profile.scored().get(0)).isEqualTo(0.25);
    assertThat(profile.scored().get(1)).isEqualTo(0.5);
    assertThat(profile.trainMissing()).isEqualTo(0.1);
    assertThat(profile.scoredMissing()).isEqualTo(0.2);
    assertThat(profile.constant()).isFalse();
  }

  @Test
  void theShiftIsTheGreatestDistanceOfTheCumulatedShares() {
    double[] even = new double[400];
    for (int i = 0; i < even.length; i++) {
      even[i] = i;
    }
    assertThat(number(even, even).shift()).isCloseTo(0, within(1e-12));
    assertThat(number(even, 399, 398).shift()).isCloseTo(0.95, within(0.01));
  }

  @Test
  void fewWholeNumbersHaveABarEach() {
    ColumnProfile years = number(new double[] {2007, 2009, 2007, 2008}, 2009, 2010);
    assertThat(years.labels()).containsExactly("2007", "2008", "2009");
    assertThat(years.train()).containsExactly(0.5, 0.25, 0.25);
    assertThat(years.scored()).containsExactly(0.0, 0.0, 1.0);
    assertThat(number(new double[] {1, 3, 2.5, 2}, 1.5).labels()).hasSize(20);
  }

  @Test
  void oneValueIsOneBar() {
    ColumnProfile profile = number(new double[] {7, 7, 7}, 7, 8);
    assertThat(profile.constant()).isTrue();
    assertThat(profile.train()).containsExactly(1.0);
    assertThat(profile.scored()).containsExactly(1.0);
    ColumnProfile nothing = number(new double[] {Double.NaN}, 8);
    assertThat(nothing.constant()).isTrue();
    assertThat(nothing.summary()).isEqualTo("no values");
    assertThat(nothing.train()).containsExactly(0.0);
    assertThat(nothing.shift()).isZero();
  }

  @Test
  void categoriesComeByFrequencyAndUnseenOnesLast() {
    ColumnProfile profile = category(List.of("a", "b", "a", "", "a"), "a", "new", "", "newer");
    assertThat(profile.labels()).containsExactly("a", "(missing)", "b", "not in training");
    assertThat(profile.train()).containsExactly(0.6, 0.2, 0.2, 0.0);
    assertThat(profile.scored()).containsExactly(0.25, 0.25, 0.0, 0.5);
    assertThat(profile.unseen()).isEqualTo(0.5);
    assertThat(profile.trainMissing()).isEqualTo(0.2);
    assertThat(profile.scoredMissing()).isEqualTo(0.25);
    assertThat(profile.distinct()).isEqualTo(3);
    // ½ (0.35 + 0.05 + 0.2 + 0.5)
    assertThat(profile.shift()).isCloseTo(0.55, within(1e-12));
    assertThat(profile.summary())
        .isEqualTo("3 values, the most frequent “\u2068a\u2069” in 60.0\u202f%");
  }

  @Test
  void rareCategoriesAreOneBar() {
    List<String> train = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      train.add("v" + i);
      train.add("v" + Math.min(i, 11));
    }
    ColumnProfile profile = category(train, "v0", "v19", "?", "v1");
    assertThat(profile.labels()).hasSize(14).endsWith("8 others", "not in training");
    assertThat(sum(profile.train())).isCloseTo(1, within(1e-12));
    assertThat(sum(profile.scored())).isCloseTo(1, within(1e-12));
    assertThat(profile.scored().get(12)).isCloseTo(0.25, within(1e-12));
  }
}
