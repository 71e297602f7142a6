package chainrule.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Slice;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class ActivationTest {
  /** The formula of each activation, from a row of preactivations to the row of activations. */
  private static final Map<Activation, UnaryOperator<double[]>> FORMULAS =
      new EnumMap<>(Activation.class);

  static {
    FORMULAS.put(Activation.RELU, each(z -> z > 0 ? z : 0));
    FORMULAS.put(Activation.LEAKY_RELU, each(z -> z > 0 ? z : 0.01 * z));
    FORMULAS.put(Activation.ELU, each(z -> z > 0 ? z : StrictMath.exp(z) - 1));
    FORMULAS.put(Activation.GELU, each(z -> z * normalCdf(z)));
    FORMULAS.put(
        Activation.GELU_TANH,
        each(
            z ->
                0.5
                    * z
                    * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)))));
    FORMULAS.put(Activation.SILU, each(z -> z / (1 + StrictMath.exp(-z))));
    FORMULAS.put(Activation.SOFTPLUS, each(z -> StrictMath.log(1 + StrictMath.exp(z))));
    FORMULAS.put(
        Activation.MISH, each(z -> z * StrictMath.tanh(StrictMath.log(1 + StrictMath.exp(z)))));
    FORMULAS.put(Activation.TANH, each(StrictMath::tanh));
    FORMULAS.put(Activation.SIGMOID, each(z -> 1 / (1 + StrictMath.exp(-z))));
    FORMULAS.put(Activation.IDENTITY, each(z -> z));
    FORMULAS.put(
        Activation.SOFTMAX,
        row -> {
          double[] powers = Arrays.stream(row).map(StrictMath::exp).toArray();
          double sum = Arrays.stream(powers).sum();
          return Arrays.stream(powers).map(power -> power / sum).toArray();
        });
  }

  private static UnaryOperator<double[]> each(DoubleUnaryOperator formula) {
    return row -> Arrays.stream(row).map(formula).toArray();
  }

  static UnaryOperator<double[]> formula(Activation activation) {
    assertThat(FORMULAS)
        .as("Add the formula of %s to the table in ActivationTest", activation)
        .containsKey(activation);
    return FORMULAS.get(activation);
  }

  @ParameterizedTest
  @EnumSource
  void givesTheValuesOfItsFormula(Activation activation) {
    for (int[] shape : new int[][] {{1, 1}, {1, 7}, {5, 1}, {13, 5}}) {
      Matrix z = samples(shape[0], shape[1]);
      Matrix a = view(shape[0], shape[1]);
      activation.apply(z, a);
      for (int r = 0; r < z.rows(); r++) {
        double[] expected = formula(activation).apply(row(z, r));
        for (int c = 0; c < expected.length; c++) {
          // A few roundings to float, 6e-8 each; gelu-tanh's are also in an exponent up to 20.
          double error = activation == Activation.GELU_TANH ? 4e-6 : 4e-7;
          double tolerance = error * Math.abs(expected[c]) + 1e-12;
          assertThat((double) a.get(r, c))
              .as("z = %s", z.get(r, c))
              .isCloseTo(expected[c], within(tolerance));
        }
      }
    }
  }

  /** Exporters have the expression alone, so it must be the same function. */
  @ParameterizedTest
  @EnumSource
  void isDescribedByItsExpression(Activation activation) {
    Matrix z = samples(13, 5);
    for (int r = 0; r < z.rows(); r++) {
      double[] row = row(z, r);
      double[] expected = formula(activation).apply(row);
      double[] described =
          activation.expression().<double[]>evaluate((node, x) -> operator(node, x, row));
      for (int c = 0; c < expected.length; c++) {
        // Constants are floats.
        assertThat(described[c])
            .as("z = %s", row[c])
            .isCloseTo(expected[c], within(1e-6 * (1e-6 + Math.abs(expected[c]))));
      }
    }
  }

  private static double[] operator(Expression node, List<double[]> x, double[] row) {
    double[] values = new double[row.length];
    for (int c = 0; c < row.length; c++) {
      int at = c;
      double[] arguments = x.stream().mapToDouble(argument -> argument[at]).toArray();
      values[c] =
          switch (node.operator()) {
            case INPUT -> row[c];
            case NUMBER -> node.number();
            case ADD -> arguments[0] + arguments[1];
            case MULTIPLY -> arguments[0] * arguments[1];
            case DIVIDE -> arguments[0] / arguments[1];
            case CLIP -> Math.min(Math.max(arguments[0], arguments[1]), arguments[2]);
            case RELU -> Math.max(arguments[0], 0);
            case LEAKY_RELU -> arguments[0] > 0 ? arguments[0] : 0.01 * arguments[0];
            case ELU -> arguments[0] > 0 ? arguments[0] : StrictMath.exp(arguments[0]) - 1;
            case SOFTPLUS -> StrictMath.log(1 + StrictMath.exp(arguments[0]));
            case TANH -> StrictMath.tanh(arguments[0]);
            case SIGMOID -> 1 / (1 + StrictMath.exp(-arguments[0]));
            case ERF -> 2 * normalCdf(Math.sqrt(2) * arguments[0]) - 1;
            case SOFTMAX ->
                StrictMath.exp(arguments[0]) / Arrays.stream(x.get(0)).map(StrictMath::exp).sum();
          };
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void multipliesTheGradientByTheDerivativeOfItsFormula(Activation activation) {
    // Cube root of a double's machine epsilon: rounding and truncation error are then about equal.
    double h = 6e-6;
    for (int[] shape : new int[][] {{1, 1}, {1, 7}, {5, 1}, {13, 5}}) {
      Matrix z = samples(shape[0], shape[1]);
      Matrix a = view(shape[0], shape[1]);
      Matrix derivatives = copy(z);
      activation.applyAndDifferentiate(derivatives, a);
      Matrix gradient = samples(shape[0], shape[1]);
      double[][] before = rows(gradient);
      activation.multiplyByDerivative(derivatives, a, gradient);
      for (int r = 0; r < z.rows(); r++) {
        for (int c = 0; c < z.columns(); c++) {
          double[] above = formula(activation).apply(moved(row(z, r), c, h));
          double[] below = formula(activation).apply(moved(row(z, r), c, -h));
          double expected = 0;
          for (int k = 0; k < above.length; k++) {
            expected += before[r][k] * (above[k] - below[k]) / (2 * h);
          }
          // Float roundings of gradients and z up to 13; a wrong derivative errs by 1e-2 somewhere.
          double tolerance = 2e-5;
          assertThat((double) gradient.get(r, c))
              .as("z = %s", z.get(r, c))
              .isCloseTo(expected, within(tolerance));
        }
      }
    }
  }

  // The formulas in PyTorch's documentation, evaluated with 30 digits by mpmath.
  @ParameterizedTest
  @CsvSource({
    "relu, -1, 0",
    "leaky-relu, -1, -0.01",
    "elu, -1, -0.6321205588285577",
    "gelu, 1, 0.8413447460685430",
    "gelu, -2, -0.04550026389635842",
    "gelu-tanh, 1, 0.8411919906082767",
    "silu, 1, 0.7310585786300049",
    "softplus, 1, 1.3132616875182228",
    "mish, 1, 0.8650983882673103",
    "mish, -2, -0.2525014826957089",
    "tanh, 1, 0.7615941559557649",
    "sigmoid, 1, 0.7310585786300049",
    "identity, 1, 1"
  })
  void givesKnownValues(String key, float z, double expected) {
    Matrix a = Matrix.zeros(1, 1);
    Activation.of(key).apply(Matrix.of(1, 1, z), a);
    assertThat((double) a.get(0, 0)).isCloseTo(expected, within(4e-7 * Math.abs(expected)));
  }

  @ParameterizedTest
  @CsvSource({"relu, 0", "leaky-relu, 0.01", "elu, 1"})
  void takesPyTorchsSideAtItsKink(String key, float derivative) {
    Matrix z = Matrix.of(1, 1, 0);
    Matrix a = Matrix.zeros(1, 1);
    Matrix gradient = Matrix.of(1, 1, 1);
    Activation.of(key).applyAndDifferentiate(z, a);
    Activation.of(key).multiplyByDerivative(z, a, gradient);
    assertThat(gradient.get(0, 0)).isEqualTo(derivative);
  }

  @ParameterizedTest
  @EnumSource
  void staysFiniteForExtremePreactivations(Activation activation) {
    Matrix z = Matrix.of(2, 4, -1e4f, 1e4f, -89, 89, -1e30f, 1e30f, 0, -0f);
    Matrix a = Matrix.zeros(2, 4);
    Matrix derivatives = copy(z);
    activation.applyAndDifferentiate(derivatives, a);
    Matrix gradient = Matrix.of(2, 4, 1, 1, 1, 1, 1, 1, 1, 1);
    activation.multiplyByDerivative(derivatives, a, gradient);
    for (int i = 0; i < 8; i++) {
      assertThat(a.array()[i]).as("σ(%s)", z.array()[i]).isFinite();
      assertThat(gradient.array()[i]).as("σ'(%s)", z.array()[i]).isFinite();
    }
  }

  @ParameterizedTest
  @EnumSource
  void letsNaNThrough(Activation activation) {
    Matrix a = Matrix.zeros(1, 2);
    activation.apply(Matrix.of(1, 2, Float.NaN, 1), a);
    assertThat(a.get(0, 0)).isNaN();
  }

  @ParameterizedTest
  @EnumSource
  void givesTheSameBitsWithAndWithoutDerivatives(Activation activation) {
    // More values than a run has, from places that differ, and the last run is a short one.
    Matrix z = samples(70, 31);
    Matrix a = Matrix.zeros(70, 31);
    activation.apply(z, a);
    Matrix again = view(70, 31);
    activation.applyAndDifferentiate(copy(z), again);
    assertThat(again.asSlice().toArray()).isEqualTo(a.array());
  }

  @ParameterizedTest
  @EnumSource
  void appliesInPlaceIfNoDerivativeFollows(Activation activation) {
    Matrix z = samples(3, 4);
    Matrix a = Matrix.zeros(3, 4);
    activation.apply(z, a);
    activation.apply(z, z);
    assertThat(z.asSlice().toArray()).isEqualTo(a.array());
  }

  @ParameterizedTest
  @EnumSource(names = "SOFTMAX", mode = Mode.EXCLUDE)
  void isElementwiseAndSoFitForHiddenLayers(Activation activation) {
    assertThat(activation.isElementwise()).isTrue();
  }

  @Test
  void softmaxIsNotElementwiseAndItsRowsSumToOne() {
    assertThat(Activation.SOFTMAX.isElementwise()).isFalse();
    Matrix a = Matrix.zeros(2, 3);
    Activation.SOFTMAX.apply(Matrix.of(2, 3, 1e4f, 1e4f, -1e4f, 1, 2, 3), a);
    assertThat(a.row(0).toArray()).containsExactly(0.5f, 0.5f, 0);
    // Three roundings to float.
    assertThat(a.get(1, 0) + a.get(1, 1) + a.get(1, 2)).isCloseTo(1f, within(2e-7f));
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsKey(Activation activation) {
    assertThat(Activation.of(activation.key())).isSameAs(activation);
    assertThat(activation.key()).matches("[a-z]+(-[a-z]+)*");
  }

  @Test
  void namesAllKeysWhenOneIsUnknown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Activation.of("rellu"))
        .withMessage(
            "Invalid activation: rellu (must be one of %s)", String.join(", ", Activation.keys()));
  }

  @Test
  void prefersGlorotForWhatIsSymmetricOrBounded() {
    assertThat(Arrays.stream(Activation.values()).filter(activation -> !activation.usesHe()))
        .containsExactly(
            Activation.TANH, Activation.SIGMOID, Activation.IDENTITY, Activation.SOFTMAX);
  }

  @ParameterizedTest
  @EnumSource
  void rejectsShapesThatDisagree(Activation activation) {
    Matrix z = Matrix.zeros(2, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> activation.apply(z, Matrix.zeros(3, 2)))
        .withMessage("Invalid shape of activations: 3 × 2 (must be 2 × 3)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> activation.multiplyByDerivative(z, z, Matrix.zeros(1, 3)))
        .withMessage("Invalid shape of gradient: 1 × 3 (must be 2 × 3)");
  }

  /** Normal deviates times 3, none within 0.01 of the kinks at 0. */
  private static Matrix samples(int rows, int columns) {
    var random = new RandomStream(rows * 31L + columns);
    Matrix matrix = view(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double sample = 3 * random.nextGaussian();
        matrix.set(r, c, (float) (sample + Math.copySign(0.01, sample)));
      }
    }
    return matrix;
  }

  private static Matrix copy(Matrix matrix) {
    return Matrix.of(matrix.rows(), matrix.columns(), matrix.asSlice().toArray());
  }

  /** A matrix in the middle of a larger array. */
  private static Matrix view(int rows, int columns) {
    return Slice.of(new float[rows * columns + 8], 5, rows * columns).asMatrix(rows, columns);
  }

  private static double[][] rows(Matrix matrix) {
    double[][] rows = new double[matrix.rows()][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = row(matrix, r);
    }
    return rows;
  }

  private static double[] row(Matrix matrix, int row) {
    double[] values = new double[matrix.columns()];
    for (int c = 0; c < values.length; c++) {
      values[c] = matrix.get(row, c);
    }
    return values;
  }

  private static double[] moved(double[] values, int index, double by) {
    double[] moved = values.clone();
    moved[index] += by;
    return moved;
  }

  /**
   * Abramowitz and Stegun, 26.2.11: Φ(x) = ½ + φ(x) (x + x³/3 + x⁵/(3·5) + …), no term negative.
   */
  private static double normalCdf(double x) {
    double term = x;
    double sum = x;
    for (int n = 3; n < 400; n += 2) {
      term *= x * x / n;
      sum += term;
    }
    return 0.5 + sum * StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }
}
