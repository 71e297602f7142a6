package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.math.Ranges;
import org.junit.jupiter.api.Test;

final class AdamWTest extends OptimizerContract {
  AdamWTest() {
    super("adamw");
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
  void decaysOnlyTheParametersItIsToldTo() {
    AdamW adamW = AdamW.withDefaults(new Constant(0.5), 0.5);
    float[] parameters = {8, 8, 8, 8};
    Ranges decayed = Ranges.none().with(0, 1).with(2, 3);
    adamW.step(parameters, new float[4], adamW.newState(4), decayed);
    assertThat(parameters).containsExactly(6, 8, 6, 8);
  }

  @Test
  void withoutDecayTakesTheStepsOfAdam() {
    var schedule = new Constant(0.1);
    float[] parameters = {1, -2};
    float[] expected = parameters.clone();
    AdamW adamW = AdamW.withDefaults(schedule, 0);
    Adam adam = Adam.withDefaults(schedule);
    adamW.step(parameters, new float[] {3, 4}, adamW.newState(2), Ranges.all(2));
    adam.step(expected, new float[] {3, 4}, adam.newState(2), Ranges.all(2));
    assertThat(parameters).isEqualTo(expected);
  }

  @Test
  void rejectsRangesBehindTheParametersAndChangesNothing() {
    AdamW adamW = AdamW.withDefaults(new Constant(0.1), 0.1);
    float[] parameters = {1, 2};
    Ranges decayed = Ranges.none().with(0, 3);
    assertThatThrownBy(() -> adamW.step(parameters, new float[2], adamW.newState(2), decayed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid ranges to decay: [Range[from=0, to=3]] (must be within 2 parameters)");
    assertThat(parameters).containsExactly(1, 2);
  }
}
