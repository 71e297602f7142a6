package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.RandomStream;
import chainrule.math.Ranges;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every optimizer; the test of each extends this and adds what is its own. */
abstract class OptimizerContract {
  /** What a hyperparameter must be, wherever it occurs. */
  private static final Map<String, String> RULES =
      Map.of(
          "momentum", ">= 0 and < 1",
          "rho", ">= 0 and < 1",
          "beta1", ">= 0 and < 1",
          "beta2", ">= 0 and < 1",
          "epsilon", "> 0 and finite",
          "weight-decay", ">= 0 and finite");

  /** The parameters that weight decay applies to in golden.py. */
  private static final Ranges GOLDEN_DECAYED = Ranges.none().with(0, 2).with(3, 4);

  private final String key;

  OptimizerContract(String key) {
    this.key = key;
  }

  /** Returns a learning rate at which this optimizer, with its defaults, solves the problem. */
  abstract double learningRate(Problem problem);

  @ParameterizedTest
  @EnumSource
  void solves(Problem problem) {
    // A rate that ends at 0: with a constant one, some optimizers circle the minimum for ever.
    var schedule = new Cosine(learningRate(problem), problem.steps(), 0);
    Optimizer optimizer = optimizer(schedule);
    float[] parameters = problem.start();
    var gradient = new float[parameters.length];
    OptimizerState state = optimizer.newState(parameters.length);
    for (int i = 0; i < problem.steps(); i++) {
      problem.gradient(parameters, gradient);
      optimizer.step(parameters, gradient, state, Ranges.none());
    }
    assertThat(problem.loss(parameters)).isLessThan(problem.level());
  }

  @Test
  void takesTheStepsOfPyTorch() {
    for (GoldenTable table : GoldenTable.read("optimizer/" + key + ".csv")) {
      Map<String, Double> hyperparameters = new TreeMap<>(table.setting());
      var schedule = new Constant(hyperparameters.remove("rate"));
      Optimizer optimizer = Optimizers.of(key, schedule, hyperparameters);
      float[] parameters = {1, -0.5f, 2, 0.25f, -3};
      OptimizerState state = optimizer.newState(parameters.length);
      for (int step = 0; step < table.rows().size(); step++) {
        optimizer.step(parameters, goldenGradient(step, parameters), state, GOLDEN_DECAYED);
        for (int i = 0; i < parameters.length; i++) {
          double expected = table.rows().get(step)[i];
          // Each step rounds by up to 6e-8 of the value, and PyTorch fuses products with sums where
          // we round twice. A bowl forgets old errors, so few such differences add up: up to 3e-7.
          assertThat((double) parameters[i])
              .as("%s, step %d, parameter %d", optimizer, step, i)
              .isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
        }
      }
    }
  }

  /** The twin of golden.py's gradient; every product in it is exact. */
  private static float[] goldenGradient(int step, float[] parameters) {
    float[] slopes = {0.5f, 1, 2, 0.25f, 4};
    var gradient = new float[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      gradient[i] = slopes[i] * parameters[i] + ((7 * step + 3 * i) % 11 - 5) / 8f;
    }
    return gradient;
  }

  @Test
  void goesOnFromASavedStateWithTheSameBits() {
    Optimizer optimizer = optimizer(new Exponential(0.01, 0.5, 10));
    float[] unbroken = gaussians(1, 37);
    float[] broken = unbroken.clone();
    OptimizerState unbrokenState = optimizer.newState(37);
    OptimizerState brokenState = optimizer.newState(37);
    for (int step = 0; step < 20; step++) {
      if (step == 10) {
        List<float[]> saved = brokenState.moments().stream().map(float[]::clone).toList();
        brokenState = OptimizerState.of(brokenState.step(), saved);
      }
      float[] gradient = gaussians(2 + step, 37);
      optimizer.step(unbroken, gradient, unbrokenState, Ranges.all(37));
      optimizer.step(broken, gradient, brokenState, Ranges.all(37));
    }
    assertThat(broken).isEqualTo(unbroken);
    assertThat(brokenState.step()).isEqualTo(20);
  }

