package chainrule.spark.cluster;

import chainrule.spark.shim.ScalaCollections;
import chainrule.spark.shim.SparkJobs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends Spark jobs that cannot succeed but that Spark would continue: jobs with invalid rows, which
 * Spark retries, and jobs on a cluster that has lost all executors, for which Spark waits forever.
 * There is one watch for each context. It identifies its jobs by a separate tag, so the user's job
 * groups and tags stay unchanged.
 *
 * <p>A cluster that has not started an executor yet, or has released idle ones, is busy rather than
 * lost: jobs wait for it, as they do in Spark, and the wait is logged.
 *
 * <p>Threads may share it. Three kinds use it: threads that run jobs, Spark's listener thread, and
 * the daemon {@code chainrule-job-watch}, which measures how long jobs wait for executors.
 */
public final class JobWatch extends SparkListener {
  private static final Logger LOG = LoggerFactory.getLogger(JobWatch.class);
  private static final long POLL_MILLIS = 200;

  /** Interval between log lines about a busy cluster. */
  private static final long REMIND_SECONDS = 60;

  /** The watches of running contexts; guarded by itself. */
  private static final Map<SparkContext, JobWatch> WATCHES = new HashMap<>();

  private final SparkContext context;
  private final ExecutorPool executors;
  private final int slotsSeconds;
  private final AtomicLong last = new AtomicLong();
  private final ConcurrentNavigableMap<Long, WatchedJobs> open = new ConcurrentSkipListMap<>();

  // Updated by Spark's events, guarded by this.
  private final Map<Integer, WatchedJobs> byStage = new HashMap<>();
  private final Map<Integer, List<Integer>> stagesOfJobs = new HashMap<>();
  private final Map<Integer, Integer> runningTasks = new HashMap<>(); // by stage
  private final Set<String> lost = new TreeSet<>();
  private boolean lastOneWasLost;

  private JobWatch(SparkContext context) {
    this.context = context;
    this.executors = new ExecutorPool(context);
    this.slotsSeconds = ClusterSettings.of(context.getConf()).slotsSeconds();
  }

  /** Returns the watch of a context. */
  public static JobWatch of(SparkContext context) {
    synchronized (WATCHES) {
      WATCHES.keySet().removeIf(SparkContext::isStopped);
      JobWatch known = WATCHES.get(context);
      if (known != null || context.isStopped()) {
        return known != null ? known : new JobWatch(context);
      }
      JobWatch watch = new JobWatch(context);
      context.addSparkListener(watch);
      if (!context.isLocal()) {
        var thread = new Thread(watch::watch, "chainrule-job-watch");
        thread.setDaemon(true);
        thread.start();
      }
      WATCHES.put(context, watch);
      return watch;
    }
  }

  /**
   * Runs an action and watches the Spark jobs that it submits.
   *
   * @param action submits the jobs from the calling thread
   * @throws chainrule.data.InvalidDataException if a task found an invalid row or file;
   *     immediately, without the retries of {@code spark.task.maxFailures}
   * @throws RuntimeException if all executors were lost and none registered for {@code
   *     spark.chainrule.slotsSeconds}, which {@link ClusterLoss} recognizes; other exceptions of
   *     Spark pass through
   */
  public static <T> T run(SparkContext context, Supplier<T> action) {
    JobWatch watch = of(context);
    try (WatchedJobs jobs = watch.openToCancel()) {
      try {
        return jobs.tagged(action);
      } catch (Exception e) { // Scala throws checked exceptions that Java cannot name here
        Optional<RuntimeException> verdict = jobs.verdict().or(() -> RefusedInput.of(e));
        if (verdict.isPresent()) {
          throw RefusedInput.because(verdict.get(), e);
        }
        throw e;
      }
    }
  }

  private WatchedJobs openToCancel() {
    long number = last.incrementAndGet();
    String tag = WatchedJobs.tag(number);
    return open(
        new WatchedJobs(
            this,
            number,
            true,
            verdict ->
                SparkJobs.cancelWithTag(context, tag, String.valueOf(verdict.getMessage()))));
  }

  /**
   * Watches jobs for invalid rows and files. The owner decides when to end the jobs.
   *
   * @param refused called once with the exception about the first invalid input
   */
  public WatchedJobs open(Consumer<RuntimeException> refused) {
    return open(new WatchedJobs(this, last.incrementAndGet(), false, refused));
  }

  private WatchedJobs open(WatchedJobs jobs) {
    open.put(jobs.number(), jobs);
    return jobs;
  }

  void close(WatchedJobs jobs) {
    open.remove(jobs.number());
  }

