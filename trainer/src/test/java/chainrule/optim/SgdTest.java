package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.math.Ranges;
import org.junit.jupiter.api.Test;

final class SgdTest extends OptimizerContract {
  SgdTest() {
    super("sgd");
  }

  @Override
  double learningRate(Problem problem) {
    return switch (problem) {
      case BOWL -> 0.1;
      case ILL_CONDITIONED -> 0.015;
      case ROSENBROCK -> 0.002;
    };
  }

  @Test
  void movesAgainstTheGradientByTheLearningRate() {
    Sgd sgd = Sgd.withDefaults(new Constant(0.5));
    float[] parameters = {1, -2};
    sgd.step(parameters, new float[] {2, -1}, sgd.newState(2), Ranges.none());
    assertThat(parameters).containsExactly(0, -1.5f);
  }
}
