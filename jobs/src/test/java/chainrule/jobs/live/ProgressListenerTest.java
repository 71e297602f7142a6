package chainrule.jobs.live;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.train.history.EpochRecord;
import chainrule.train.sums.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProgressListenerTest {
  private static EpochRecord epoch(EpochRecord.Phase phase, int epoch) {
    return new EpochRecord(
        phase, epoch, 10L * epoch, 0.1, 0.5, Metrics.none(), 1, 1, 100, EpochRecord.Norms.none());
  }

  /** Returns the lines that a listener without a terminal prints. */
  private static List<String> lines(Consumer<ProgressListener> training) {
    PrintStream out = System.out;
    var captured = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
      try (var listener = new ProgressListener("tree with java", false)) {
        training.accept(listener);
      }
    } finally {
      System.setOut(out);
    }
    return captured.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void theLastEpochOfEachPhaseIsPrintedOnce() {
    List<String> lines =
        lines(
            listener -> {
              for (EpochRecord.Phase phase : EpochRecord.Phase.values()) {
                listener.phaseStarted(phase, 3, 30);
                for (int i = 1; i <= 3; i++) {
                  listener.stepFinished(10L * i - 1, 0.5);
                  listener.epochFinished(epoch(phase, i));
                }
              }
            });
    assertThat(lines)
        .containsExactly(
            "Training: epoch 3/3, step 30/30, loss 0.5000, 100 rows/s, 0:00 left, tree with java",
            "Training on all rows: epoch 3/3, step 30/30, loss 0.5000, 100 rows/s, 0:00 left, tree"
                + " with java");
  }

  @Test
  void theLastEpochIsPrintedIfTrainingStopsEarly() {
    List<String> lines =
        lines(
            listener -> {
              listener.phaseStarted(EpochRecord.Phase.FIT, 3, 30);
              listener.epochFinished(epoch(EpochRecord.Phase.FIT, 1));
              listener.epochFinished(epoch(EpochRecord.Phase.FIT, 2));
            });
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).startsWith("Training: epoch 2/3, step 20/30, loss 0.5000, ");
  }

  @Test
  void aTrainingWithoutAnEpochPrintsNothing() {
    assertThat(lines(listener -> listener.phaseStarted(EpochRecord.Phase.FIT, 3, 30))).isEmpty();
  }
}
