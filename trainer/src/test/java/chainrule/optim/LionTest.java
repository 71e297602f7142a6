package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.math.Ranges;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LionTest extends OptimizerContract {
  LionTest() {
    super("lion");
  }

  @Override
  double learningRate(Problem problem) {
    return switch (problem) {
      case BOWL -> 0.05;
      case ILL_CONDITIONED -> 0.02;
      case ROSENBROCK -> 0.01;
    };
  }

  @Test
  void hasTheDefaultsOfThePaper() {
    assertThat(Optimizers.defaults("lion"))
        .isEqualTo(Map.of("beta1", 0.9, "beta2", 0.99, "weight-decay", 0.0));
    assertThat(Optimizers.learningRate("lion")).isEqualTo(1e-4);
  }

  @Test
  void movesEveryParameterByTheLearningRateWhateverItsGradient() {
    Optimizer lion = Optimizers.of("lion", new Constant(0.25), Map.of());
    float[] parameters = {1, 1, 1};
    lion.step(parameters, new float[] {1e-3f, -100, 0}, lion.newState(3), Ranges.none());
    assertThat(parameters).containsExactly(0.75f, 1.25f, 1);
  }

  @Test
  void decaysOnlyTheParametersItIsToldTo() {
    Optimizer lion = Optimizers.of("lion", new Constant(0.5), Map.of("weight-decay", 0.5));
    float[] parameters = {8, 8};
    lion.step(parameters, new float[2], lion.newState(2), Ranges.none().with(0, 1));
    assertThat(parameters).containsExactly(6, 8);
  }
}
