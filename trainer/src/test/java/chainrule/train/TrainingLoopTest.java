package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.InputLayout;
import chainrule.data.LabelEncoding;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import chainrule.nn.Activation;
import chainrule.nn.HalfMse;
import chainrule.nn.Network;
import chainrule.optim.Constant;
import chainrule.optim.GradientClipping;
import chainrule.optim.Optimizer;
import chainrule.optim.Sgd;
import chainrule.optim.WarmupCosine;
import chainrule.train.history.EpochRecord;
import chainrule.train.settings.Selection;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.shard.StepPlan;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.MetricSums;
import chainrule.train.sums.Metrics;
import chainrule.train.sums.Objective;
import chainrule.train.sums.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingLoopTest {
  /** A straight line: two parameters, weight and bias. */
  private static final Objective LINE =
      new Objective(
          Network.perceptron(1, List.of(), Activation.TANH, 0, 1, Activation.IDENTITY),
          new HalfMse(),
          InputLayout.dense(1),
          new LabelEncoding.Scale(0, 1));

  private static final Optimizer SGD = new Sgd(new Constant(0.1));

  /**
   * Gives gradients by the formula of the line from rows (x, y, weight), one array a step, and
   * validation losses from a list.
   */
  private static class Scripted implements GradientSource {
    private final double[][][] steps;
    private final double[] validationLosses;
    private int validations;

    Scripted(double[][][] steps, double... validationLosses) {
      this.steps = steps;
      this.validationLosses = validationLosses;
    }

    @Override
    public StepPlan plan() {
      return new StepPlan(10L * steps.length, 10, 1, 1);
    }

    @Override
    public long validationRows() {
      return validationLosses.length;
    }

    @Override
    @SuppressWarnings("unchecked") // as the request asks
    public <S extends Sums<S>> S ask(Request<S> request, float[] parameters) {
      if (request instanceof Request.Gradient gradient) {
        return (S) sums(steps[(int) (gradient.step() % steps.length)], parameters);
      }
      // ½ a² is the loss of an output a for target 0.
      float output = (float) Math.sqrt(2 * validationLosses[validations++]);
      MetricSums sums = MetricSums.of(LINE, false);
      sums.add(LINE, Matrix.of(1, 1, output), Matrix.zeros(1, 1), Slice.of(1f));
      return (S) sums;
    }

    private static GradientBuffer sums(double[][] rows, float[] parameters) {
      var buffer = new GradientBuffer(2);
      for (double[] row : rows) {
        double error = row[0] * parameters[0] + parameters[1] - row[1];
        buffer.gradientSum()[0] += (float) (row[2] * error * row[0]);
        buffer.gradientSum()[1] += (float) (row[2] * error);
        buffer.add(row[2] * error * error / 2, row[2], 1);
      }
      return buffer;
    }

    @Override
    public double takeComputeSeconds() {
      return 0;
    }

    @Override
    public void close() {}
  }

  private static final double[][][] TWO_STEPS = {
    {{1, 2, 1}, {2, 3, 0.5}, {-1, 0, 2}}, {{3, 1, 1}, {0, 1, 1}}
  };

  private static TrainingLoop.Settings settings(int epochs) {
    return settings(epochs, 0, GradientClipping.off(), Selection.AUTO, 0);
  }

  private static TrainingLoop.Settings settings(
      int epochs, double l2, GradientClipping clipping, Selection selection, int patience) {
    return new TrainingLoop.Settings(epochs, epochs, l2, clipping, selection, patience, 0);
  }

  private static TrainingLoop.Result run(GradientSource source, TrainingLoop.Settings settings) {
    return new TrainingLoop(source, LINE, SGD, settings)
        .run(EpochRecord.Phase.FIT, new float[] {0.5f, -0.25f}, TrainingListener.NONE);
  }

  /** The steps by hand: mean gradient, clipping, L2 on the weight alone, descent. */
  private static double[] naive(int epochs, double l2, double maxNorm) {
    return naiveSteps(2 * epochs, l2, maxNorm);
  }

  private static double[] naiveSteps(int steps, double l2, double maxNorm) {
    double[] p = {0.5, -0.25};
    for (int step = 0; step < steps; step++) {
      double[] gradient = naiveGradient(p, TWO_STEPS[step % 2]);
      double norm = Math.hypot(gradient[0], gradient[1]);
      double factor = maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1;
      p[0] -= 0.1 * (factor * gradient[0] + l2 * p[0]);
      p[1] -= 0.1 * factor * gradient[1];
    }
    return p;
  }

  private static double[] naiveGradient(double[] p, double[][] rows) {
    double[] gradient = new double[2];
    double weights = 0;
    for (double[] row : rows) {
      double error = row[0] * p[0] + p[1] - row[1];
      gradient[0] += row[2] * error * row[0];
      gradient[1] += row[2] * error;
      weights += row[2];
    }
    return new double[] {gradient[0] / weights, gradient[1] / weights};
  }

  private static void assertParameters(float[] parameters, double[] expected) {
    // A few float roundings a step.
    assertThat((double) parameters[0]).isCloseTo(expected[0], within(2e-6));
    assertThat((double) parameters[1]).isCloseTo(expected[1], within(2e-6));
  }

  @Test
  void stepsByTheMeanGradient() {
    float[] initial = {0.5f, -0.25f};
    TrainingLoop.Result result = run(new Scripted(TWO_STEPS), settings(5));
    assertParameters(result.parameters(), naive(5, 0, 0));
    assertThat(result.steps()).isEqualTo(10);
    assertThat(result.bestEpoch()).isEqualTo(5);
    assertThat(initial).containsExactly(0.5f, -0.25f);
  }

  @Test
  void recordsTheNormsOfTheLastStepsGradientAndOfTheParameters() {
    for (double l2 : new double[] {0, 0.1}) { // the norms are taken before L2 and clipping
      var clipping = new GradientClipping(0.3);
      TrainingLoop.Settings settings = settings(3, l2, clipping, Selection.LAST, 0);
      List<EpochRecord> history = run(new Scripted(TWO_STEPS), settings).history();
      for (int epoch = 1; epoch <= 3; epoch++) {
        // One step before the epoch's end: the second step of two starts there.
        double[] before = naiveSteps(2 * epoch - 1, l2, 0.3);
        double[] after = naive(epoch, l2, 0.3);
        double[] gradient = naiveGradient(before, TWO_STEPS[1]);
        EpochRecord.Norms norms = history.get(epoch - 1).norms();
        assertThat(norms.gradient()).hasSize(1);
        assertThat(norms.gradient().get(0))
            .isCloseTo(Math.hypot(gradient[0], gradient[1]), within(2e-6));
        assertThat(norms.parameters()).hasSize(1);
        assertThat(norms.parameters().get(0))
            .isCloseTo(Math.hypot(after[0], after[1]), within(2e-6));
      }
    }
  }

  @Test
  void addsL2ToWeightsOnlyAfterItClips() {
    var clipping = new GradientClipping(0.3);
    var source = new Scripted(TWO_STEPS);
    assertParameters(
        run(source, settings(3, 0.7, GradientClipping.off(), Selection.AUTO, 0)).parameters(),
        naive(3, 0.7, 0));
    assertParameters(
        run(source, settings(3, 0.7, clipping, Selection.AUTO, 0)).parameters(),
        naive(3, 0.7, 0.3));
    assertParameters(
        run(source, settings(3, 0, clipping, Selection.AUTO, 0)).parameters(), naive(3, 0, 0.3));
  }

  @Test
  void writesALineOfHistoryAnEpoch() {
    List<String> calls = new ArrayList<>();
    var listener =
        new TrainingListener() {
          @Override
          public void phaseStarted(EpochRecord.Phase phase, int epochs, long steps) {
            calls.add(phase + " " + epochs + " " + steps);
          }

          @Override
          public void stepFinished(long step, double loss) {
            calls.add(step + ": " + loss);
          }

          @Override
          public void epochFinished(EpochRecord epoch) {
            calls.add("epoch " + epoch.epoch());
          }
        };
    var optimizer = new Sgd(new Constant(1e-30)); // stays where it is
    var settings = new TrainingLoop.Settings(3, 1, 0, GradientClipping.off(), Selection.AUTO, 0, 0);
    TrainingLoop.Result result =
        new TrainingLoop(new Scripted(TWO_STEPS, 0.25), LINE, optimizer, settings)
            .run(EpochRecord.Phase.REFIT, new float[2], listener);
    // Σ w·y²/2 is 2 + 2.25 + 0 of 3.5 and then ½ + ½ of 2.
    assertThat(calls).containsExactly("REFIT 1 2", "0: " + 4.25 / 3.5, "1: 0.5", "epoch 1");
    assertThat(result.history()).hasSize(1);
    EpochRecord line = result.history().get(0);
    assertThat(line.phase()).isEqualTo(EpochRecord.Phase.REFIT);
    assertThat(line.epoch()).isEqualTo(1);
    assertThat(line.step()).isEqualTo(2);
    assertThat(line.learningRate()).isEqualTo(1e-30);
    assertThat(line.trainLoss()).isEqualTo(5.25 / 5.5);
    assertThat(line.validation().get("loss")).isCloseTo(0.25, within(1e-7));
    assertThat(line.computeSeconds()).isZero();
    assertThat(line.exchangeSeconds()).isNotNegative();
    assertThat(line.rowsPerSecond()).isPositive();
  }

  @Test
  void recordsTheRateOfTheEpochsLastStep() {
    var optimizer = new Sgd(new WarmupCosine(1, 1000, 2000, 0)); // 0.001 more at each step
    var history =
        new TrainingLoop(new Scripted(TWO_STEPS), LINE, optimizer, settings(2))
            .run(EpochRecord.Phase.FIT, new float[2], TrainingListener.NONE)
            .history();
    assertThat(history.stream().map(EpochRecord::learningRate)).containsExactly(2e-3, 4e-3);
    assertThat(history.stream().map(EpochRecord::validation))
        .containsExactly(Metrics.none(), Metrics.none());
  }

  @Test
  void skipsStepsWithoutRowsAndStepsWhoseRowsWeighNothing() {
    double[][] weightless = {{1, 5, 0}, {2, 7, 0}};
    double[][][] steps = {TWO_STEPS[0], {}, weightless, TWO_STEPS[1]};
    TrainingLoop.Result result = run(new Scripted(steps), settings(2));
    assertParameters(result.parameters(), naive(2, 0, 0));
    assertThat(result.steps()).isEqualTo(8);
  }

  @Test
  void stopsWhenTheLossIsNotFiniteAndKeepsTheLastGoodWeights() {
    double[][][] steps = {{{0, 2, 1}}, {{1e200, 0, 1}}};
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> run(new Scripted(steps), settings(2)))
        .withMessage(
            "Cannot continue training: the loss is Infinity at step 1 (2.53125 at the step before it,"
                + " learning rate 0.1000). Lower training.optimizer.learning-rate, set"
                + " training.clip-norm = 1, or look for extreme values in the data.")
        .satisfies(
            e -> {
              assertThat(e.step()).isEqualTo(1);
              assertThat(e.lastGoodParameters()).containsExactly(0.5f, -0.25f);
              assertThat(e.lastGoodModel()).isEmpty();
            });
  }

  @Test
  void stopsAtTheFirstStepWithTheInitialWeights() {
    double[][][] steps = {{{Double.NaN, 2, 1}}};
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> run(new Scripted(steps), settings(2)))
        .withMessageStartingWith(
            "Cannot continue training: the loss is NaN at step 0 (unknown at the step before it,"
                + " learning rate 0.1000).")
        .satisfies(e -> assertThat(e.lastGoodParameters()).containsExactly(0.5f, -0.25f));
  }

  @Test
  void stopsWhenTheLastStepOfAnEpochSpoilsTheWeights() {
    double[][][] steps = {{{1e25, 1e25, 1}}};
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> run(new Scripted(steps), settings(2)))
        .satisfies(e -> assertThat(e.lastGoodParameters()).containsExactly(0.5f, -0.25f));
  }

  private static double[] curve(double... losses) {
    return losses;
  }

  @Test
  void returnsTheWeightsOfTheSelectedEpoch() {
    double[] curve = new double[30];
    for (int i = 0; i < 30; i++) {
      curve[i] = 1 + 0.01 * (i - 11) * (i - 11); // least at epoch 12
    }
    TrainingLoop.Result result = run(new Scripted(TWO_STEPS, curve), settings(30));
    assertThat(result.bestEpoch()).isEqualTo(12);
    assertThat(result.parameters())
        .isEqualTo(run(new Scripted(TWO_STEPS), settings(12)).parameters());
    assertThat(result.history()).hasSize(30);
    TrainingLoop.Result last =
        run(
            new Scripted(TWO_STEPS, curve),
            settings(30, 0, GradientClipping.off(), Selection.LAST, 0));
    assertThat(last.bestEpoch()).isEqualTo(30);
    assertThat(last.parameters())
        .isEqualTo(run(new Scripted(TWO_STEPS), settings(30)).parameters());
  }

  @Test
  void stopsEarlyIfPatienceIsGiven() {
    TrainingLoop.Result result =
        run(
            new Scripted(TWO_STEPS, curve(5, 4, 3, 4, 4, 4, 1)),
            settings(7, 0, GradientClipping.off(), Selection.LAST, 3));
    assertThat(result.history()).hasSize(6);
    assertThat(result.bestEpoch()).isEqualTo(6);
    assertThat(result.steps()).isEqualTo(12);
  }

  @Test
  void givesTheSameBitsEachTime() {
    float[] first = run(new Scripted(TWO_STEPS), settings(20)).parameters();
    assertThat(IntStream.range(0, 3))
        .allSatisfy(
            i ->
                assertThat(run(new Scripted(TWO_STEPS), settings(20)).parameters())
                    .isEqualTo(first));
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertRefused(() -> settings(0), "Invalid epochs: 0 (must be > 0)");
    assertRefused(
        () -> new TrainingLoop.Settings(3, 4, 0, GradientClipping.off(), Selection.LAST, 0, 0),
        "Invalid stop after: 4 (must be in the epochs)");
    assertRefused(
        () -> settings(1, Double.NaN, GradientClipping.off(), Selection.LAST, 0),
        "Invalid l2: NaN (must be >= 0 and finite)");
    assertRefused(
        () -> settings(1, 0, GradientClipping.off(), Selection.LAST, -1),
        "Invalid patience: -1 (must be >= 0)");
    assertRefused(
        () -> new TrainingLoop.Settings(1, 1, 0, GradientClipping.off(), Selection.LAST, 0, -1),
        "Invalid min-delta: -1.0 (must be >= 0)");
    assertRefused(
        () ->
            new TrainingLoop(new Scripted(TWO_STEPS), LINE, SGD, settings(1))
                .run(EpochRecord.Phase.FIT, new float[3], TrainingListener.NONE),
        "Invalid number of parameters: 3 (must be 2)");
  }

  private static void assertRefused(Runnable action, String message) {
    assertThatIllegalArgumentException().isThrownBy(action::run).withMessage(message);
  }
}
