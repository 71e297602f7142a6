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
 * Measures how long each executor takes to answer, and finds slow executors. An executor is slow if
 * it takes more than twice the median time in most steps and the others spend more than a twentieth
 * of the total time waiting for it.
 *
 * <p>Threads may share it.
 */
final class AnswerTimes {
  /** Fewer steps show chance and HotSpot's warm-up. */
  private static final int FEWEST_STEPS = 100;

  private static final double TIMES = 2;
  private static final double SHARE = 0.05;

  /** The measurements of one executor. */
  private static final class Tally {
    private long steps;
    private long slowSteps;
    private double nanos;
    private double medianNanos;
    private double waitedNanos;
  }

  private final Map<String, Long> current = new TreeMap<>();
  private final Map<String, Tally> tallies = new TreeMap<>();
  private final Set<String> reported = new LinkedHashSet<>();
  private long steps;
  private double allNanos;

  /** Adds the time that an executor took to answer the current request. */
  synchronized void add(String executor, long nanos) {
    current.put(executor, nanos);
  }

  /**
   * Ends a request that all executors have answered.
   *
   * @param nanos the time until the last answer
   * @return executors that are found to be slow and that no earlier call has returned
   */
  synchronized List<Faults.SlowExecutor> endStep(long nanos) {
    steps++;
    allNanos += nanos;
    if (current.size() > 1) {
      tally();
    }
    current.clear();
    List<Faults.SlowExecutor> found = new ArrayList<>();
    if (steps % FEWEST_STEPS == 0) {
      slow().stream().filter(executor -> reported.add(executor.name())).forEach(found::add);
    }
    return found;
  }

  private void tally() {
    long[] sorted = current.values().stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    // The lower median, so that of two executors the slower one is compared with the faster one.
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

  /** Drops the times of a request that must be repeated. */
  synchronized void dropStep() {
    current.clear();
  }

  /** Returns the slow executors. */
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
