package chainrule.train.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepPlanTest {
  @Property(tries = 500)
  void usesEachRowOnceAnEpochInEqualBatches(
      @ForAll @IntRange(min = 1, max = 400) int rows,
      @ForAll @IntRange(min = 1, max = 50) int batchSize,
      @ForAll @IntRange(max = 5) int power) {
    int shards = 1 << power;
    var plan = new StepPlan(rows, batchSize, shards, 1);
    int steps = (int) plan.stepsPerEpoch();
    assertThat(steps).isEqualTo((rows + batchSize - 1) / batchSize);
    int[] batches = new int[steps];
    for (int shard = 0; shard < shards; shard++) {
      int shardRows = rows / shards + (shard < rows % shards ? 1 : 0);
      int place = 0;
      for (int step = 0; step < steps; step++) {
        assertThat(plan.firstPlace(step, shard, shardRows)).isEqualTo(place);
        // Another epoch takes the same places.
        assertThat(plan.firstPlace(step + 3L * steps, shard, shardRows)).isEqualTo(place);
        place = plan.endPlace(step, shard, shardRows);
        batches[step] += place - plan.firstPlace(step, shard, shardRows);
      }
      assertThat(place).isEqualTo(shardRows);
    }
    for (int batch : batches) {
      double mean = (double) rows / steps;
      assertThat(Math.abs(batch - mean)).isLessThanOrEqualTo(shards);
    }
  }

  @Property
  void placesRowsByItsFormula(
      @ForAll @IntRange(min = 1) int rows,
      @ForAll @IntRange(min = 1) int batchSize,
      @ForAll @IntRange(max = 16) int power,
      @ForAll @IntRange(max = 65_535) int anyShard,
      @ForAll @IntRange int anyStep) {
    int shards = 1 << power;
    int shard = anyShard % shards;
    int shardRows = (int) Math.min(Integer.MAX_VALUE, 2L * rows / shards);
    var plan = new StepPlan(rows, batchSize, shards, 1);
    long step = Math.floorMod((long) anyStep, plan.stepsPerEpoch());
    BigInteger steps = BigInteger.valueOf(plan.stepsPerEpoch());
    BigInteger phase = BigInteger.valueOf(shard).multiply(steps).divide(BigInteger.valueOf(shards));
    BigInteger rowsOfShard = BigInteger.valueOf(shardRows);
    BigInteger first = BigInteger.valueOf(step).multiply(rowsOfShard).add(phase).divide(steps);
    BigInteger end = BigInteger.valueOf(step + 1).multiply(rowsOfShard).add(phase).divide(steps);
    assertThat(plan.firstPlace(step, shard, shardRows)).isEqualTo(first.intValueExact());
    assertThat(plan.endPlace(step, shard, shardRows)).isEqualTo(end.intValueExact());
  }

  @Test
  void givesOddRowsOfShardsInDifferentSteps() {
    // Eight shards of one row, batches of two: without the phase all rows would fall in one step.
    var plan = new StepPlan(8, 2, 8, 1);
    int[] batches = new int[4];
    for (int step = 0; step < 4; step++) {
      for (int shard = 0; shard < 8; shard++) {
        batches[step] += plan.endPlace(step, shard, 1) - plan.firstPlace(step, shard, 1);
      }
    }
    assertThat(batches).containsOnly(2);
  }

  @Test
  void countsEpochsFromZero() {
    var plan = new StepPlan(10, 3, 1, 1);
    assertThat(plan.stepsPerEpoch()).isEqualTo(4);
    assertThat(plan.epoch(0)).isZero();
    assertThat(plan.epoch(3)).isZero();
    assertThat(plan.epoch(4)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2",
    "63, 2",
    "64, 2",
    "128, 2",
    "255, 2",
    "256, 2",
    "511, 2",
    "512, 4",
    "1024, 8",
    "8192, 64",
    "1000000, 4096"
  })
  void takesOneShardForEach128To256RowsOfABatch(int batchSize, int shards) {
    assertThat(StepPlan.shardsFor(batchSize)).isEqualTo(shards);
  }

  @Test
  void refusesNothingToPlan() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StepPlan(0, 1, 1, 1))
        .withMessage("Invalid training rows: 0 (must be > 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StepPlan(1, 0, 1, 1))
        .withMessage("Invalid batch size: 0 (must be > 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StepPlan(1, 1, 3, 1))
        .withMessage("Invalid shards: 3 (must be a power of two from 1 to 65536)");
  }
}