  SparkContext context() {
    return context;
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart start) {
    // The job belongs to the innermost of the open instances.
    WatchedJobs.numbers(start.properties())
        .map(open::get)
        .filter(jobs -> jobs != null)
        .max((a, b) -> Long.compare(a.number(), b.number()))
        .ifPresent(
            jobs -> {
              List<Integer> stages = new ArrayList<>();
              for (Object stage : ScalaCollections.toList(start.stageIds())) {
                stages.add((Integer) stage);
                byStage.put((Integer) stage, jobs);
              }
              stagesOfJobs.put(start.jobId(), stages);
              jobs.start(start.jobId());
            });
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd end) {
    List<Integer> stages = stagesOfJobs.remove(end.jobId());
    if (stages != null) {
      stages.forEach(runningTasks::remove);
      stages.stream()
          .map(byStage::remove)
          .filter(jobs -> jobs != null)
          .forEach(jobs -> jobs.finish(end.jobId()));
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    if (byStage.containsKey(start.stageId())) {
      runningTasks.merge(start.stageId(), 1, Integer::sum);
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    endTask(end.stageId());
    if (end.reason() instanceof ExceptionFailure failure && failure.exception().isDefined()) {
      Optional<RuntimeException> refusal = RefusedInput.of(failure.exception().get());
      WatchedJobs jobs = ofStage(end.stageId());
      if (refusal.isPresent() && jobs != null) {
        jobs.end(refusal.get());
      }
    }
  }

  private synchronized void endTask(int stage) {
    // A task may end after its job; the job's stages are forgotten then.
    runningTasks.computeIfPresent(stage, (key, count) -> count > 1 ? count - 1 : null);
  }

  private synchronized WatchedJobs ofStage(int stage) {
    return byStage.get(stage);
  }

  /** Which tasks of a job run. */
  public enum Activity {
    /** No task runs. */
    NONE,
    /**
     * Only tasks of earlier stages run: they compute rows of the last stage, for example lost ones.
     */
    EARLIER_STAGES,
    /** Tasks of the last stage run. */
    LAST_STAGE
  }

  /**
   * Returns which tasks of a watched job run. This counts the scheduler's events, because Spark's
   * status store may show a task only at the next heartbeat of an executor, 10 s later by default.
   */
  public synchronized Activity activity(int job) {
    List<Integer> stages = stagesOfJobs.getOrDefault(job, List.of());
    if (stages.stream().noneMatch(runningTasks::containsKey)) {
      return Activity.NONE;
    }
    return runningTasks.containsKey(Collections.max(stages))
        ? Activity.LAST_STAGE
        : Activity.EARLIER_STAGES;
  }

  @Override
  public synchronized void onExecutorAdded(SparkListenerExecutorAdded added) {
    lastOneWasLost = false;
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    String reason = removed.reason();
    // Dynamic allocation kills idle executors; lost(String) has counted those that hang.
    boolean idle = reason.contains("killed by driver") || reason.contains("decommission");
    if (!idle) {
      lost.add(removed.executorId());
    }
    lastOneWasLost = lost.contains(removed.executorId());
  }

  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd end) {
    synchronized (WATCHES) {
      WATCHES.remove(context);
    }
  }

  /** Counts an executor as lost before Spark reports it. */
  synchronized void lost(String executor) {
    lost.add(executor);
  }

  /** Returns how many executors died or hung since the watch started. */
  synchronized int lostExecutors() {
    return lost.size();
  }

  /** Returns whether no executor is left and the last one was lost rather than released. */
  public boolean isClusterLost() {
    return executors.none() && wasLastOneLost();
  }

  private synchronized boolean wasLastOneLost() {
    return lastOneWasLost;
  }

  /** Polls how long jobs have waited for executors, and ends them or logs the wait. */
  private void watch() {
    long logged = 0;
    while (!context.isStopped()) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
      boolean none = !open.isEmpty() && executors.none();
      long longest = 0;
      for (WatchedJobs jobs : open.values()) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(jobs.updateWait(none));
        longest = Math.max(longest, seconds);
        if (seconds >= slotsSeconds && isClusterLost()) {
          jobs.end(ClusterLostException.noneCame(slotsSeconds));
        }
      }
      logged = longest == 0 ? 0 : logged;
      if (longest >= (logged == 0 ? slotsSeconds : logged + REMIND_SECONDS) && !wasLastOneLost()) {
        logged = longest;
        LOG.warn(
            "Waiting for executors: the cluster has started none for {} s (check in the cluster"
                + " manager's UI whether it is busy, or too small for executors of this size)",
            longest);
      }
    }
  }
}
