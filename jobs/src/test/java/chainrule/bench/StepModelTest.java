package chainrule.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StepModelTest {
  /** A message takes 1, a byte 0.25 (a parameter 1), a parameter's update 10; no network. */
  private static final StepModel MODEL =
      new StepModel(1, 0.25, 10, 1000, 100, 0, Double.POSITIVE_INFINITY);

  @Test
  void aRangeOfLeavesIsMadeOfTheLargestNodes() {
    assertThat(StepModel.nodes(0, 16)).isEqualTo(1);
    assertThat(StepModel.nodes(1, 16)).as("1, 2-3, 4-7, 8-15").isEqualTo(4);
    assertThat(StepModel.nodes(3, 4)).isEqualTo(1);
    assertThat(StepModel.nodes(0, 3)).as("0-1, 2").isEqualTo(2);
    assertThat(StepModel.nodes(5, 11)).as("5, 6-7, 8-9, 10").isEqualTo(4);
  }

  @Test
  void oneExecutorSendsOneMessageAndHearsOne() {
    assertThat(MODEL.gangSeconds(1, 8, 3)).isEqualTo((1 + 3) + 30 + (1 + 3));
  }

  @Test
  void theDriverHandlesTheMessagesOfUpToTheFanInOneAfterTheOther() {
    assertThat(MODEL.gangSeconds(8, 8, 3)).isEqualTo(8 * (1 + 3) + 30 + 8 * (1 + 3));
  }

  @Test
  void moreExecutorsThanTheFanInTakeOneMoreLevel() {
    // 4 heads with 3 others each, whose ranges are aligned with their heads'.
    double up = 3 * (1 + 3) + 4 * (1 + 3);
    assertThat(MODEL.gangSeconds(16, 4, 3)).isEqualTo(up + 30 + up);
  }

  @Test
  void rangesThatAreNotAlignedSendMoreThanOneVector() {
    // 2 heads: 0 with 1 and 2 below, which are nodes 0-1 and 2; 3 with 4 and 5: nodes 3 and 4-5.
    double up = 2 * (1 + 3) + 2 * 1 + 4 * 3;
    double down = 2 * (1 + 3) + 2 * (1 + 3);
    assertThat(MODEL.gangSeconds(6, 2, 3)).isEqualTo(up + 30 + down);
  }

  @Test
  void theNetworkAddsItsLatencyToEachHopAndItsBandwidthToEachByte() {
    StepModel overNetwork = MODEL.over(1000, 0.5); // 2 s a byte, 8 s a parameter
    assertThat(overNetwork.gangSeconds(8, 8, 3))
        .isEqualTo(MODEL.gangSeconds(8, 8, 3) + 2 * 1000 + 2 * 8 * 3 * 8);
  }

  @Test
  void aSparkJobBroadcastsRunsItsTasksAndCollectsTheirSums() {
    // 8 tasks: in 4 rounds all and the driver have the parameters.
    assertThat(MODEL.treeSeconds(8, 3))
        .isCloseTo(30 + 4 * 3 + 1000 + 8 * 100 + 8 * 3, within(1e-9));
  }

  @Test
  void manyTasksTakeASecondStage() {
    // 64 tasks: 7 rounds; 8 groups, each of which merges 8 vectors.
    assertThat(MODEL.treeSeconds(64, 3))
        .isCloseTo(30 + 7 * 3 + 2 * 1000 + (64 + 8) * 100 + 8 * 3 + 8 * 3, within(1e-9));
  }

  @Test
  void aTreeOfExecutorsIsQuickerThanAStarOfMany() {
    assertThat(MODEL.gangSeconds(1024, 8, 1000)).isLessThan(MODEL.gangSeconds(1024, 1024, 1000));
  }
}
