package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.RandomStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class BinaryCurvesTest {
  private static final double[] PROBABILITY = {0.9, 0.8, 0.8, 0.4, 0.1};
  private static final int[] CLASS = {1, 1, 0, 1, 0};

  private final BinaryCurves curves = new BinaryCurves(PROBABILITY, CLASS);

  @Test
  void rowsOfOneProbabilityCrossTheThresholdTogether() {
    assertThat(curves.thresholds())
        .containsExactly(
            new BinaryCurves.Threshold(0.9, 1, 0),
            new BinaryCurves.Threshold(0.8, 2, 1),
            new BinaryCurves.Threshold(0.4, 3, 1),
            new BinaryCurves.Threshold(0.1, 3, 2));
    BinaryCurves.Threshold second = curves.thresholds().get(1);
    assertThat(curves.truePositiveRate(second)).isEqualTo(2 / 3.0);
    assertThat(curves.falsePositiveRate(second)).isEqualTo(0.5);
    assertThat(curves.precision(second)).isEqualTo(2 / 3.0);
    assertThat(curves.prevalence()).isEqualTo(0.6);
  }

  @Test
  void theAreaIsTheShareOfPairsInOrder() {
    var random = new RandomStream(4);
    int n = 200;
    double[] probability = new double[n];
    int[] label = new int[n];
    for (int i = 0; i < n; i++) {
      label[i] = random.nextInt(3) == 0 ? 1 : 0;
      probability[i] = (random.nextInt(20) + 6 * label[i]) / 26.0; // many ties
    }
    double ordered = 0;
    int pairs = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (label[i] == 1 && label[j] == 0) {
          pairs++;
          ordered +=
              probability[i] > probability[j] ? 1 : probability[i] == probability[j] ? 0.5 : 0;
        }
      }
    }
    assertThat(new BinaryCurves(probability, label).areaUnderCurve())
        .isCloseTo(ordered / pairs, within(1e-12));
  }

  @Test
  void averagePrecisionWeighsPrecisionByTheRecallGained() {
    // 1/3 · 1 + 1/3 · 2/3 + 1/3 · 3/4 + 0
    assertThat(curves.averagePrecision()).isCloseTo((1 + 2 / 3.0 + 0.75) / 3, within(1e-12));
  }

  @Test
  void calibrationComparesSaidAndObserved() {
    assertThat(curves.calibration())
        .containsExactly(
            new BinaryCurves.Bin(0.1, 0.2, 1, 0.1, 0),
            new BinaryCurves.Bin(0.4, 0.5, 1, 0.4, 1),
            new BinaryCurves.Bin(0.8, 0.9, 2, 0.8, 0.5),
            new BinaryCurves.Bin(0.9, 1, 1, 0.9, 1));
    assertThat(curves.calibrationError()).isCloseTo((0.1 + 0.6 + 2 * 0.3 + 0.1) / 5, within(1e-12));
    List<BinaryCurves.Bin> sure = new BinaryCurves(new double[] {1}, new int[] {1}).calibration();
    assertThat(sure).containsExactly(new BinaryCurves.Bin(0.9, 1, 1, 1, 1));
  }

  @Test
  void oneClassAloneHasNoCurves() {
    assertThat(curves.isDefined()).isTrue();
    assertThat(new BinaryCurves(new double[] {0.2, 0.3}, new int[] {1, 1}).isDefined()).isFalse();
    assertThat(new BinaryCurves(new double[0], new int[0]).isDefined()).isFalse();
  }
}
