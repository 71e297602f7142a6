package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OptimizerStateTest {
  @Test
  void beginsWithZeros() {
    OptimizerState state = Adam.withDefaults(new Constant(1)).newState(3);
    assertThat(state.step()).isZero();
    assertThat(state.moments()).hasSize(2);
    assertThat(state.moments()).allSatisfy(moment -> assertThat(moment).containsExactly(0, 0, 0));
  }

  @Test
  void takesSavedArraysOverWithoutACopy() {
    float[] moment = {1, 2};
    OptimizerState state = OptimizerState.of(7, List.of(moment));
    assertThat(state.step()).isEqualTo(7);
    assertThat(state.moments().get(0)).isSameAs(moment);
  }

  @Test
  void rejectsANegativeStep() {
    assertThatThrownBy(() -> OptimizerState.of(-1, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid step: -1 (must be >= 0)");
  }

  @Test
  void rejectsMomentsOfDifferentLengths() {
    assertThatThrownBy(() -> OptimizerState.of(0, List.of(new float[2], new float[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid length of a moment: 3 (must be 2 as the first)");
  }

  @Test
  void rejectsANegativeNumberOfParameters() {
    assertThatThrownBy(() -> new Sgd(new Constant(1)).newState(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid number of parameters: -1 (must be >= 0)");
  }
}
