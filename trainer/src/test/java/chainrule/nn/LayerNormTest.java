package chainrule.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.JavaKernels;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Ranges;
import chainrule.math.Slice;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients are compared in {@link BackpropagationTest}. */
class LayerNormTest {
  private static final Pass PASS = Pass.evaluation(new JavaKernels());

  private static float[] forward(LayerNorm norm, Slice parameters, Matrix x) {
    Matrix a = Matrix.zeros(x.rows(), norm.units());
    norm.forward(PASS, parameters, x, Matrix.zeros(x.rows(), norm.memoryWidth()), a);
    return a.array();
  }

  private static Slice initial(LayerNorm norm) {
    Slice parameters = Slice.of(new float[norm.parameterCount()]);
    norm.initialize(parameters, Initializer.HE, new RandomStream(1));
    return parameters;
  }

  // Mean 2, variance (4 + 0 + 4)/3: z = (1, 0, -1) · 2/√(8/3 + 10⁻⁵).
  @Test
  void givesWhatIsComputedByHand() {
    var norm = new LayerNorm(3, Activation.IDENTITY);
    float[] a = forward(norm, Slice.of(1, 2, 3, 0.5f, 0, -1), Matrix.of(1, 3, 4, 2, 0));
    double unit = 2 / Math.sqrt(8 / 3.0 + 1e-5);
    assertThat((double) a[0]).isCloseTo(unit + 0.5, within(1e-6));
    assertThat(a[1]).isZero();
    assertThat((double) a[2]).isCloseTo(-3 * unit - 1, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 7, 64, 101})
  void bringsEachRowToMeanZeroAndDeviationOne(int units) {
    var norm = new LayerNorm(units, Activation.IDENTITY);
    var random = new RandomStream(units);
    Matrix x = Matrix.zeros(5, units);
    for (int i = 0; i < x.array().length; i++) {
      x.array()[i] = (float) (1000 + 30 * random.nextGaussian());
    }
    float[] a = forward(norm, initial(norm), x);
    for (int row = 0; row < 5; row++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < units; i++) {
        double value = a[row * units + i];
        sum += value;
        squares += value * value;
      }
      // Numbers near 1000 are good to 3e-5, which over a deviation of ten or more is 1e-5.
      assertThat(sum / units).isCloseTo(0, within(1e-5));
      assertThat(squares / units).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void givesARowTheSameBitsWhateverStandsBesideIt() {
    var norm = new LayerNorm(7, Activation.SILU);
    var random = new RandomStream(3);
    float[] values = new float[21];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Slice parameters = initial(norm);
    float[] together = forward(norm, parameters, Matrix.of(3, 7, values));
    float[] alone = forward(norm, parameters, Matrix.of(1, 7, Arrays.copyOfRange(values, 14, 21)));
    assertThat(alone).isEqualTo(Arrays.copyOfRange(together, 14, 21));
  }

  @Test
  void hasNothingToSayOfOneUnitOrOfEqualOnes() {
    var one = new LayerNorm(1, Activation.IDENTITY);
    assertThat(forward(one, Slice.of(3, 0.25f), Matrix.of(2, 1, 7, -1e30f)))
        .containsExactly(0.25f, 0.25f);
    var norm = new LayerNorm(3, Activation.TANH);
    assertThat(forward(norm, initial(norm), Matrix.of(1, 3, 4, 4, 4))).containsOnly(0f);
  }

  @Test
  void passesNanThrough() {
    var norm = new LayerNorm(2, Activation.IDENTITY);
    assertThat(forward(norm, initial(norm), Matrix.of(1, 2, Float.NaN, 1))).containsOnly(Float.NaN);
  }

  @Test
  void startsAtGainOneAndBiasZeroNeitherOfWhichDecays() {
    var norm = new LayerNorm(2, Activation.TANH);
    assertThat(initial(norm).toArray()).containsExactly(1, 1, 0, 0);
    assertThat(norm.weights()).isEqualTo(Ranges.none());
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LayerNorm(0, Activation.TANH))
        .withMessage("Invalid units: 0 (must be > 0 and below 2^30)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LayerNorm(2, Activation.SOFTMAX))
        .withMessage("Invalid activation: softmax (must be one for hidden layers)");
  }
}
