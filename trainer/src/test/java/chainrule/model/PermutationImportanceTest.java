package chainrule.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.math.RandomStream;
import chainrule.nn.Activation;
import chainrule.nn.HalfMse;
import chainrule.nn.Network;
import chainrule.train.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The model is y = 3a + 4[town = x], and the rows follow it, so what is to come is known. */
class PermutationImportanceTest {
  private static final int A = 0;
  private static final int TOWN = 1;
  private static final int UNUSED = 2;

  private static final Schema SCHEMA =
      new Schema(
          List.of(Column.numeric("a"), Column.categorical("town"), Column.numeric("unused")),
          Column.numeric("y"),
          "");

  private static TrainedModel model() {
    var encoder =
        new Encoder(
            List.of(
                new Encoder.Numeric("a", 0, 1, 0, false, false),
                new Encoder.Numeric("unused", 0, 1, 0, false, false)),
            List.of(new Encoder.Categorical("town", List.of("x", "z"))),
            new LabelEncoding.Scale(0, 1));
    Network network = Network.perceptron(4, List.of(), Activation.TANH, 0, 1, Activation.IDENTITY);
    // Inputs are a, unused, town x, town z; the bias is last.
    return new TrainedModel(SCHEMA, encoder, network, new HalfMse(), new float[] {3, 0, 4, 0, 0});
  }

  private static List<RawRow> rows(int count) {
    var random = new RandomStream(8);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double a = random.nextGaussian();
      String town = random.nextInt(4) == 0 ? "x" : "z";
      double y = (float) (3 * a) + (town.equals("x") ? 4 : 0);
      double[] numbers = {a, random.nextGaussian()};
      rows.add(RawRow.withNumericLabel(numbers, new String[] {town}, y, 1));
    }
    return rows;
  }

  private static PermutationImportance importance(List<RawRow> rows) {
    return new PermutationImportance(model(), rows, new JavaKernels());
  }

  @Test
  void isTheVarianceThatAColumnBringsIn() {
    // ½ · mean of (w · (a' − a))² over independent a, a' is w² · variance: 9 · 1 and 16 · 3/16.
    PermutationImportance importance = importance(rows(3000));
    assertThat(importance.loss()).isCloseTo(0, within(1e-10));
    assertThat(importance.rise(A, 5, 1).mean()).isCloseTo(9, within(0.6));
    assertThat(importance.rise(TOWN, 5, 1).mean()).isCloseTo(3, within(0.2));
  }

  @Test
  void isNothingOfAColumnThatTheModelDoesNotUse() {
    PermutationImportance.Rise rise = importance(rows(700)).rise(UNUSED, 3, 1);
    assertThat(rise).isEqualTo(new PermutationImportance.Rise(UNUSED, 0, 0));
  }

  @Test
  void countsRowsByTheirWeight() {
    List<RawRow> rows = rows(300);
    List<RawRow> weighted = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      RawRow row = rows.get(i);
      double[] numbers = {row.number(0), row.number(1)};
      boolean wrong = i % 3 == 0; // off by 2, which costs ½ · 2²
      double y = 3 * row.number(0) + (row.category(0).equals("x") ? 4 : 0) + (wrong ? 2 : 0);
      String[] town = {row.category(0)};
      weighted.add(RawRow.withNumericLabel(numbers, town, y, wrong ? 0.5 : 2));
    }
    // 100 rows of weight ½ and loss 2, 200 of weight 2 and loss 0
    assertThat(importance(weighted).loss()).isCloseTo(100 / 450.0, within(1e-6));
  }

  @Test
  void rowsThatAllWeighNothingCountAlike() {
    List<RawRow> rows = new ArrayList<>();
    for (double y : new double[] {2, 0}) {
      rows.add(RawRow.withNumericLabel(new double[] {0, 0}, new String[] {"z"}, y, 0));
    }
    assertThat(importance(rows).loss()).isEqualTo(1); // the mean of ½ · 2² and 0
  }

  @Test
  void dependsOnTheSeedAndNotOnWhatWasAskedBefore() {
    PermutationImportance importance = importance(rows(400));
    PermutationImportance.Rise first = importance.rise(A, 2, 1);
    importance.rise(TOWN, 4, 9);
    assertThat(importance.rise(A, 2, 1)).isEqualTo(first);
    assertThat(importance(rows(400)).rise(A, 2, 1)).isEqualTo(first);
    assertThat(importance.rise(A, 2, 2)).isNotEqualTo(first);
    assertThat(first.deviation()).isPositive();
    assertThat(importance.rise(A, 1, 1).deviation()).isZero();
  }

  @Test
  void needsRowsAndRepeats() {
    assertThatThrownBy(() -> importance(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid rows: 0 (must be at least one)");
    PermutationImportance importance = importance(rows(3));
    assertThatThrownBy(() -> importance.rise(A, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid repeats: 0 (must be > 0)");
  }
}
