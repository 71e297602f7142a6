package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Task;
import chainrule.nn.HalfMse;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static Plan plan(int batchSize, int shards) {
    return new Plan(
        1000, Task.REGRESSION, new HalfMse(), batchSize, 3, shards, 0, 0, 1, 0, false, List.of());
  }

  @Test
  void slotsWithoutAShardAreNamedWithWhatToRaise() {
    assertThat(plan(512, 4).idleSlots(6))
        .hasValue(
            "6 slots, but 4 shards: 2 idle; more training.shards (where they are auto, a"
                + " training.batch-size above 512) would use them, with another result");
  }

  @Test
  void aBatchOfAllRowsCannotBeRaised() {
    assertThat(plan(1000, 4).idleSlots(5).orElseThrow())
        .contains("5 slots", "4 shards", "1 idle", "training.shards")
        .doesNotContain("batch-size");
  }

  @Test
  void whereEverySlotHasAShardThereIsNothingToSay() {
    assertThat(plan(512, 4).idleSlots(4)).isEmpty();
    assertThat(plan(512, 4).idleSlots(0)).isEmpty(); // not known
  }
}
