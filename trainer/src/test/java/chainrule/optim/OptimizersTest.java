package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class OptimizersTest {
  private static final Schedule SCHEDULE = new Constant(0.1);

  @Test
  void listsEveryOptimizerByItsKey() {
    assertThat(Optimizers.keys())
        .startsWith("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw");
  }

  @Test
  void takesDefaultsForWhatIsNotGiven() {
    assertThat(Optimizers.of("adamw", SCHEDULE, Map.of("weight-decay", 0.3, "beta2", 0.99)))
        .isEqualTo(new AdamW(SCHEDULE, 0.9, 0.99, 1e-8, 0.3));
    assertThat(Optimizers.of("rmsprop", SCHEDULE, Map.of()))
        .isEqualTo(new RmsProp(SCHEDULE, 0.99, 1e-8));
    assertThat(Optimizers.of("adagrad", SCHEDULE, Map.of()))
        .isEqualTo(new Adagrad(SCHEDULE, 1e-10));
    assertThat(Optimizers.of("sgd", SCHEDULE, Map.of())).isEqualTo(new Sgd(SCHEDULE));
  }

  @Test
  void readsHyperparametersInTheRecordsOrder() {
    assertThat(Optimizers.hyperparameters(AdamW.withDefaults(SCHEDULE, 0.3)))
        .containsExactly(
            Map.entry("beta1", 0.9),
            Map.entry("beta2", 0.999),
            Map.entry("epsilon", 1e-8),
            Map.entry("weight-decay", 0.3));
  }

  @Test
  void rejectsAnUnknownOptimizerAndSaysWhatThereIs() {
    assertThatThrownBy(() -> Optimizers.of("adma", SCHEDULE, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid optimizer: adma (must be one of %s)", Optimizers.keys());
  }

  @Test
  void rejectsAHyperparameterThatTheOptimizerDoesNotHave() {
    assertThatThrownBy(() -> Optimizers.of("adam", SCHEDULE, Map.of("momentum", 0.9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid hyperparameter of adam: momentum (must be one of [beta1, beta2, epsilon])");
  }

  @Test
  void rejectsAMissingSchedule() {
    assertThatThrownBy(() -> Optimizers.of("adam", null, Map.of()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("schedule");
  }
}
