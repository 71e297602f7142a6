package chainrule.spark.gang;

import chainrule.spark.shim.SparkErrors;
import java.util.Set;
import java.util.TreeSet;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * The Spark job of an attempt: what became of it, and its end. Threads may share it: the one that
 * asks, and the one that watches.
 */
final class GangJob {
  private static final Logger LOG = LoggerFactory.getLogger(GangJob.class);
  private static final long END_SECONDS = 10;
  private static final long VERDICT_SECONDS = 3;

  private final SparkContext context;
  private final GangAttempt attempt;
  private final JavaFutureAction<Void> future;

  /**
   * @param future what Spark gives for the job that runs the attempt's tasks
   */
  GangJob(SparkContext context, GangAttempt attempt, JavaFutureAction<Void> future) {
    this.context = context;
    this.attempt = attempt;
    this.future = future;
  }

  GangAttempt attempt() {
    return attempt;
  }

  /** Where the tasks of the job are. */
  enum Progress {
    /** None runs. */
    NONE,
    /** Rows are read and shuffled again that were lost. */
    PREPARES,
    /** Tasks of the gang itself run. */
    RUNS
  }

  /** Returns where the tasks are, as Spark's status has it. */
  Progress progress() {
    Set<Integer> busy = new TreeSet<>();
    int last = -1; // the gang's own stage is the last of its job
    for (int job : future.jobIds()) {
      Option<SparkJobInfo> info = context.statusTracker().getJobInfo(job);
      for (int stage : info.isDefined() ? info.get().stageIds() : new int[0]) {
        last = Math.max(last, stage);
        Option<SparkStageInfo> its = context.statusTracker().getStageInfo(stage);
        if (its.isDefined() && its.get().numActiveTasks() > 0) {
          busy.add(stage);
        }
      }
    }
    if (busy.isEmpty()) {
      return Progress.NONE;
    }
    return busy.contains(last) ? Progress.RUNS : Progress.PREPARES;
  }

  /** Ends the attempt if its job has ended without it. */
  void watch() {
    if (attempt.end().isPresent() || !future.isDone()) {
      return;
    }
    try {
      future.get();
      attempt.end(
          GangAttempt.End.FAILED, new IllegalStateException("the tasks ended before their time"));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      boolean cancelled =
          context.isStopped()
              || SparkErrors.condition(cause).equals(Optional.of("SPARK_JOB_CANCELLED"));
      attempt.end(cancelled ? GangAttempt.End.CANCELLED : GangAttempt.End.of(cause), cause);
    } catch (CancellationException e) {
      LOG.debug("Attempt {} was cancelled from here", attempt.invitation().attempt());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** An interrupted task may have been cancelled by the user, of which the job tells. */
  void awaitVerdict() {
    try {
      future.get(VERDICT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      LOG.debug("What became of the job", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watch();
  }

  /** Ends the job of an attempt that is over, and waits until it is. */
  void end() {
    try {
      // Told to leave, tasks return soon; those that compute, load or hang are cancelled.
      if (attempt.end().orElseThrow() != GangAttempt.End.CLOSED) {
        future.cancel(true);
      }
      future.get(END_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.warn("The tasks of attempt {} do not end; cancelled", attempt.invitation().attempt());
      future.cancel(true);
    } catch (ExecutionException | CancellationException e) {
      LOG.debug("Attempt {} ended", attempt.invitation().attempt(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
