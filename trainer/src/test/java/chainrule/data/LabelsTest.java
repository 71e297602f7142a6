package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link LabelEncoding}, {@link CategoryCounts}, {@link Schema} and {@link Task}. */
class LabelsTest {
  private static RawRow labelled(double label) {
    return RawRow.withNumericLabel(new double[0], new String[0], label, 1);
  }

  private static RawRow labelled(String label) {
    return RawRow.withTextLabel(new double[0], new String[0], label, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3",
    "-3, -3",
    "0, 0",
    "-0.0, 0",
    "2.5, 2.5",
    "0.001, 0.001",
    "1e-7, 0.00000010",
    "1e15, 1000000000000000",
    "1e300, 1" + ZEROS_300,
    "9223372036854775808, 9223372036854776000",
    "-9223372036854775808, -9223372036854775808"
  })
  void writesNumbersAsClassNamesWithoutExponent(double number, String name) {
    assertThat(LabelEncoding.Classes.text(number)).isEqualTo(name);
  }

  private static final String ZEROS_100 =
      "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
          + "000000000000";
  private static final String ZEROS_300 = ZEROS_100 + ZEROS_100 + ZEROS_100;

  @Property
  void readsAClassNameBackAsItsNumber(
      @ForAll @DoubleRange(min = -1e300, max = 1e300) double number) {
    assertThat(Double.parseDouble(LabelEncoding.Classes.text(number))).isEqualTo(number + 0.0);
  }

  @Test
  void numbersClassesInTheirOrder() {
    var classes = LabelEncoding.Classes.of(List.of("no", "yes"), false);
    assertThat(classes.task()).isEqualTo(Task.CLASSIFICATION);
    assertThat(classes.target(labelled("no"), 0)).isEqualTo(0);
    assertThat(classes.target(labelled("yes"), 0)).isEqualTo(1);
    assertThat(classes.target(labelled("maybe"), 0)).isEqualTo(LabelEncoding.UNKNOWN);
    var numbers = LabelEncoding.Classes.of(List.of("-1", "2.5"), true);
    assertThat(numbers.target(labelled(2.5), 0)).isEqualTo(1);
    assertThat(numbers.nameOf(labelled(-1), 0)).isEqualTo("-1");
  }

  @Test
  void scalesNumbersThereAndBack() {
    var scale = new LabelEncoding.Scale(10, 4);
    assertThat(scale.task()).isEqualTo(Task.REGRESSION);
    assertThat(scale.target(labelled(16), 0)).isEqualTo(1.5f);
    assertThat(scale.original(1.5)).isEqualTo(16);
  }

