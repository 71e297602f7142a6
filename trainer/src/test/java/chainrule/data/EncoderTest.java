package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EncoderTest {
  private static final Schema SCHEMA =
      new Schema(
          List.of(Column.numeric("age"), Column.categorical("town"), Column.numeric("size")),
          Column.numeric("price"),
          "");
  private static final LabelEncoding LABEL = new LabelEncoding.Scale(10, 2);

  private static RawRow row(double age, double size, String town, double price) {
    return RawRow.withNumericLabel(new double[] {age, size}, new String[] {town}, price, 1);
  }

  private static TableStatistics statistics(Schema schema, List<RawRow> rows) {
    var statistics = new TableStatistics(schema);
    rows.forEach(row -> statistics.add(row, true));
    return statistics;
  }

  private static Encoder fit(boolean standardize) {
    List<RawRow> rows =
        List.of(
            row(1, 7, "x", 3),
            row(2, Double.NaN, "", 4),
            row(6, 1, "x", 5),
            row(7, Double.NaN, "y", 6),
            row(4, 4, "é", 7));
    return Encoder.fit(statistics(SCHEMA, rows), LABEL, standardize, 0, 512);
  }

  private static float[] encode(Encoder encoder, RawRow row) {
    float[] cells = new float[encoder.layout().cells() + 2];
    encoder.encode(row, cells, 1);
    assertThat(cells[0] + cells[cells.length - 1]).isZero();
    float[] packed = new float[encoder.layout().cells()];
    System.arraycopy(cells, 1, packed, 0, packed.length);
    return packed;
  }

  // age: mean 4, deviation √((9 + 4 + 4 + 9 + 0)/5) = √5.2. size: median 4, so 7, 4, 1, 4, 4 with
  // mean 4, deviation √(18/5). town: x twice, then the others by code point: missing, y, é.
  @Test
  void encodesWhatIsComputedByHand() {
    Encoder encoder = fit(true);
    assertThat(encoder.layout()).isEqualTo(new InputLayout(3, List.of(), List.of(4)));
    assertThat(encode(encoder, row(4 + Math.sqrt(5.2), 4, "x", 0)))
        .containsExactly((float) (1 / Math.sqrt(1.04)), 0, 0, 0);
    assertThat(encode(encoder, row(4, 4 - 2 * Math.sqrt(3.6), "", 0)))
        .containsExactly(0, (float) (-2 / Math.sqrt(1.16)), 0, 1);
    assertThat(encode(encoder, row(4, Double.NaN, "y", 0))).containsExactly(0, 0, 1, 2);
    assertThat(encode(encoder, row(4, 4, "é", 0))).containsExactly(0, 0, 0, 3);
    assertThat(encode(encoder, row(4, 4, "nowhere", 0))).containsExactly(0, 0, 0, -1);
  }

  @Test
  void putsPositionsBetweenIndicatorsAndCategories() {
    List<RawRow> rows =
        List.of(row(0, 1, "x", 0), row(1, Double.NaN, "", 0), row(3, 1, "x", 0), row(9, 2, "x", 0));
    Encoder encoder = Encoder.fit(statistics(SCHEMA, rows), LABEL, true, 2, 512);
    assertThat(encoder.numerics().get(0).piecewise().edges()).containsExactly(0.0, 2.0, 9.0);
    assertThat(encoder.numerics().get(1).piecewise()).isEqualTo(PiecewiseLinear.none());
    assertThat(encoder.layout().dense()).isEqualTo(3);
    assertThat(encoder.layout().inputs()).isEqualTo(3 + 2 + 2);
    float[] cells = encode(encoder, row(5.5, 1, "", 0));
    assertThat(Arrays.copyOfRange(cells, 2, 5)).containsExactly(0, 1.5f, 1);
    cells = encode(encoder, row(Double.NaN, Double.NaN, "x", 0));
    assertThat(Arrays.copyOfRange(cells, 2, 5)).containsExactly(1, 1, 0);
  }

  @Test
  void takesAMissingNumberForTheMedianWhereTrainingMissedNone() {
    assertThat(encode(fit(true), row(Double.NaN, 4, "x", 0))[0]).isZero();
    assertThat(encode(fit(false), row(Double.NaN, 4, "x", 0))[0]).isEqualTo(4);
  }

  @Test
  void leavesNumbersAsTheyAreUnlessStandardizing() {
    Encoder encoder = fit(false);
    assertThat(encode(encoder, row(1e6, 5.5, "x", 0))).containsExactly(1e6f, 5.5f, 0, 0);
    assertThat(encode(encoder, row(1, Double.NaN, "x", 0))).containsExactly(1, 4, 1, 0);
  }

  @Test
  void drawsOutliersInToFiveDeviations() {
    Encoder encoder = fit(true);
    double last = 0;
    for (double age : new double[] {5, 10, 100, 1e9, 1e200, 1.7e308}) {
      float z = encode(encoder, row(age, 4, "x", 0))[0];
      assertThat((double) z).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(5);
      assertThat(encode(encoder, row(8 - age, 4, "x", 0))[0]).isEqualTo(-z);
      last = z;
    }
    assertThat(last).isCloseTo(5, within(1e-6));
  }

  @Test
  void scalesEveryNumberToTheBitsOfItsFormula() {
    var random = new RandomStream(3);
    for (int columns : new int[] {1, 7, 64, 130}) {
      List<Encoder.Numeric> numerics = new ArrayList<>();
      double[] numbers = new double[columns];
      float[] expected = new float[columns];
      for (int i = 0; i < columns; i++) {
        double mean = 100 * random.nextGaussian();
        double deviation = 0.1 + random.nextDouble();
        boolean clipped = random.nextInt(3) > 0;
        numerics.add(new Encoder.Numeric("x" + i, mean, deviation, 7, false, clipped));
        double value = random.nextInt(5) == 0 ? 1e300 * random.nextGaussian() : mean + i;
        numbers[i] = random.nextInt(5) == 0 ? Double.NaN : value;
        double z = ((Double.isNaN(numbers[i]) ? 7 : numbers[i]) - mean) / deviation;
        double near = Math.max(-1e100, Math.min(1e100, z));
        expected[i] = (float) (clipped ? near / Math.sqrt(1 + near / 5 * (near / 5)) : z);
      }
      var encoder = new Encoder(numerics, List.of(), new LabelEncoding.Scale(0, 1));
      float[] cells = new float[columns];
      encoder.encode(RawRow.withNumericLabel(numbers, new String[0], 0, 1), cells, 0);
      assertThat(cells).isEqualTo(expected);
    }
  }

  @Test
  void dividesAConstantColumnByOne() {
    Encoder encoder =
        Encoder.fit(
            statistics(SCHEMA, List.of(row(3, 1, "x", 0), row(3, 1, "x", 0))), LABEL, true, 0, 512);
    assertThat(encoder.numerics().get(0))
        .isEqualTo(new Encoder.Numeric("age", 3, 1, 3, false, true));
    assertThat(encode(encoder, row(3, 1, "x", 0))).containsExactly(0, 0, 0);
  }

  @Test
  void encodesAColumnThatIsMissingEverywhereAsZeroAndIndicator() {
    Encoder encoder =
        Encoder.fit(statistics(SCHEMA, List.of(row(Double.NaN, 1, "x", 0))), LABEL, true, 0, 512);
    assertThat(encode(encoder, row(Double.NaN, 1, "x", 0))).containsExactly(0, 0, 1, 0);
  }

  @Test
  void givesAnInputToEachCategoryUpToTheBoundAndEmbedsMore() {
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      rows.add(row(1, 1, "t" + i, 0));
    }
    Encoder encoder = Encoder.fit(statistics(SCHEMA, rows), LABEL, true, 0, 512);
    assertThat(encoder.layout().categorySizes()).containsExactly(512);
    assertThat(encoder.layout().embeddedSizes()).isEmpty();
    rows.add(row(1, 1, "one more", 0));
    encoder = Encoder.fit(statistics(SCHEMA, rows), LABEL, true, 0, 512);
    assertThat(encoder.layout().categorySizes()).isEmpty();
    assertThat(encoder.layout().embeddedSizes()).containsExactly(1); // for each occurs once
  }

  @Test
  void givesEachValueOfAnEmbeddedColumnAnIndexAndThoseThatOccurOnceThatOfUnseenOnes() {
    List<RawRow> rows =
        List.of(
            row(1, 1, "x", 0),
            row(1, 1, "y", 0),
            row(1, 1, "", 0),
            row(1, 1, "y", 0),
            row(1, 1, "", 0),
            row(1, 1, "y", 0),
            row(1, 1, "z", 0));
    Encoder encoder = Encoder.fit(statistics(SCHEMA, rows), LABEL, true, 0, 3);
    assertThat(encoder.categoricals())
        .containsExactly(new Encoder.Categorical("town", List.of("y", ""), true));
    assertThat(encoder.layout()).isEqualTo(new InputLayout(2, List.of(), List.of(), List.of(3)));
    assertThat(encode(encoder, row(1, 1, "y", 0))[2]).isZero();
    assertThat(encode(encoder, row(1, 1, "", 0))[2]).isEqualTo(1);
    assertThat(encode(encoder, row(1, 1, "x", 0))[2]).isEqualTo(2);
    assertThat(encode(encoder, row(1, 1, "nowhere", 0))[2]).isEqualTo(2);
  }

  @Test
  void putsTheIndicesOfEmbeddedColumnsLast() {
    var schema =
        new Schema(
            List.of(
                Column.categorical("many"),
                Column.numeric("x"),
                Column.categorical("few"),
                Column.categorical("more")),
            Column.numeric("price"),
            "");
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      rows.add(
          RawRow.withNumericLabel(
              new double[] {i}, new String[] {"m" + i / 2, "f" + i / 4, "n" + i / 2}, 0, 1));
    }
    Encoder encoder = Encoder.fit(statistics(schema, rows), LABEL, false, 0, 2);
    assertThat(encoder.layout())
        .isEqualTo(new InputLayout(1, List.of(), List.of(2), List.of(5, 5)));
    float[] cells = encode(encoder, rows.get(7));
    assertThat(cells).containsExactly(7, 1, 3, 3);
    float[] inputs = new float[encoder.layout().inputs()];
    encoder.layout().expand(cells, 0, inputs, 0);
    assertThat(inputs).containsExactly(7, 0, 1, 3, 3);
  }

  @Test
  void encodesTargetsByItsLabel() {
    float[] targets = new float[2];
    fit(true).targets(row(1, 1, "x", 13), targets, 1);
    assertThat(targets).containsExactly(0, 1.5f);
    assertThat(fit(true).label()).isEqualTo(LABEL);
  }

  @Test
  void refusesMoreDistinctCategoriesThanAreCounted() {
    var statistics = new TableStatistics(SCHEMA);
    IntStream.rangeClosed(0, TableStatistics.MAXIMUM_DISTINCT)
        .forEach(i -> statistics.categories(0).add(Integer.toString(i)));
    assertThatExceptionOfType(InvalidDataException.class)
        .isThrownBy(() -> Encoder.fit(statistics, LABEL, true, 0, 512))
        .withMessage(
            "town: Invalid categorical column: more than 1000000 distinct values (must be fewer;"
                + " exclude the column if it is an identifier)");
  }

  @Test
  void refusesNumbersThatCannotScale() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Encoder.Numeric("age", 0, 0, 0, false, true))
        .withMessage("Invalid deviation of age: 0.0 (must be > 0 and finite)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Encoder.Numeric("age", Double.NaN, 1, 0, false, true))
        .withMessage("Invalid mean of age: NaN (must be finite)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Encoder.Numeric("age", 0, 1, Double.POSITIVE_INFINITY, false, true))
        .withMessage("Invalid imputed value of age: Infinity (must be finite)");
  }

  @Test
  void mergesStatisticsOfParts() {
    List<RawRow> rows = List.of(row(1, 2, "x", 3), row(4, Double.NaN, "y", 6));
    TableStatistics whole = statistics(SCHEMA, rows);
    TableStatistics parts =
        statistics(SCHEMA, rows.subList(1, 2)).merge(statistics(SCHEMA, rows.subList(0, 1)));
    assertThat(parts.rows()).isEqualTo(2);
    assertThat(parts.schema()).isEqualTo(SCHEMA);
    assertThat(parts.labelNumbers(0).mean()).isEqualTo(4.5);
    assertThat(Encoder.fit(parts, LABEL, true, 0, 512).numerics())
        .isEqualTo(Encoder.fit(whole, LABEL, true, 0, 512).numerics());
    assertThat(Encoder.fit(parts, LABEL, true, 0, 512).categoricals())
        .isEqualTo(Encoder.fit(whole, LABEL, true, 0, 512).categoricals());
  }
}