  @Property(tries = 50)
  void movesEachParameterOnItsOwn(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 70) int length,
      @ForAll @IntRange(max = 70) int place) {
    int cut = Math.min(place, length);
    Optimizer optimizer = optimizer(new Constant(0.1));
    float[] whole = gaussians(seed, length);
    float[] left = Arrays.copyOf(whole, cut);
    float[] right = Arrays.copyOfRange(whole, cut, length);
    OptimizerState wholeState = optimizer.newState(length);
    OptimizerState leftState = optimizer.newState(cut);
    OptimizerState rightState = optimizer.newState(length - cut);
    for (int step = 1; step <= 3; step++) {
      float[] gradient = gaussians(seed + step, length);
      float[] leftGradient = Arrays.copyOf(gradient, cut);
      float[] rightGradient = Arrays.copyOfRange(gradient, cut, length);
      optimizer.step(whole, gradient, wholeState, Ranges.all(length));
      optimizer.step(left, leftGradient, leftState, Ranges.all(cut));
      optimizer.step(right, rightGradient, rightState, Ranges.all(length - cut));
    }
    assertThat(left).isEqualTo(Arrays.copyOf(whole, cut));
    assertThat(right).isEqualTo(Arrays.copyOfRange(whole, cut, length));
  }

  @Test
  void usesTheRateOfTheStatesStep() {
    Optimizer changing = optimizer(new StepDecay(0.1, 3, 0.5));
    Optimizer after = optimizer(new Constant(0.05));
    float[] expected = {1, -2};
    float[] actual = expected.clone();
    var gradient = new float[] {0.5f, 3};
    OptimizerState expectedState = advanced(after.newState(2), 3);
    OptimizerState actualState = advanced(changing.newState(2), 3);
    after.step(expected, gradient, expectedState, Ranges.all(2));
    changing.step(actual, gradient, actualState, Ranges.all(2));
    assertThat(actual).isEqualTo(expected);
    assertThat(actualState.step()).isEqualTo(4);
  }

  private static OptimizerState advanced(OptimizerState state, long step) {
    return OptimizerState.of(step, state.moments());
  }

  @Test
  void leavesAParameterWithoutGradientInItsPlace() {
    Optimizer optimizer = optimizer(new Constant(0.1));
    float[] parameters = {1.5f};
    optimizer.step(parameters, new float[1], optimizer.newState(1), Ranges.none());
    assertThat(parameters).containsExactly(1.5f);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -0.1, Double.POSITIVE_INFINITY})
  void rejectsHyperparametersOutOfRangeAndSaysWhatIsAllowed(double value) {
    for (String name : Optimizers.hyperparameters(optimizer(new Constant(1))).keySet()) {
      assertThat(RULES).as("the rules here").containsKey(name);
      assertThatThrownBy(() -> Optimizers.of(key, new Constant(1), Map.of(name, value)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Invalid %s: %s (must be %s)", name.replace('-', ' '), value, RULES.get(name));
    }
  }

  @Test
  void rejectsArraysThatDoNotFitAndChangesNothing() {
    Optimizer optimizer = optimizer(new Constant(1));
    OptimizerState state = optimizer.newState(3);
    float[] parameters = {1, 2, 3};
    assertThatThrownBy(() -> optimizer.step(parameters, new float[2], state, Ranges.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid length of the gradient: 2 (must be 3)");
    int count = state.moments().size();
    OptimizerState foreign = OptimizerState.zeros(count + 1, 3);
    assertThatThrownBy(() -> optimizer.step(parameters, new float[3], foreign, Ranges.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid number of moments: " + (count + 1) + " (must be " + count + ")");
    if (count > 0) {
      OptimizerState longer = optimizer.newState(4);
      assertThatThrownBy(() -> optimizer.step(parameters, new float[3], longer, Ranges.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid length of a moment: 4 (must be 3)");
    }
    assertThat(parameters).containsExactly(1, 2, 3);
    assertThat(state.step()).isZero();
  }

  private Optimizer optimizer(Schedule schedule) {
    return Optimizers.of(key, schedule, Map.of());
  }

  private static float[] gaussians(long seed, int length) {
    var random = new RandomStream(seed);
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
