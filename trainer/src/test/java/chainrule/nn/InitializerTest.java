package chainrule.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.Slice;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InitializerTest {
  private static final int INPUTS = 200;
  private static final int OUTPUTS = 150;

  private static float[] weights(Initializer initializer, Activation activation, long seed) {
    var network = new Network(List.of(new Dense(INPUTS, OUTPUTS, activation)));
    float[] parameters = network.initialParameters(initializer, seed);
    return Arrays.copyOf(parameters, INPUTS * OUTPUTS);
  }

  @ParameterizedTest
  @CsvSource({
    "HE, RELU, 0.1", // √(2 / 200)
    "HE, SILU, 0.1",
    "HE, TANH, 0.0707106781", // √(1 / 200)
    "HE, IDENTITY, 0.0707106781",
    "GLOROT, TANH, 0.0755928946", // √(2 / 350)
    "GLOROT, RELU, 0.0755928946",
    "NORMAL, RELU, 0.01",
    "NORMAL, SIGMOID, 0.01"
  })
  void drawsNormalDeviatesOfItsFormula(
      Initializer initializer, Activation activation, double deviation) {
    float[] weights = weights(initializer, activation, 7);
    double sum = 0;
    double squares = 0;
    int withinOne = 0;
    for (float weight : weights) {
      sum += weight;
      squares += (double) weight * weight;
      withinOne += Math.abs(weight) < deviation ? 1 : 0;
    }
    double n = weights.length;
    // Five standard deviations of a mean, of a standard deviation, and of a share.
    assertThat(sum / n).isCloseTo(0, within(5 * deviation / Math.sqrt(n)));
    assertThat(Math.sqrt(squares / n))
        .isCloseTo(deviation, within(5 * deviation / Math.sqrt(2 * n)));
    assertThat(withinOne / n).isCloseTo(0.6826895, within(5 * 0.4654 / Math.sqrt(n)));
  }

  @ParameterizedTest
  @EnumSource
  void startsBiasesAtZero(Initializer initializer) {
    var dense = new Dense(5, 3, Activation.SILU);
    var network = new Network(List.of(dense));
    float[] parameters = network.initialParameters(initializer, 1);
    assertThat(dense.bias(Slice.of(parameters)).toArray()).containsOnly(0f);
    assertThat(dense.weights(Slice.of(parameters)).asSlice().toArray()).doesNotContain(0f);
  }

  // Computed in Python from the formulas of SplitMix64 and of the polar method.
  @Test
  void givesTheSameValuesEverywhere() {
    var network = Network.perceptron(2, List.of(2), Activation.SILU, 0.1, 1, Activation.IDENTITY);
    assertThat(network.initialParameters(Initializer.HE, 1))
        .containsExactly(
            -0.18663675f,
            -1.0276815f,
            -1.2663832f,
            -1.2217042f,
            0f,
            0f,
            -0.012898247f,
            0.1971542f,
            0f);
  }

  @Test
  void differsByLayerAndSeed() {
    var network =
        new Network(List.of(new Dense(4, 4, Activation.TANH), new Dense(4, 4, Activation.TANH)));
    float[] parameters = network.initialParameters(Initializer.GLOROT, 1);
    assertThat(network.initialParameters(Initializer.GLOROT, 1)).isEqualTo(parameters);
    assertThat(network.initialParameters(Initializer.GLOROT, 2)).isNotEqualTo(parameters);
    assertThat(network.slice(parameters, 0, 0).toArray())
        .isNotEqualTo(network.slice(parameters, 0, 1).toArray());
  }

  @Test
  void suitsTheActivation() {
    assertThat(Initializer.suiting(Activation.RELU)).isEqualTo(Initializer.HE);
    assertThat(Initializer.suiting(Activation.SILU)).isEqualTo(Initializer.HE);
    assertThat(Initializer.suiting(Activation.TANH)).isEqualTo(Initializer.GLOROT);
    assertThat(Initializer.suiting(Activation.SIGMOID)).isEqualTo(Initializer.GLOROT);
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsKey(Initializer initializer) {
    assertThat(Initializer.of(initializer.key())).isEqualTo(initializer);
  }

  @Test
  void refusesAnUnknownKeyAndNamesTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Initializer.of("HE"))
        .withMessage("Invalid initializer: \"HE\" (must be he, glorot or normal)");
  }
}
