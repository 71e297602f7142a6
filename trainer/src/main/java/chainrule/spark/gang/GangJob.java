package chainrule.spark.gang;

import chainrule.spark.cluster.JobWatch;
import chainrule.spark.shim.SparkErrors;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Spark job of an attempt. The thread that trains and the watcher thread share it. */
final class GangJob {
  private static final Logger LOG = LoggerFactory.getLogger(GangJob.class);
  private static final long END_SECONDS = 10;
  private static final long RESULT_SECONDS = 3;

  private final SparkContext context;
  private final JobWatch jobWatch;
  private final GangAttempt attempt;
  private final JavaFutureAction<Void> future;

  /**
   * @param jobWatch watches the job
   * @param future the result of submitting the job
   */
  GangJob(
      SparkContext context, JobWatch jobWatch, GangAttempt attempt, JavaFutureAction<Void> future) {
    this.context = context;
    this.jobWatch = jobWatch;
    this.attempt = attempt;
    this.future = future;
  }

  GangAttempt attempt() {
    return attempt;
  }

  /** Returns which tasks of the job run. */
  JobWatch.Activity activity() {
    return future.jobIds().stream()
        .map(jobWatch::activity)
        .max(Comparator.naturalOrder())
        .orElse(JobWatch.Activity.NONE);
  }

  /** Ends the attempt if its job has ended. */
  void watch() {
    if (attempt.end().isPresent() || !future.isDone()) {
      return;
    }
    try {
      future.get();
      attempt.end(
          AttemptEnd.FAILED, new IllegalStateException("the tasks ended before the training"));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      boolean cancelled =
          context.isStopped()
              || SparkErrors.condition(cause).equals(Optional.of("SPARK_JOB_CANCELLED"));
      attempt.end(cancelled ? AttemptEnd.CANCELLED : AttemptEnd.of(cause), cause);
    } catch (CancellationException e) {
      LOG.debug("Attempt {} was cancelled by the driver", attempt.address().attempt());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for the job's result after a task was interrupted, because the result shows whether the
   * user cancelled the job.
   */
  void awaitResult() {
    try {
      future.get(RESULT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      LOG.debug("Result of the job", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watch();
  }

  /** Ends the job of an attempt that has ended, and waits until its tasks have. */
  void end() {
    try {
      // Closed tasks return soon. Otherwise some may still compute, load or hang: cancel them.
      if (attempt.end().orElseThrow() != AttemptEnd.CLOSED) {
        future.cancel(true);
      }
      future.get(END_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.warn(
          "Cancelling the tasks of attempt {}, because they do not end",
          attempt.address().attempt());
      future.cancel(true);
    } catch (ExecutionException | CancellationException e) {
      LOG.debug("Attempt {} ended", attempt.address().attempt(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
