package chainrule.spark.gang;

import chainrule.spark.cluster.ClusterLostException;
import chainrule.spark.cluster.NoSlotsException;
import chainrule.spark.cluster.RefusedInput;
import chainrule.train.shard.WorkerFailedException;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows the end of an attempt: the training fails, or another attempt starts.
 *
 * <p>{@link #after} decides. It is a function of its arguments alone and changes nothing; {@link
 * GangGradientSource} carries the decision out. Immutable.
 */
sealed interface NextAttempt {
  /** This many attempts in a row without an answer are not chance. */
  int FRUITLESS_ATTEMPTS = 5;

  /** The first time, the other side may just have died. */
  int UNREACHABLE_ATTEMPTS = 2;

  /**
   * Returns the attempt to start.
   *
   * @throws RuntimeException if the training fails
   */
  Start orThrow();

  /** Returns whether the end counts as a failed attempt in the training's {@code Faults}. */
  boolean isFault();

  /** The training fails. */
  record Fail(RuntimeException exception, boolean isFault) implements NextAttempt {
    @Override
    public Start orThrow() {
      throw exception;
    }
  }

  /** Another attempt starts and gets the request that has no answer yet. */
  sealed interface Start extends NextAttempt {
    @Override
    default Start orThrow() {
      return this;
    }

    /** Returns the number of tasks, if this many slots are there. */
    int tasks(int slots);

    /** Returns the causes of the failed attempts since the last answer, the latest one last. */
    List<Throwable> failures();
  }

  /**
   * Starts with a task for each slot, after a failure.
   *
   * @param removesExecutor whether the lost executor hangs, so that Spark must be made to remove it
   */
  record Retry(List<Throwable> failures, boolean removesExecutor) implements Start {
    public Retry {
      failures = List.copyOf(failures);
    }

    @Override
    public boolean isFault() {
      return true;
    }

    @Override
    public int tasks(int slots) {
      return slots;
    }
  }

  /**
   * Starts with fewer tasks, because not all of them got a slot.
   *
   * @param registered the number of tasks that got one
   */
  record Shrink(int registered) implements Start {
    @Override
    public boolean isFault() {
      return false;
    }

    @Override
    public int tasks(int slots) {
      return Math.min(slots, registered);
    }

    @Override
    public List<Throwable> failures() {
      return List.of();
    }
  }

  /**
   * Starts with more tasks, because more slots are free.
   *
   * @param room the number of tasks, for some of which dynamic allocation has to add executors
   */
  record Grow(int room) implements Start {
    @Override
    public boolean isFault() {
      return false;
    }

    @Override
    public int tasks(int slots) {
      return room;
    }

    @Override
    public List<Throwable> failures() {
      return List.of();
    }
  }

  /** The state of the cluster when the attempt ended. */
  enum Cluster {
    /** It has executors, or may start some. */
    RUNNING,
    /** All executors were lost. */
    LOST,
    /** The Spark context is stopped, or the thread that trains is interrupted. */
    STOPPED
  }

  /**
   * An attempt that ended.
   *
   * @param cause the exception that ended it
   * @param fruitful whether it answered a request
   * @param failuresBefore causes of the failed attempts before it, since the last answer
   * @param registered how many tasks registered
   * @param room how many tasks there could be; read only for {@link AttemptEnd#GROWING}
   */
  record Ended(
      AttemptEnd end,
      Throwable cause,
      boolean fruitful,
      List<Throwable> failuresBefore,
      int registered,
      int room) {
    public Ended {
      failuresBefore = List.copyOf(failuresBefore);
    }
  }

  /**
   * Decides what follows.
   *
   * @param slotsSeconds the time for which tasks waited for slots, for messages
   */
  static NextAttempt after(Ended ended, Cluster cluster, int slotsSeconds) {
    if (cluster == Cluster.STOPPED) {
      return new Fail(new WorkerFailedException(ended.cause), false);
    }
    return switch (ended.end) {
      case CLOSED, CANCELLED -> new Fail(new WorkerFailedException(ended.cause), false);
      case REFUSED -> {
        RuntimeException refused = RefusedInput.of(ended.cause).orElseThrow();
        yield new Fail(RefusedInput.because(refused, ended.cause), false);
      }
      case NO_TASK -> new Fail(noTask(ended, cluster, slotsSeconds), false);
      case TOO_FEW -> new Shrink(ended.registered);
      case GROWING -> new Grow(ended.room);
      case LOST, SILENT, UNREACHABLE, FAILED -> afterFailure(ended);
    };
  }

  private static RuntimeException noTask(Ended ended, Cluster cluster, int slotsSeconds) {
    for (Throwable before : ended.failuresBefore) {
      if (UnreachableException.of(before).isPresent()) {
        // Tasks that wait for the driver to acknowledge their failure still occupy the slots.
        return UnreachableException.again(before);
      }
    }
    return cluster == Cluster.LOST
        ? ClusterLostException.noneCame(slotsSeconds)
        : new NoSlotsException(ended.cause.getMessage());
  }

  private static NextAttempt afterFailure(Ended ended) {
    List<Throwable> failures = new ArrayList<>(ended.fruitful ? List.of() : ended.failuresBefore);
    failures.add(ended.cause);
    long unreachable =
        failures.stream().filter(cause -> UnreachableException.of(cause).isPresent()).count();
    if (failures.size() < FRUITLESS_ATTEMPTS && unreachable < UNREACHABLE_ATTEMPTS) {
      return new Retry(failures, ended.end == AttemptEnd.SILENT);
    }
    RuntimeException last = lastFailure(ended);
    failures.subList(0, failures.size() - 1).forEach(last::addSuppressed);
    return new Fail(last, true);
  }

  private static RuntimeException lastFailure(Ended ended) {
    if (ended.end == AttemptEnd.UNREACHABLE) {
      return UnreachableException.again(ended.cause);
    }
    boolean lost = ended.end == AttemptEnd.LOST || ended.end == AttemptEnd.SILENT;
    return lost
        ? new ClusterLostException(
            "Cannot continue training: executors were lost "
                + FRUITLESS_ATTEMPTS
                + " times in a row, most recently: "
                + ended.cause.getMessage(),
            ended.cause)
        : new WorkerFailedException(ended.cause);
  }
}
