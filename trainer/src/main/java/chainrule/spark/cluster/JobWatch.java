package chainrule.spark.cluster;

import chainrule.spark.shim.ScalaCollections;
import chainrule.spark.shim.SparkJobs;
import java.util.ArrayList;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends Spark jobs that Spark would go on with though nothing can come of them: those whose rows are
 * refused, which Spark tries again and again, and those of a cluster whose executors are all lost,
 * for which it waits without an end. One for each context; it knows its jobs by a tag of their own,
 * so that a user's groups and tags stay as they are.
 *
 * <p>A cluster that has not given an executor yet, or has taken idle ones back, is not lost but
 * busy: jobs wait for it as Spark does, and the log says so.
 *
 * <p>Threads may share it: those that run jobs, Spark's for its events, and a daemon of its own.
 */
public final class JobWatch extends SparkListener {
  private static final Logger LOG = LoggerFactory.getLogger(JobWatch.class);
  private static final long POLL_MILLIS = 200;

  /** So often a wait for a busy cluster is said. */
  private static final long REMIND_SECONDS = 60;

  /** The watches of contexts that are not stopped; guarded by itself. */
  private static final Map<SparkContext, JobWatch> WATCHES = new HashMap<>();

  private final SparkContext context;
  private final ExecutorPool executors;
  private final int slotsSeconds;
  private final AtomicLong last = new AtomicLong();
  private final ConcurrentNavigableMap<Long, WatchedJobs> open = new ConcurrentSkipListMap<>();

  // What events tell, guarded by this.
  private final Map<Integer, WatchedJobs> byStage = new HashMap<>();
  private final Map<Integer, List<Integer>> stagesOfJobs = new HashMap<>();
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
   * Does something that runs Spark jobs, which are watched meanwhile.
   *
   * @param action runs them from the thread that calls it
   * @throws chainrule.data.InvalidDataException if rows or files were refused in a task: at once,
   *     whatever {@code spark.task.maxFailures}
   * @throws RuntimeException if all executors were lost and none came for {@code
   *     spark.chainrule.slotsSeconds}; {@link ClusterLoss} knows it. What else Spark throws passes
   *     through.
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
            verdict -> SparkJobs.cancelWithTag(context, tag, String.valueOf(verdict.getMessage()))));
  }

  /**
   * Watches jobs for what is refused in them, and leaves it to their owner what becomes of them.
   *
   * @param refused is told, once
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
    // Of those that are open the innermost one has the job.
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
              jobs.begun(start.jobId());
            });
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd end) {
    List<Integer> stages = stagesOfJobs.remove(end.jobId());
    if (stages != null) {
      stages.stream()
          .map(byStage::remove)
          .filter(jobs -> jobs != null)
          .forEach(jobs -> jobs.ended(end.jobId()));
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason() instanceof ExceptionFailure failure && failure.exception().isDefined()) {
      Optional<RuntimeException> refusal = RefusedInput.of(failure.exception().get());
      WatchedJobs jobs = ofStage(end.stageId());
      if (refusal.isPresent() && jobs != null) {
        jobs.end(refusal.get());
      }
    }
  }

  private synchronized WatchedJobs ofStage(int stage) {
    return byStage.get(stage);
  }

  @Override
  public synchronized void onExecutorAdded(SparkListenerExecutorAdded added) {
    lastOneWasLost = false;
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    String reason = removed.reason();
    // Dynamic allocation sends idle ones away; one that hangs is killed too.
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

  /** Notes an executor that is given up, of which Spark may not know yet. */
  synchronized void lost(String executor) {
    lost.add(executor);
  }

  /** Returns how many executors died or hung, since the watch began. */
  synchronized int lostExecutors() {
    return lost.size();
  }

  /** Returns whether no executor is left, the last one having been lost. */
  public boolean isClusterLost() {
    return executors.none() && wasLastOneLost();
  }

  private synchronized boolean wasLastOneLost() {
    return lastOneWasLost;
  }

  /** Looks again and again whether jobs wait for executors, and for how long. */
  private void watch() {
    long said = 0;
    while (!context.isStopped()) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
      boolean none = !open.isEmpty() && executors.none();
      long longest = 0;
      for (WatchedJobs jobs : open.values()) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(jobs.wait(none));
        longest = Math.max(longest, seconds);
        if (seconds >= slotsSeconds && isClusterLost()) {
          jobs.end(ClusterLostException.noneCame(slotsSeconds));
        }
      }
      said = longest == 0 ? 0 : said;
      if (longest >= (said == 0 ? slotsSeconds : said + REMIND_SECONDS) && !wasLastOneLost()) {
        said = longest;
        LOG.warn(
            "Waiting for executors: the cluster has given none for {} s (its own pages tell whether"
                + " it is busy, or has no room for executors of this size)",
            longest);
      }
    }
  }
}
