package chainrule.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Slice;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LossTest {
  /** The loss of one row by its formula; outputs in double, the row of targets as it is. */
  private interface Formula {
    double loss(double[] outputs, float[] targets);
  }

  private enum Targets {
    VALUES,
    COUNTS,
    CLASSES,
    LABELS
  }

  private record Case(Loss loss, int outputs, Targets targets, Formula formula) {
    @Override
    public String toString() {
      return loss + " of " + outputs + " outputs, targets " + targets;
    }
  }

  /** Every class that implements Loss, with its formula. */
  private static List<Case> cases() {
    return List.of(
        new Case(new HalfMse(), 1, Targets.VALUES, LossTest::halfMse),
        new Case(new HalfMse(), 3, Targets.VALUES, LossTest::halfMse),
        new Case(new HalfMse(), 3, Targets.CLASSES, (z, y) -> halfMse(z, oneHot(y, z.length))),
        new Case(new Huber(1), 2, Targets.VALUES, (z, y) -> huber(z, y, 1)),
        new Case(new Huber(0.3), 1, Targets.VALUES, (z, y) -> huber(z, y, 0.3)),
        new Case(new Mae(), 2, Targets.VALUES, (z, y) -> sum(z.length, o -> Math.abs(z[o] - y[o]))),
        new Case(
            new LogCosh(),
            2,
            Targets.VALUES,
            (z, y) -> sum(z.length, o -> StrictMath.log(StrictMath.cosh(z[o] - y[o])))),
        new Case(
            new Poisson(),
            2,
            Targets.COUNTS,
            (z, y) -> sum(z.length, o -> StrictMath.exp(z[o]) - y[o] * z[o])),
        new Case(new BinaryCrossEntropy(0), 1, Targets.CLASSES, (z, y) -> binary(z, y, 0)),
        new Case(new BinaryCrossEntropy(0.2), 1, Targets.CLASSES, (z, y) -> binary(z, y, 0.2)),
        new Case(new BinaryCrossEntropy(0.2), 3, Targets.LABELS, (z, y) -> binary(z, y, 0.2)),
        new Case(new SoftmaxCrossEntropy(0), 2, Targets.CLASSES, (z, y) -> softmax(z, y, 0)),
        new Case(new SoftmaxCrossEntropy(0), 7, Targets.CLASSES, (z, y) -> softmax(z, y, 0)),
        new Case(new SoftmaxCrossEntropy(0.1), 5, Targets.CLASSES, (z, y) -> softmax(z, y, 0.1)));
  }

  private static double halfMse(double[] z, float[] y) {
    return sum(z.length, o -> 0.5 * (z[o] - y[o]) * (z[o] - y[o]));
  }

  private static double huber(double[] z, float[] y, double delta) {
    return sum(
        z.length,
        o -> {
          double d = Math.abs(z[o] - y[o]);
          return d <= delta ? 0.5 * d * d : delta * (d - 0.5 * delta);
        });
  }

  private static double binary(double[] z, float[] y, double smoothing) {
    return sum(
        z.length,
        o -> {
          double target = (1 - smoothing) * y[o] + smoothing / 2;
          double p = 1 / (1 + StrictMath.exp(-z[o]));
          return -target * StrictMath.log(p) - (1 - target) * StrictMath.log(1 - p);
        });
  }

  private static double softmax(double[] z, float[] y, double smoothing) {
    double powers = sum(z.length, c -> StrictMath.exp(z[c]));
    float[] oneHot = oneHot(y, z.length);
    return sum(
        z.length,
        c -> {
          double target = (1 - smoothing) * oneHot[c] + smoothing / z.length;
          return -target * StrictMath.log(StrictMath.exp(z[c]) / powers);
        });
  }

  private static float[] oneHot(float[] classIndex, int classes) {
    float[] oneHot = new float[classes];
    oneHot[(int) classIndex[0]] = 1;
    return oneHot;
  }

  private static double sum(int count, ToDoubleFunction<Integer> term) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += term.applyAsDouble(i);
    }
    return sum;
  }

  @Test
  void everyLossHasAFormulaHere() {
    assertThat(cases().stream().map(sample -> sample.loss.key()).distinct())
        .as("A new loss needs its formula in LossTest.cases()")
        .containsExactlyInAnyOrderElementsOf(Loss.KINDS.keys());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sumsTheWeightedLossesOfItsFormula(Case sample) {
    for (int rows : new int[] {0, 1, 9}) {
      var batch = new Batch(sample, rows);
      double expected = batch.expectedSum();
      // The formula rounds logarithms near 0, and the exponentials of the loss are good to 1e-10.
      double tolerance = 1e-9 * (1 + Math.abs(expected));
      assertThat(batch.sum()).isCloseTo(expected, within(tolerance));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheGradientOfThatSum(Case sample) {
    // Cube root of a double's machine epsilon: rounding and truncation error are then about equal.
    double h = 6e-6;
    for (int rows : new int[] {1, 9}) {
      var batch = new Batch(sample, rows);
      batch.sumAndGradient();
      for (int r = 0; r < rows; r++) {
        for (int o = 0; o < sample.outputs; o++) {
          double above = batch.expectedLoss(r, o, h);
          double below = batch.expectedLoss(r, o, -h);
          double expected = batch.weights.get(r) * (above - below) / (2 * h);
          // A few float roundings of 6e-8, relative to the gradient or to a probability.
          double tolerance = 1e-6 * (1 + Math.abs(expected));
          assertThat((double) batch.gradient.get(r, o))
              .as("[%d, %d]", r, o)
              .isCloseTo(expected, within(tolerance));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheSameBitsWithAndWithoutGradient(Case sample) {
    var batch = new Batch(sample, 9);
    assertThat(batch.sumAndGradient()).isEqualTo(batch.sum());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ignoresRowsOfWeightZero(Case sample) {
    var batch = new Batch(sample, 4);
    batch.weights.fill(0);
    assertThat(batch.sumAndGradient()).isZero();
    for (float derivative : batch.gradient.asSlice().toArray()) {
      assertThat(derivative == 0).as("%s is 0 of either sign", derivative).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void leavesItsInputsAlone(Case sample) {
    var batch = new Batch(sample, 9);
    var same = new Batch(sample, 9);
    batch.sumAndGradient();
    assertThat(batch.outputs.array()).isEqualTo(same.outputs.array());
    assertThat(batch.targets.array()).isEqualTo(same.targets.array());
    assertThat(batch.weights.array()).isEqualTo(same.weights.array());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rejectsShapesThatDisagreeBeforeWriting(Case sample) {
    var batch = new Batch(sample, 4);
    String shape = "4 × " + sample.outputs;
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                sample.loss.sumAndGradient(
                    batch.outputs, batch.targets, Slice.of(1, 1), batch.gradient))
        .withMessage("Invalid number of weights: 2 (must be 4, one a row)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                sample.loss.sumAndGradient(
                    batch.outputs,
                    Matrix.zeros(3, batch.targets.columns()),
                    batch.weights,
                    batch.gradient))
        .withMessage(
            "Invalid shape of targets: 3 × %1$d (must be 4 × %1$d)", batch.targets.columns());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                sample.loss.sumAndGradient(
                    batch.outputs, batch.targets, batch.weights, Matrix.zeros(9, 9)))
        .withMessage("Invalid shape of output gradient: 9 × 9 (must be " + shape + ")");
    assertThat(batch.gradient.array()).containsOnly(Batch.BEFORE);
  }

  @ParameterizedTest
  @ValueSource(floats = {1e4f, -1e4f})
  void crossEntropiesAreExactForExtremeLogits(float logit) {
    var binary = new BinaryCrossEntropy(0);
    Slice one = Slice.of(1);
    for (int target = 0; target <= 1; target++) {
      boolean right = logit > 0 == (target == 1);
      Matrix gradient = Matrix.zeros(1, 1);
      double loss =
          binary.sumAndGradient(Matrix.of(1, 1, logit), Matrix.of(1, 1, target), one, gradient);
      assertThat(loss).isEqualTo(right ? 0 : 1e4);
      assertThat(gradient.get(0, 0)).isEqualTo(right ? 0 : Math.signum(logit));

      Matrix gradients = Matrix.zeros(1, 2);
      loss =
          new SoftmaxCrossEntropy(0)
              .sumAndGradient(Matrix.of(1, 2, 0, logit), Matrix.of(1, 1, target), one, gradients);
      assertThat(loss).isEqualTo(right ? 0 : 1e4);
      assertThat(gradients.get(0, 1)).isEqualTo(right ? 0 : Math.signum(logit));
    }
  }

  @Test
  void smoothingKeepsExtremeLogitsFinite() {
    Slice one = Slice.of(1);
    // s/2 · 20000 for the logits' distance, and the rest for the right one.
    Matrix logits = Matrix.of(1, 2, 1e4f, -1e4f);
    assertThat(new SoftmaxCrossEntropy(0.1).sum(logits, Matrix.of(1, 1, 0), one))
        .isCloseTo(1000, within(1e-9));
    assertThat(new BinaryCrossEntropy(0.1).sum(Matrix.of(1, 1, 1e4f), Matrix.of(1, 1, 1), one))
        .isCloseTo(500, within(1e-9));
  }

  @Test
  void maeHasNoGradientWhereItIsExact() {
    Matrix gradient = Matrix.of(1, 1, 7);
    new Mae().sumAndGradient(Matrix.of(1, 1, 2), Matrix.of(1, 1, 2), Slice.of(1), gradient);
    assertThat(gradient.get(0, 0)).isZero();
  }

  // PyTorch 2.13.0, in double: torch.log(torch.cosh(d)) and its gradient by autograd.
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0.5, 0.1201145069582775, 0.4621171572600098",
    "-0.5, 0.1201145069582775, -0.4621171572600098",
    "2, 1.325002747357864, 0.964027580075817",
    "-7.25, 6.55685332378759, -0.9999989913051837"
  })
  void logCoshIsPyTorchs(float error, double value, double derivative) {
    // Our exponentials are good to 1e-10.
    assertThat(new LogCosh().value(error, 0)).isCloseTo(value, within(1e-10));
    assertThat(new LogCosh().derivative(error, 0)).isCloseTo(derivative, within(1e-10));
    assertThat(new LogCosh().value(1e4, 0)).isEqualTo(1e4 - StrictMath.log(2));
  }

  @Test
  void crossEntropiesPredictProbabilities() {
    Matrix logits = Matrix.of(1, 3, 0, (float) Math.log(2), (float) Math.log(5));
    new SoftmaxCrossEntropy(0.1).toPredictions(logits);
    // A few float roundings.
    assertThat(logits.array()).containsExactly(new float[] {1 / 8f, 2 / 8f, 5 / 8f}, within(1e-6f));
    Matrix logit = Matrix.of(2, 1, (float) Math.log(3), -1e4f);
    new BinaryCrossEntropy(0.1).toPredictions(logit);
    assertThat(logit.array()).containsExactly(new float[] {3 / 4f, 0}, within(1e-6f));
  }

  @Test
  void poissonPredictsRatesAndTheOthersTheirOutputs() {
    Matrix outputs = Matrix.of(1, 2, 0, -3);
    for (Loss loss : List.of(new HalfMse(), new Huber(1), new Mae())) {
      loss.toPredictions(outputs);
      assertThat(outputs.array()).containsExactly(0, -3);
    }
    new Poisson().toPredictions(outputs);
    assertThat(outputs.array()).containsExactly(1, (float) StrictMath.exp(-3));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void averagesPredictionsOfSeveralNetworks(Case sample) {
    var batch = new Batch(sample, 9);
    int width = sample.outputs;
    Matrix members = Matrix.zeros(9, 3 * width);
    var random = new RandomStream(4);
    double[][] means = new double[9][width];
    for (int m = 0; m < 3; m++) {
      Matrix member = Matrix.zeros(9, width);
      for (int r = 0; r < 9; r++) {
        for (int o = 0; o < width; o++) {
          member.set(r, o, (float) (2 * random.nextGaussian()));
          members.set(r, m * width + o, member.get(r, o));
        }
      }
      sample.loss.toPredictions(member);
      for (int r = 0; r < 9; r++) {
        for (int o = 0; o < width; o++) {
          means[r][o] += member.get(r, o) / 3.0;
        }
      }
    }
    sample.loss.average(members, batch.outputs);
    sample.loss.toPredictions(batch.outputs);
    for (int r = 0; r < 9; r++) {
      for (int o = 0; o < width; o++) {
        // A few float roundings of outputs of some units, and of what they stand for.
        double tolerance = 2e-6 * (1 + Math.abs(means[r][o]));
        assertThat((double) batch.outputs.get(r, o)).isCloseTo(means[r][o], within(tolerance));
      }
    }
  }

  @Test
  void averagesOfExtremeLogitsAreFiniteAndExact() {
    Matrix logit = Matrix.zeros(2, 1);
    new BinaryCrossEntropy(0).average(Matrix.of(2, 2, 1e4f, 1e4f, 1e4f, -1e4f), logit);
    assertThat(logit.array()).containsExactly(1e4f, 0);
    Matrix logits = Matrix.zeros(1, 2);
    new SoftmaxCrossEntropy(0).average(Matrix.of(1, 4, 0, 1e4f, 0, 1e4f), logits);
    assertThat(logits.array()).containsExactly(-1e4f, 0);
    Matrix logRate = Matrix.zeros(1, 1);
    new Poisson().average(Matrix.of(1, 2, 1000, 1000), logRate);
    assertThat(logRate.get(0, 0)).isEqualTo(1000);
  }

  @Test
  void refusesToAverageOutputsThatAreNoMultiple() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HalfMse().average(Matrix.zeros(2, 5), Matrix.zeros(2, 2)))
        .withMessage("Invalid outputs of members: 2 × 5 (must be 2 rows of a multiple of 2)");
  }

  @Test
  void evaluatesWithoutSmoothing() {
    assertThat(new SoftmaxCrossEntropy(0.1).forEvaluation()).isEqualTo(new SoftmaxCrossEntropy(0));
    assertThat(new BinaryCrossEntropy(0.1).forEvaluation()).isEqualTo(new BinaryCrossEntropy(0));
    assertThat(new Huber(2).forEvaluation()).isEqualTo(new Huber(2));
  }

  @Test
  void hasTheNamesOfTheConfiguration() {
    assertThat(Loss.KINDS.keys())
        .contains("cross-entropy", "binary-cross-entropy", "half-mse", "huber", "mae", "poisson");
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, 3, 0.5f, Float.NaN, Float.POSITIVE_INFINITY})
  void rejectsWhatIsNoClass(float target) {
    Matrix targets = Matrix.of(2, 1, 1, target);
    Slice weights = Slice.of(1, 1);
    for (Loss loss : List.of(new SoftmaxCrossEntropy(0), new HalfMse())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.sum(Matrix.zeros(2, 3), targets, weights))
          .withMessage("Invalid class index: " + target + " (must be a whole number from 0 to 2)");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BinaryCrossEntropy(0).sum(Matrix.zeros(2, 1), targets, weights))
        .withMessage("Invalid class index: " + target + " (must be a whole number from 0 to 1)");
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, Float.NaN})
  void rejectsWhatIsNoCount(float target) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Poisson().sum(Matrix.zeros(1, 1), Matrix.of(1, 1, target), Slice.of(1)))
        .withMessage("Invalid count: " + (double) target + " (must be >= 0)");
  }

  @Test
  void rejectsParametersOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SoftmaxCrossEntropy(1))
        .withMessage("Invalid label smoothing: 1.0 (must be >= 0 and < 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BinaryCrossEntropy(-0.1))
        .withMessage("Invalid label smoothing: -0.1 (must be >= 0 and < 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Huber(Double.NaN))
        .withMessage("Invalid Huber's delta: NaN (must be > 0 and finite)");
  }

  /** Random rows for a case, each matrix a view into the middle of a larger array. */
  private static final class Batch {
    static final float BEFORE = 99;

    final Case sample;
    final Matrix outputs;
    final Matrix targets;
    final Slice weights;
    final Matrix gradient;

    Batch(Case sample, int rows) {
      this.sample = sample;
      var random = new RandomStream(rows * 100L + sample.outputs);
      outputs = view(rows, sample.outputs);
      targets = view(rows, sample.targets == Targets.CLASSES ? 1 : sample.outputs);
      weights = view(rows, 1).asSlice();
      gradient = view(rows, sample.outputs);
      Arrays.fill(gradient.array(), BEFORE);
      int classes = Math.max(2, sample.outputs);
      for (int r = 0; r < rows; r++) {
        weights.set(r, (float) (0.1 + 3 * random.nextDouble()));
        for (int o = 0; o < sample.outputs; o++) {
          outputs.set(r, o, (float) (2 * random.nextGaussian()));
        }
        for (int t = 0; t < targets.columns(); t++) {
          float target =
              switch (sample.targets) {
                case VALUES -> (float) (2 * random.nextGaussian());
                case COUNTS -> random.nextInt(6);
                case CLASSES -> random.nextInt(classes);
                case LABELS -> random.nextInt(2);
              };
          targets.set(r, t, target);
        }
      }
    }

    private static Matrix view(int rows, int columns) {
      return Slice.of(new float[rows * columns + 8], 3, rows * columns).asMatrix(rows, columns);
    }

    double sum() {
      return sample.loss.sum(outputs, targets, weights);
    }

    double sumAndGradient() {
      return sample.loss.sumAndGradient(outputs, targets, weights, gradient);
    }

    double expectedSum() {
      double sum = 0;
      for (int r = 0; r < outputs.rows(); r++) {
        sum += weights.get(r) * expectedLoss(r, 0, 0);
      }
      return sum;
    }

    /** Returns the loss of a row by the formula, one of its outputs moved. */
    double expectedLoss(int row, int moved, double by) {
      double[] values = new double[outputs.columns()];
      for (int o = 0; o < values.length; o++) {
        values[o] = outputs.get(row, o);
      }
      values[moved] += by;
      return sample.formula.loss(values, targets.row(row).toArray());
    }
  }
}
