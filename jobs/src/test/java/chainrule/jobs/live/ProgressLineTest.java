package chainrule.jobs.live;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.train.history.EpochRecord;
import chainrule.train.sums.Metrics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private static final ProgressLine LINE =
      new ProgressLine("Training", 83, 340, 1500, 12.3, "gang with openblas");

  private static EpochRecord epoch() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", 0.16760);
    metrics.put("accuracy", 0.97561);
    metrics.put("logLoss", 0.5);
    return new EpochRecord(
        EpochRecord.Phase.FIT,
        18,
        340,
        1e-3,
        0.070858,
        new Metrics(41, metrics, Map.of()),
        1,
        1,
        28123.4,
        EpochRecord.Norms.none());
  }

  @Test
  void aWideTerminalHasAllParts() {
    assertThat(LINE.withBar(Optional.of(epoch()), 0.070858, 200))
        .isEqualTo(
            "Training  22% [====>               ] epoch 19/83, step 340/1500, loss 0.0709,"
                + " validation 0.1676, accuracy 0.9756, 28,123 rows/s, 0:13 left,"
                + " gang with openblas");
  }

  @Test
  void aNarrowTerminalHasTheMostImportantParts() {
    String line = LINE.withBar(Optional.of(epoch()), 0.070858, 80);
    assertThat(line)
        .isEqualTo(
            "Training  22% [==>      ] epoch 19/83, loss 0.0709, validation 0.1676, 0:13 left")
        .hasSizeLessThanOrEqualTo(80);
  }

  @Test
  void noLineIsWiderThanItsTerminal() {
    for (int width = 1; width < 200; width++) {
      assertThat(LINE.withBar(Optional.of(epoch()), 0.1, width).length())
          .isLessThanOrEqualTo(width);
      assertThat(LINE.withBar(Optional.empty(), Double.NaN, width).length())
          .isLessThanOrEqualTo(width);
    }
  }

  @Test
  void beforeTheFirstStepNothingIsInvented() {
    var line = new ProgressLine("Training", 5, 0, 100, Double.NaN, "tree with java");
    assertThat(line.withBar(Optional.empty(), Double.NaN, 120))
        .isEqualTo("Training   0% [>                   ] epoch 1/5, step 0/100, tree with java");
  }

  @Test
  void theEndIsFull() {
    var line = new ProgressLine("Training", 5, 100, 100, 0, "tree with java");
    assertThat(line.withBar(Optional.empty(), 0.5, 120))
        .isEqualTo(
            "Training 100% [====================] epoch 5/5, step 100/100, loss 0.5000, 0:00"
                + " left, tree with java");
  }

  @Test
  void aLogHasALineOfTheEpochThatWasFinished() {
    assertThat(LINE.plain(epoch()))
        .isEqualTo(
            "Training: epoch 18/83, step 340/1500, loss 0.0709, validation 0.1676, accuracy"
                + " 0.9756, 28,123 rows/s, 0:13 left, gang with openblas");
  }

  @Test
  void hoursHaveMinutesAndSeconds() {
    var line = new ProgressLine("Training", 5, 1, 100, 3 * 3600 + 4 * 60 + 5, "x");
    assertThat(line.withBar(Optional.empty(), Double.NaN, 120)).contains("3:04:05 left");
  }
}