  @Test
  void refusesOneClassAndAScaleWithoutDeviation() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelEncoding.Classes.of(List.of("a"), false))
        .withMessage("Invalid classes: [a] (must be two or more)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelEncoding.Scale(0, 0))
        .withMessage("Invalid deviation: 0.0 (must be > 0 and finite)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelEncoding.Scale(Double.NaN, 1))
        .withMessage("Invalid mean: NaN (must be finite)");
  }

  @Test
  void encodesSeveralLabelsEachInItsOwnWay() {
    var first = new LabelEncoding.Scale(10, 4);
    var second = new LabelEncoding.Scale(0, 2);
    var several = new LabelEncoding.Several(List.of("a", "b"), List.of(first, second));
    assertThat(several.task()).isEqualTo(Task.REGRESSION);
    assertThat(several.count()).isEqualTo(2);
    assertThat(several.each()).containsExactly(first, second);
    RawRow row =
        RawRow.withLabels(
            new double[0], new String[0], new double[] {16, 3}, new String[] {"", ""}, 1);
    assertThat(several.target(row, 0)).isEqualTo(1.5f);
    assertThat(several.target(row, 1)).isEqualTo(1.5f);
    assertThat(first.count()).isEqualTo(1);
    assertThat(first.each()).containsExactly(first);
  }

  @Test
  void refusesSeveralLabelsThatAreNotOfOneKind() {
    var scale = new LabelEncoding.Scale(0, 1);
    var two = LabelEncoding.Classes.of(List.of("0", "1"), true);
    var three = LabelEncoding.Classes.of(List.of("0", "1", "2"), true);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelEncoding.Several(List.of("a"), List.of(scale)))
        .withMessage("Invalid labels: [a] (must be two or more)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelEncoding.Several(List.of("a", "a"), List.of(scale, scale)))
        .withMessage("Invalid labels: [a, a] (must be distinct)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelEncoding.Several(List.of("a", "b"), List.of(scale)))
        .withMessage("Invalid encodings: 1 (must be 2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelEncoding.Several(List.of("a", "b"), List.of(scale, two)))
        .withMessageEndingWith("(must be a number, as the others are)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelEncoding.Several(List.of("a", "b"), List.of(two, three)))
        .withMessageEndingWith("(must be of two classes, one label among several)");
  }

  private static CategoryCounts counts(int limit, String... values) {
    var counts = new CategoryCounts(limit);
    List.of(values).forEach(counts::add);
    return counts;
  }

  @Test
  void ordersCategoriesByFrequencyThenCodePoint() {
    // U+FF5E comes before U+1F600, whose first UTF-16 unit is U+D83D.
    CategoryCounts counts = counts(99, "b", "😀", "a", "～", "c", "b", "", "c", "b");
    assertThat(counts.byFrequency()).containsExactly("b", "c", "", "a", "～", "😀");
    assertThat(counts.ascending()).containsExactly("", "a", "b", "c", "～", "😀");
    assertThat(counts.count("b")).isEqualTo(3);
    assertThat(counts.count("z")).isZero();
    assertThat(counts.size()).isEqualTo(6);
  }

  @Test
  void countsUpToItsLimitAndSaysIfThereAreMore() {
    assertThat(counts(2, "a", "b", "a").overflowed()).isFalse();
    assertThat(counts(2, "a", "b", "c").overflowed()).isTrue();
    CategoryCounts merged = counts(2, "a", "b");
    merged.merge(counts(2, "b", "a"));
    assertThat(merged.overflowed()).isFalse();
    assertThat(merged.count("a")).isEqualTo(2);
    merged.merge(counts(2, "c"));
    assertThat(merged.overflowed()).isTrue();
    CategoryCounts others = counts(9, "a");
    others.merge(counts(1, "b", "c"));
    assertThat(others.overflowed()).isTrue();
  }

  @Test
  void listsTheColumnsOfASchema() {
    Column age = Column.numeric("age");
    Column town = Column.categorical("town");
    var schema = new Schema(List.of(town, age), Column.categorical("species"), "w");
    assertThat(schema.numericFeatures()).containsExactly(age);
    assertThat(schema.categoricalFeatures()).containsExactly(town);
    assertThat(schema.columnNames()).containsExactly("town", "age", "species", "w");
    assertThat(schema.isWeighted()).isTrue();
    var unweighted = new Schema(List.of(age), Column.numeric("price"), "");
    assertThat(unweighted.columnNames()).containsExactly("age", "price");
    assertThat(unweighted.isWeighted()).isFalse();
  }

  @Test
  void listsTheLabelsOfASchemaBehindItsFeatures() {
    Column age = Column.numeric("age");
    Column price = Column.numeric("price");
    Column sold = Column.categorical("sold");
    var schema = new Schema(List.of(age), List.of(price, sold), "w");
    assertThat(schema.columnNames()).containsExactly("age", "price", "sold", "w");
    assertThat(schema.labelNames()).containsExactly("price", "sold");
    assertThatIllegalStateException()
        .isThrownBy(schema::label)
        .withMessage("Cannot tell the label: there are 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Schema(List.of(age), List.of(price, price), ""))
        .withMessageEndingWith("(must be columns of distinct names)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Schema(List.of(age), List.of(), ""))
        .withMessage("Invalid labels: [] (must be at least one column)");
  }

  @Test
  void refusesASchemaWithoutFeaturesOrWithOneTwice() {
    Column age = Column.numeric("age");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Schema(List.of(), age, ""))
        .withMessage("Invalid features: [] (must be at least one column)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Schema(List.of(age, age), Column.numeric("price"), ""))
        .withMessage(
            "Invalid features: [Column[name=age, kind=NUMERIC], Column[name=age, kind=NUMERIC]]"
                + " (must be columns of distinct names)");
  }

  @ParameterizedTest
  @EnumSource
  void findsATaskByItsKey(Task task) {
    assertThat(Task.of(task.key())).isEqualTo(task);
  }

  @Test
  void refusesATaskThatIsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Task.of("Regression"))
        .withMessage("Invalid task: \"Regression\" (must be classification or regression)");
  }
}
