package chainrule.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.Matrix;
import chainrule.math.Ranges;
import chainrule.math.Slice;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final Network NETWORK =
      Network.perceptron(3, List.of(4, 2), Activation.RELU, 0.25, 1, Activation.SIGMOID);

  @Test
  void putsDropoutBehindEachHiddenLayer() {
    assertThat(NETWORK.layers())
        .containsExactly(
            new Dense(3, 4, Activation.RELU),
            new Dropout(4, 0.25, 1),
            new Dense(4, 2, Activation.RELU),
            new Dropout(2, 0.25, 3),
            new Dense(2, 1, Activation.SIGMOID));
    assertThat(NETWORK.inputs()).isEqualTo(3);
    assertThat(NETWORK.outputs()).isEqualTo(1);
  }

  @Test
  void leavesDropoutOutAtRateZero() {
    var network = Network.perceptron(3, List.of(4), Activation.RELU, 0, 2, Activation.IDENTITY);
    assertThat(network.layers())
        .containsExactly(new Dense(3, 4, Activation.RELU), new Dense(4, 2, Activation.IDENTITY));
  }

  @Test
  void isALinearModelWithoutHiddenLayers() {
    var network = Network.perceptron(3, List.of(), Activation.RELU, 0.5, 2, Activation.IDENTITY);
    assertThat(network.layers()).containsExactly(new Dense(3, 2, Activation.IDENTITY));
  }

  @Test
  void laysParametersOneLayerBehindTheOther() {
    assertThat(NETWORK.parameterCount()).isEqualTo(16 + 10 + 3);
    assertThat(List.of(NETWORK.offset(0), NETWORK.offset(1), NETWORK.offset(2)))
        .containsExactly(0, 16, 16);
    assertThat(List.of(NETWORK.offset(3), NETWORK.offset(4), NETWORK.offset(5)))
        .containsExactly(26, 26, 29);
  }

  @Test
  void viewsTheParametersOfALayer() {
    float[] parameters = new float[29];
    for (int i = 0; i < 29; i++) {
      parameters[i] = i;
    }
    Slice slice = NETWORK.slice(parameters, 0, 2);
    Dense dense = (Dense) NETWORK.layers().get(2);
    Matrix weights = dense.weights(slice);
    assertThat(weights.toString()).isEqualTo("4 × 2");
    assertThat(weights.get(0, 0)).isEqualTo(16);
    assertThat(weights.get(0, 1)).isEqualTo(17);
    assertThat(weights.get(3, 1)).isEqualTo(23);
    assertThat(dense.bias(slice).toArray()).containsExactly(24, 25);
    dense.bias(slice).set(0, -1);
    assertThat(parameters[24]).isEqualTo(-1);
    assertThat(NETWORK.slice(parameters, 0, 3).length()).isZero();
  }

  @Test
  void countsWeightsAndNotBiasesAsDecaying() {
    Ranges weights = Ranges.none().with(0, 12).with(16, 24).with(26, 28);
    assertThat(NETWORK.weights()).isEqualTo(weights);
  }

  @Test
  void refusesLayersThatDontFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Network(
                    List.of(
                        new Dense(3, 4, Activation.RELU), new Dense(5, 1, Activation.IDENTITY))))
        .withMessage("Invalid inputs of layer 1: 5 (must be 4)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Network(List.of()))
        .withMessage("Invalid layers: [] (must be at least one)");
  }

  @Test
  void refusesMoreParametersThanAnArrayHolds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dense(65_536, 65_536, Activation.RELU))
        .withMessage("Invalid parameters of a layer: 4295032832 (must be below 2^31)");
    var wide = new Dense(40_000, 40_000, Activation.RELU);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Network(List.of(wide, wide)))
        .withMessage("Invalid parameters: 3200080000 (must be below 2^31)");
  }

  @Test
  void refusesADenseLayerWithoutInputsOrOutputs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dense(0, 1, Activation.RELU))
        .withMessage("Invalid inputs: 0 (must be > 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dense(1, 0, Activation.RELU))
        .withMessage("Invalid outputs: 0 (must be > 0)");
  }

  @Test
  void refusesParametersOfAnotherNetwork() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NETWORK.requireParameters(new float[28]))
        .withMessage("Invalid number of parameters: 28 (must be 29)");
    NETWORK.requireParameters(new float[29]);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> NETWORK.slice(new float[28], 0, 4));
  }

  @Test
  void laysMembersOfAnEnsembleOneBehindTheOther() {
    Network three = NETWORK.ofMembers(3);
    assertThat(three.parameterCount()).isEqualTo(3 * 29);
    assertThat(three.memberParameterCount()).isEqualTo(29);
    assertThat(three.slice(new float[87], 2, 4).offset()).isEqualTo(2 * 29 + 26);
    Ranges weights = Ranges.none().with(0, 12).with(16, 24).with(26, 28);
    for (int offset : new int[] {29, 58}) {
      weights = weights.with(offset, offset + 12).with(offset + 16, offset + 24);
      weights = weights.with(offset + 26, offset + 28);
    }
    assertThat(three.weights()).isEqualTo(weights);
  }

  @Test
  void normsOfLayersGoOverAllMembers() {
    float[] values = new float[2 * 29];
    Arrays.fill(values, 0, 16, 1); // the first member's first layer
    Arrays.fill(values, 29 + 16, 29 + 26, 2); // the second member's second
    values[29 + 28] = -3;
    assertThat(NETWORK.ofMembers(2).layerNorms(values)).containsExactly(4.0, Math.sqrt(40), 3.0);
    values[0] = 0x1p100f; // whose square no float holds
    assertThat(NETWORK.ofMembers(2).layerNorms(values).get(0)).isCloseTo(0x1p100, within(0x1p70));
  }

  @Test
  void startsMembersApartAndTheFirstAsIfAlone() {
    float[] parameters = NETWORK.ofMembers(2).initialParameters(Initializer.HE, 5);
    float[] first = Arrays.copyOf(parameters, 29);
    assertThat(first).isEqualTo(NETWORK.initialParameters(Initializer.HE, 5));
    assertThat(Arrays.copyOfRange(parameters, 29, 58)).isNotEqualTo(first);
  }

  @Test
  void refusesAnEnsembleOfNoneOrOfMoreThanItMay() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NETWORK.ofMembers(0))
        .withMessage("Invalid members: 0 (must be 1 to 256)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NETWORK.ofMembers(257))
        .withMessage("Invalid members: 257 (must be 1 to 256)");
    var wide = new Network(List.of(new Dense(40_000, 40_000, Activation.RELU)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> wide.ofMembers(2))
        .withMessage("Invalid parameters: 3200080000 (must be below 2^31)");
  }
}
