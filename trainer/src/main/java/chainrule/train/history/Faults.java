package chainrule.train.history;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What went wrong in a training and was overcome, with what it cost; it changed no bit. Immutable.
 *
 * @param executorsLost executors that died or hung
 * @param attemptsFailed Spark jobs of many steps that ended before their time
 * @param stepsRepeated steps that were begun and had to be done again
 * @param secondsLost from the beginning of a step that had to be repeated to its end
 * @param checkpointsFailed checkpoints that could not be written
 * @param resumed where training went on after it was stopped
 * @param slow executors that the others waited for
 * @param fallbacks why training went on with another way to compute than it began with
 */
public record Faults(
    int executorsLost,
    int attemptsFailed,
    long stepsRepeated,
    double secondsLost,
    int checkpointsFailed,
    List<Place> resumed,
    List<SlowExecutor> slow,
    List<String> fallbacks)
    implements Serializable {
  /**
   * Where a training went on.
   *
   * @param phase in which it was stopped
   * @param epoch the one it went on with, from 1
   * @param step steps that were done in the phase
   */
  public record Place(EpochRecord.Phase phase, int epoch, long step) implements Serializable {}

  /**
   * An executor that took at least twice as long as the median one in most steps.
   *
   * @param name of the executor, and its host
   * @param times how many times as long as the median, over all steps
   * @param share of the time of all steps in which the others had answered and waited for it
   */
  public record SlowExecutor(String name, double times, double share) implements Serializable {}

  public Faults {
    resumed = List.copyOf(resumed);
    slow = List.copyOf(slow);
    fallbacks = List.copyOf(fallbacks);
  }

  /** Returns that nothing happened. */
  public static Faults none() {
    return new Faults(0, 0, 0, 0, 0, List.of(), List.of(), List.of());
  }

  /** Returns that so many executors died or hung. */
  public static Faults ofExecutors(int lost) {
    return new Faults(lost, 0, 0, 0, 0, List.of(), List.of(), List.of());
  }

  /** Returns that a Spark job of many steps ended before its time. */
  public static Faults ofAttempt() {
    return new Faults(0, 1, 0, 0, 0, List.of(), List.of(), List.of());
  }

  /** Returns that so many steps were done again, in so many seconds. */
  public static Faults ofSteps(long repeated, double seconds) {
    return new Faults(0, 0, repeated, seconds, 0, List.of(), List.of(), List.of());
  }

  /** Returns that others waited for these executors. */
  public static Faults ofSlow(List<SlowExecutor> slow) {
    return new Faults(0, 0, 0, 0, 0, List.of(), slow, List.of());
  }

  /** Returns that training went on in another way, for this reason. */
  public static Faults ofFallback(String reason) {
    return new Faults(0, 0, 0, 0, 0, List.of(), List.of(), List.of(reason));
  }

  /** Returns these and the faults of a later time. */
  public Faults plus(Faults later) {
    return new Faults(
        executorsLost + later.executorsLost,
        attemptsFailed + later.attemptsFailed,
        stepsRepeated + later.stepsRepeated,
        secondsLost + later.secondsLost,
        checkpointsFailed + later.checkpointsFailed,
        concatenated(resumed, later.resumed),
        concatenated(slow, later.slow),
        concatenated(fallbacks, later.fallbacks));
  }

  private static <T> List<T> concatenated(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** Returns these and so many checkpoints that could not be written. */
  public Faults plusFailedCheckpoints(int count) {
    return plus(new Faults(0, 0, 0, 0, count, List.of(), List.of(), List.of()));
  }

  /** Returns these and that training went on from here. */
  public Faults plusResumed(Place place) {
    return plus(new Faults(0, 0, 0, 0, 0, List.of(place), List.of(), List.of()));
  }
}
