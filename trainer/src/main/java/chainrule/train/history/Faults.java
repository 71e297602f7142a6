package chainrule.train.history;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The faults of a training that were overcome, and what they cost; they changed no bit. Immutable.
 *
 * @param executorsLost number of executors that died or hung
 * @param attemptsFailed number of Spark jobs of many steps that ended before their last step
 * @param stepsRepeated number of steps that failed and were repeated
 * @param secondsLost from the first start of each repeated step to its end
 * @param checkpointsFailed number of checkpoints that could not be written
 * @param resumed places from which training resumed
 * @param slow executors that the others waited for
 * @param fallbacks reasons for which training switched to another engine
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
   * A place from which a training resumed.
   *
   * @param phase in which it was stopped
   * @param epoch that it continued, from 1
   * @param step number of steps that were done in the phase
   */
  public record Place(EpochRecord.Phase phase, int epoch, long step) implements Serializable {}

  /**
   * An executor that took at least twice as long as the median one in most steps.
   *
   * @param name of the executor, and its host
   * @param times its time over all steps, as a multiple of the median executor's
   * @param share of the time of all steps in which the others had finished and waited for it
   */
  public record SlowExecutor(String name, double times, double share) implements Serializable {}

  public Faults {
    resumed = List.copyOf(resumed);
    slow = List.copyOf(slow);
    fallbacks = List.copyOf(fallbacks);
  }

  /** Returns no faults. */
  public static Faults none() {
    return new Faults(0, 0, 0, 0, 0, List.of(), List.of(), List.of());
  }

  /** Returns the fault that so many executors died or hung. */
  public static Faults ofExecutors(int lost) {
    return new Faults(lost, 0, 0, 0, 0, List.of(), List.of(), List.of());
  }

  /** Returns the fault that a Spark job of many steps ended before its last step. */
  public static Faults ofAttempt() {
    return new Faults(0, 1, 0, 0, 0, List.of(), List.of(), List.of());
  }

  /** Returns the fault that so many steps were repeated, in so many seconds. */
  public static Faults ofSteps(long repeated, double seconds) {
    return new Faults(0, 0, repeated, seconds, 0, List.of(), List.of(), List.of());
  }

  /** Returns the fault that others waited for these executors. */
  public static Faults ofSlow(List<SlowExecutor> slow) {
    return new Faults(0, 0, 0, 0, 0, List.of(), slow, List.of());
  }

  /** Returns the fault that training switched to another engine, for this reason. */
  public static Faults ofFallback(String reason) {
    return new Faults(0, 0, 0, 0, 0, List.of(), List.of(), List.of(reason));
  }

  /** Returns these faults and later ones. */
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

  /** Returns these faults and so many checkpoints that could not be written. */
  public Faults plusFailedCheckpoints(int count) {
    return plus(new Faults(0, 0, 0, 0, count, List.of(), List.of(), List.of()));
  }

  /** Returns these faults and that training resumed from here. */
  public Faults plusResumed(Place place) {
    return plus(new Faults(0, 0, 0, 0, 0, List.of(place), List.of(), List.of()));
  }
}
