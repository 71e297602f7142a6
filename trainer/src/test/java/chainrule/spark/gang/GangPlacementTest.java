package chainrule.spark.gang;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.spark.cluster.ExecutorPool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GangPlacementTest {
  private static final ExecutorPool.Member ONE = new ExecutorPool.Member("1", "a", 2);
  private static final ExecutorPool.Member TWO = new ExecutorPool.Member("2", "b", 1);

  @Test
  void aGroupGoesWhereMostOfItsShardsAre() {
    assertThat(
            GangPlacement.assign(
                List.of(ONE, TWO),
                List.of(Map.of("executor_a_1", 1, "executor_b_2", 3), Map.of("executor_a_1", 2))))
        .containsExactly("executor_b_2", "executor_a_1");
  }

  @Test
  void noExecutorGetsMoreGroupsThanItHasSlots() {
    Map<String, Integer> onTwo = Map.of("executor_b_2", 4);
    assertThat(GangPlacement.assign(List.of(ONE, TWO), List.of(onTwo, onTwo, onTwo)))
        .containsExactly("executor_b_2", "executor_a_1", "executor_a_1");
  }

  @Test
  void neighboursGoToOneExecutorIfNothingElseDecides() {
    assertThat(GangPlacement.assign(List.of(ONE, TWO), List.of(Map.of(), Map.of(), Map.of())))
        .containsExactly("executor_a_1", "executor_a_1", "executor_b_2");
  }

  @Test
  void aGroupThatFindsNoSlotMayGoAnywhere() {
    assertThat(GangPlacement.assign(List.of(TWO), List.of(Map.of(), Map.of())))
        .containsExactly("executor_b_2", "");
  }

  @Test
  void shardsOnAnExecutorThatIsGoneDoNotCount() {
    assertThat(GangPlacement.assign(List.of(ONE), List.of(Map.of("executor_c_3", 4))))
        .containsExactly("executor_a_1");
  }
}
