package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.math.JavaKernels;
import chainrule.nn.Activation;
import chainrule.nn.HalfMse;
import chainrule.nn.Network;
import chainrule.train.TrainedModel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One input, two members of two relu units each, one output, by hand. */
class LayerProfileTest {
  private static final Schema SCHEMA =
      new Schema(List.of(Column.numeric("x")), Column.numeric("y"), "");

  private static Evidence evidence(double... numbers) {
    var encoder =
        new Encoder(
            List.of(new Encoder.Numeric("x", 0, 1, 0, false, false)),
            List.of(),
            new LabelEncoding.Scale(0, 1));
    Network network =
        Network.perceptron(1, List.of(2), Activation.RELU, 0, 1, Activation.IDENTITY).ofMembers(2);
    // Of each member: weights and biases of the units, weights and bias of the output. On positive
    // inputs the first member's second unit is never above 0, nor are both of the second member.
    float[] parameters = {3, -4, 0, 0, 1, 2, 5, -1, 0, 0, -9, 0, 0, 0};
    var model = new TrainedModel(SCHEMA, encoder, network, new HalfMse(), parameters);
    List<RawRow> rows =
        Arrays.stream(numbers)
            .mapToObj(x -> RawRow.withNumericLabel(new double[] {x}, new String[0], 0, 1))
            .toList();
    return new Evidence(
        RunFiles.of("r", "{}", "", "{}"),
        model,
        new TableStatistics(SCHEMA),
        "test",
        rows.size(),
        rows,
        new Evidence.Importance(List.of(), 0, 1, 0),
        new JavaKernels());
  }

  @Test
  void normsAreOverAllMembers() {
    List<LayerProfile> layers = LayerProfile.of(evidence(1, 2));
    assertThat(layers).hasSize(2);
    LayerProfile hidden = layers.get(0);
    assertThat(hidden.name()).isEqualTo("Dense 1 → 2, relu");
    assertThat(hidden.parameters()).isEqualTo(8);
    assertThat(hidden.weightNorm()).isCloseTo(Math.sqrt(9 + 16 + 1), within(1e-12));
    assertThat(hidden.weightRms()).isCloseTo(Math.sqrt(26 / 4.0), within(1e-12));
    assertThat(hidden.greatest()).isEqualTo(4);
    assertThat(hidden.biasNorm()).isCloseTo(9, within(1e-6));
    LayerProfile output = layers.get(1);
    assertThat(output.weightNorm()).isCloseTo(Math.sqrt(5), within(1e-12));
    assertThat(output.biasNorm()).isCloseTo(5, within(1e-12));
    assertThat(output.units()).isZero();
  }

  @Test
  void unitsThatNeverChangeAreStill() {
    assertThat(LayerProfile.of(evidence(1, 2, 3)).get(0))
        .extracting(LayerProfile::units, LayerProfile::dead)
        .containsExactly(4, 3);
    // A negative input wakes a unit of each member.
    assertThat(LayerProfile.of(evidence(1, 2, -3)).get(0).dead()).isEqualTo(1);
    assertThat(LayerProfile.of(evidence(1)).get(0).units()).isZero();
  }

  @Test
  void aChangeInALaterBlockOfRowsIsSeen() {
    double[] numbers = new double[600];
    Arrays.fill(numbers, 2);
    assertThat(LayerProfile.of(evidence(numbers)).get(0).dead()).isEqualTo(4);
    numbers[599] = 3;
    assertThat(LayerProfile.of(evidence(numbers)).get(0).dead()).isEqualTo(3);
  }
}
