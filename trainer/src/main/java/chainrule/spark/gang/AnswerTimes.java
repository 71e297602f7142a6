package chainrule.spark.gang;

import chainrule.train.history.Faults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How long each executor takes to answer, and which of them the others wait for: those that take
 * more than twice as long as the median one in most steps, and cost more than a twentieth of the
 * time.
 *
 * <p>Threads may share it.
 */
final class AnswerTimes {
  /** Before that, it may be chance, or HotSpot. */
  private static final int FEWEST_STEPS = 100;

  private static final double TIMES = 2;
  private static final double SHARE = 0.05;

  /** What is known of an executor. */
  private static final class Tally {
    private long steps;
    private long slowSteps;
    private double nanos;
    private double medianNanos;
    private double waitedNanos;
  }

  private final Map<String, Long> current = new TreeMap<>();
  private final Map<String, Tally> tallies = new TreeMap<>();
  private final Set<String> said = new LinkedHashSet<>();
  private long steps;
  private double allNanos;

  /** Notes how long an executor took to answer the question that is being asked. */
  synchronized void add(String executor, long nanos) {
    current.put(executor, nanos);
  }

  /**
   * Ends a question that was answered by all.
   *
   * @param nanos how long that took
   * @return executors that turn out to be slow, of which none has been said before
   */
  synchronized List<Faults.SlowExecutor> endStep(long nanos) {
    steps++;
    allNanos += nanos;
    if (current.size() > 1) {
      tally();
    }
    current.clear();
    List<Faults.SlowExecutor> news = new ArrayList<>();
    if (steps % FEWEST_STEPS == 0) {
      slow().stream().filter(executor -> said.add(executor.name())).forEach(news::add);
    }
    return news;
  }

  private void tally() {
    long[] sorted = current.values().stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    // Of two, the quicker one.
    long median = sorted[(sorted.length - 1) / 2];
    long slowest = sorted[sorted.length - 1];
    long second = sorted[sorted.length - 2];
    current.forEach(
        (executor, time) -> {
          Tally tally = tallies.computeIfAbsent(executor, unseen -> new Tally());
          tally.steps++;
          tally.nanos += time;
          tally.medianNanos += median;
          if (time > TIMES * median) {
            tally.slowSteps++;
          }
          if (time == slowest) {
            tally.waitedNanos += slowest - second;
          }
        });
  }

  /** Forgets the answers to a question that has to be asked again. */
  synchronized void dropStep() {
    current.clear();
  }

  /** Returns the executors that the others wait for. */
  synchronized List<Faults.SlowExecutor> slow() {
    List<Faults.SlowExecutor> slow = new ArrayList<>();
    tallies.forEach(
        (executor, tally) -> {
          double share = tally.waitedNanos / allNanos;
          if (tally.steps >= FEWEST_STEPS && 2 * tally.slowSteps > tally.steps && share > SHARE) {
            slow.add(new Faults.SlowExecutor(executor, tally.nanos / tally.medianNanos, share));
          }
        });
    return slow;
  }
}
