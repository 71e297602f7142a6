package chainrule.spark.gang;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.train.history.Faults;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTimesTest {
  private final AnswerTimes times = new AnswerTimes();

  /** Ends so many steps in which executors a, b, … take these times, and returns the slow ones. */
  private List<Faults.SlowExecutor> steps(int count, long... nanos) {
    List<Faults.SlowExecutor> found = new ArrayList<>();
    for (int step = 0; step < count; step++) {
      long slowest = 0;
      for (int i = 0; i < nanos.length; i++) {
        times.add(Character.toString('a' + i), nanos[i]);
        slowest = Math.max(slowest, nanos[i]);
      }
      found.addAll(times.endStep(slowest));
    }
    return found;
  }

  @Test
  void namesTheExecutorThatTheOthersWaitFor() {
    List<Faults.SlowExecutor> found = steps(300, 10, 11, 40, 12);
    assertThat(found).hasSize(1); // once
    Faults.SlowExecutor slow = found.get(0);
    assertThat(slow.name()).isEqualTo("c");
    assertThat(slow.times()).isEqualTo(40.0 / 11); // the median of four is the second
    assertThat(slow.share()).isEqualTo(28.0 / 40);
    assertThat(times.slow()).containsExactly(slow);
  }

  @Test
  void ofTwoTheSlowerIsComparedWithTheQuicker() {
    steps(100, 30, 10);
    assertThat(times.slow()).containsExactly(new Faults.SlowExecutor("a", 3, 20.0 / 30));
  }

  @Test
  void ignoresExecutorsThatAreSlowOccasionally() {
    for (int i = 0; i < 100; i++) {
      steps(1, 10, 100, 10);
      steps(1, 10, 10, 10);
    }
    assertThat(times.slow()).isEmpty();
  }

  @Test
  void ignoresShortWaitsAndTheFirstSteps() {
    steps(99, 10, 40);
    assertThat(times.slow()).isEmpty();
    steps(300, 10, 10);
    assertThat(times.slow()).isEmpty();
    var alone = new AnswerTimes();
    for (int i = 0; i < 200; i++) {
      alone.add("a", 10);
      alone.endStep(10);
    }
    assertThat(alone.slow()).isEmpty();
  }

  @Test
  void aRepeatedRequestCountsOnce() {
    for (int i = 0; i < 200; i++) {
      times.add("lost", 1_000);
      times.dropStep();
      steps(1, 10, 11);
    }
    assertThat(times.slow()).isEmpty();
  }
}
