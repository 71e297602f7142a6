package chainrule.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.JavaKernels;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Ranges;
import chainrule.math.Slice;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DropoutTest {
  private static final JavaKernels KERNELS = new JavaKernels();
  private static final Slice NO_PARAMETERS = Slice.of();

  private static float[] mask(Dropout dropout, long key, int firstRow, int rows) {
    return forward(dropout, Pass.training(KERNELS, key, firstRow), ones(rows, dropout.units()));
  }

  private static Matrix ones(int rows, int columns) {
    Matrix ones = Matrix.zeros(rows, columns);
    ones.asSlice().fill(1);
    return ones;
  }

  private static float[] forward(Dropout dropout, Pass pass, Matrix inputs) {
    Matrix outputs = ones(inputs.rows(), inputs.columns());
    dropout.forward(pass, NO_PARAMETERS, inputs, Matrix.zeros(inputs.rows(), 0), outputs);
    return outputs.array();
  }

  @Property(tries = 50)
  void drawsTheSameMaskForABatchSplitAnywhere(
      @ForAll long key, @ForAll @IntRange(min = 0, max = 9) int split) {
    var dropout = new Dropout(7, 0.5, 3);
    float[] whole = mask(dropout, key, 20, 9);
    float[] left = mask(dropout, key, 20, split);
    float[] right = mask(dropout, key, 20 + split, 9 - split);
    for (int i = 0; i < whole.length; i++) {
      float part = i < left.length ? left[i] : right[i - left.length];
      assertThat(part).isEqualTo(whole[i]);
    }
  }

  @Test
  void drawsAnotherMaskForAnotherKeySaltOrRow() {
    var dropout = new Dropout(64, 0.5, 1);
    float[] mask = mask(dropout, 1, 0, 1);
    assertThat(mask(dropout, 1, 0, 1)).isEqualTo(mask);
    assertThat(mask(dropout, 2, 0, 1)).isNotEqualTo(mask);
    assertThat(mask(dropout, 1, 1, 1)).isNotEqualTo(mask);
    assertThat(mask(new Dropout(64, 0.5, 2), 1, 0, 1)).isNotEqualTo(mask);
  }

  @Test
  void multipliesTheGradientByTheMaskOfTheForwardPass() {
    var dropout = new Dropout(5, 0.4, 1);
    Pass pass = Pass.training(KERNELS, 9, 3);
    Matrix outputGradient = ones(6, 5);
    Matrix inputGradient = Matrix.zeros(6, 5);
    dropout.inputGradient(pass, NO_PARAMETERS, Matrix.zeros(6, 0), outputGradient, inputGradient);
    assertThat(inputGradient.array()).isEqualTo(forward(dropout, pass, ones(6, 5)));
  }

  @Test
  void dropsAtItsRateAndKeepsTheExpectation() {
    for (double rate : new double[] {0.05, 0.5, 0.9}) {
      int rows = 2_000;
      int units = 101; // odd, so that half of a draw is left over
      float[] mask = mask(new Dropout(units, rate, 1), 12, 0, rows);
      float kept = (float) (1 / (1 - rate));
      int dropped = 0;
      double sum = 0;
      for (float value : mask) {
        assertThat(value == 0 || value == kept).isTrue();
        dropped += value == 0 ? 1 : 0;
        sum += value;
      }
      // Five standard deviations of a binomial share.
      double bound = 5 * Math.sqrt(rate * (1 - rate) / mask.length);
      assertThat((double) dropped / mask.length).isCloseTo(rate, within(bound));
      assertThat(sum / mask.length).isCloseTo(1, within(bound / (1 - rate)));
    }
  }

  @Test
  void dropsUnitsOfARowAndRowsOfAUnitIndependently() {
    int rows = 20_000;
    float[] mask = mask(new Dropout(4, 0.5, 1), 5, 0, rows);
    // Five standard deviations of the share of pairs that agree.
    double bound = 5 * 0.5 / Math.sqrt(rows);
    for (int unit = 0; unit < 4; unit++) {
      int agreesWithNeighbour = 0;
      int agreesWithRowBefore = 0;
      for (int row = 1; row < rows; row++) {
        boolean here = mask[row * 4 + unit] == 0;
        agreesWithNeighbour += here == (mask[row * 4 + (unit + 1) % 4] == 0) ? 1 : 0;
        agreesWithRowBefore += here == (mask[(row - 1) * 4 + unit] == 0) ? 1 : 0;
      }
      assertThat((double) agreesWithNeighbour / rows).isCloseTo(0.5, within(bound));
      assertThat((double) agreesWithRowBefore / rows).isCloseTo(0.5, within(bound));
    }
  }

  @Test
  void changesNothingInEvaluationOrAtRateZero() {
    Matrix inputs = Matrix.of(2, 3, 1, -2, 3, 4, Float.NaN, -0f);
    assertThat(forward(new Dropout(3, 0.9, 1), Pass.evaluation(KERNELS), inputs))
        .isEqualTo(inputs.array());
    assertThat(forward(new Dropout(3, 0, 1), Pass.training(KERNELS, 1, 0), inputs))
        .isEqualTo(inputs.array());
  }

  @Test
  void hasNoParametersAndKeepsNothing() {
    var dropout = new Dropout(3, 0.5, 1);
    assertThat(dropout.inputs()).isEqualTo(3);
    assertThat(dropout.outputs()).isEqualTo(3);
    assertThat(dropout.parameterCount()).isZero();
    assertThat(dropout.memoryWidth()).isZero();
    assertThat(dropout.weights()).isEqualTo(Ranges.none());
    dropout.initialize(NO_PARAMETERS, Initializer.HE, new RandomStream(1));
  }

  @Test
  void refusesARateOfOneAndSaysWhatIsAllowed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dropout(3, 1, 1))
        .withMessage("Invalid dropout: 1.0 (must be >= 0 and < 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dropout(3, Double.NaN, 1))
        .withMessage("Invalid dropout: NaN (must be >= 0 and < 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dropout(0, 0.5, 1))
        .withMessage("Invalid units: 0 (must be > 0)");
  }
}
