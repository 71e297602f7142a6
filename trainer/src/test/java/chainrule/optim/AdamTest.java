package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.Ranges;
import org.junit.jupiter.api.Test;

final class AdamTest extends OptimizerContract {
  AdamTest() {
    super("adam");
  }

  @Override
  double learningRate(Problem problem) {
    return switch (problem) {
      case BOWL -> 0.1;
      case ILL_CONDITIONED -> 0.1;
      case ROSENBROCK -> 0.02;
    };
  }

  @Test
  void firstStepMovesEveryParameterByTheLearningRate() {
    Adam adam = Adam.withDefaults(new Constant(0.01));
    float[] parameters = {0, 0, 0};
    adam.step(parameters, new float[] {1e-3f, -5, 700}, adam.newState(3), Ranges.none());
    // Epsilon is 1e-5 of the smallest gradient.
    assertThat(parameters[0]).isCloseTo(-0.01f, within(2e-7f));
    assertThat(parameters[1]).isCloseTo(0.01f, within(1e-8f));
    assertThat(parameters[2]).isCloseTo(-0.01f, within(1e-8f));
  }

  @Test
  void correctionEndsAfterVeryManySteps() {
    Adam adam = Adam.withDefaults(new Constant(1));
    OptimizerState zeros = adam.newState(1);
    float[] parameters = {0};
    var late = OptimizerState.of(1_000_000_000_000L, zeros.moments());
    adam.step(parameters, new float[] {1}, late, Ranges.none());
    // Uncorrected: (1 - beta1) / √(1 - beta2), within a few roundings to float.
    assertThat((double) parameters[0]).isCloseTo(-0.1 / Math.sqrt(0.001), within(3e-6));
  }
}
