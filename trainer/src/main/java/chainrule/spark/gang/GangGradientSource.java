package chainrule.spark.gang;

import chainrule.spark.cluster.ClusterSettings;
import chainrule.spark.cluster.ExecutorPool;
import chainrule.spark.cluster.JobDescription;
import chainrule.spark.cluster.JobWatch;
import chainrule.spark.cluster.RequestDescription;
import chainrule.spark.cluster.WatchedJobs;
import chainrule.spark.shard.ShardedRows;
import chainrule.train.history.Faults;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.WorkerFailedException;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Sums;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code gang} engine: one Spark job of T long-lived tasks that compute all steps together,
 * each for a range of shards. Tasks of one executor merge their sums in memory. Each executor sends
 * one message a step towards the driver, and the reply carries the next parameters.
 *
 * <p>Spark's barrier mode is not used: it excludes dynamic allocation, waits for slots without a
 * message, and fails at the first lost task. Here tasks register with the driver. If no further
 * task registers for some seconds, the job ends and the next one has as many tasks as registered.
 * Any loss ends the job (an {@link GangAttempt attempt}) on all executors, and the next attempt
 * gets the same request again. Parameters and optimizer are on the driver and T does not enter the
 * sums, so the results are the same to the last bit.
 *
 * <p>Threads: one calls {@link #ask}. Answers arrive on threads of the transport, or of the tasks
 * in local mode. Three daemons watch an attempt:
 *
 * <ul>
 *   <li>{@code chainrule-gang-watcher}, of this class, every 100 ms: whether the Spark job has
 *       ended ({@link GangJob#watch}), and whether a task or an executor has exceeded a time limit
 *       ({@link GangAttempt#checkTime})
 *   <li>{@code chainrule-gang-ping}, of {@link GangAgent} on each executor, every second: sends the
 *       driver a message, by whose absence {@code checkTime} finds executors that hang
 *   <li>{@code chainrule-job-watch}, of {@link JobWatch}, one for each Spark context: whether the
 *       cluster is lost. The same class reports invalid rows and counts running tasks, from events
 *       of Spark's scheduler
 * </ul>
 */
public final class GangGradientSource implements GradientSource {
  private static final Logger LOG = LoggerFactory.getLogger(GangGradientSource.class);
  private static final long WATCH_MILLIS = 100;

  private final JavaSparkContext context;
  private final ShardedRows rows;
  private final String kernels;
  private final ClusterSettings settings;
  private final ExecutorPool executors;
  private final UUID token = UUID.randomUUID();
  private final Optional<GangTransport> transport;
  private final int port;
  private final Thread watcher;
  private final JobWatch jobWatch;
  private final WatchedJobs watchedJobs;
  private final SlotWait slotWait;
  private final GangFaults faults;
  private final GangGrowth growth;
  private final RequestDescription texts;

  // State of the current attempt. Only the thread that calls ask uses the fields after "closed".
  private volatile GangAttempt attempt;
  private volatile GangJob job;
  private volatile boolean closed;
  private int number;
  private int wanted;
  private boolean fruitful;
  private List<Throwable> failures = List.of(); // since the last answer
  private double computeSeconds;

  /**
   * Waits until no other gang runs in this JVM. The job starts with the first request, which its
   * description names.
   *
   * @param rows owned: {@link #close} releases them
   * @param kernels key of the matrix kernels that the tasks use
   */
  public GangGradientSource(JavaSparkContext context, ShardedRows rows, String kernels) {
    this.context = context;
    this.rows = rows;
    this.kernels = kernels;
    this.settings = ClusterSettings.of(context.getConf());
    this.executors = new ExecutorPool(context.sc());
    this.jobWatch = JobWatch.of(context.sc());
    this.faults = new GangFaults(jobWatch);
    this.growth = new GangGrowth(executors, rows.plan());
    this.slotWait = new SlotWait(context.sc(), executors, settings.slotsSeconds());
    GangTurn.acquire();
    this.watchedJobs = jobWatch.open(why -> attempt.end(AttemptEnd.REFUSED, why));
    try {
      transport =
          context.isLocal()
              ? Optional.empty()
              : Optional.of(
                  new GangTransport(
                      SparkEnv.get(),
                      new GangRpcHandler(token, () -> Optional.ofNullable(attempt)),
                      "driver"));
      port =
          transport
              .map(server -> server.listen(settings.bindAddress(), settings.driverPort()))
              .orElse(0);
      wanted = Math.min(rows.plan().shards(), executors.maximumSlots());
    } catch (RuntimeException | Error e) {
      watchedJobs.close();
      GangTurn.release();
      throw e;
    }
    this.texts = new RequestDescription(rows.plan());
    this.watcher = new Thread(this::watch, "chainrule-gang-watcher");
    watcher.setDaemon(true);
  }

  /** Starts the next attempt with {@code wanted} tasks. */
  private void start() {
    number++;
    int tasks = Math.max(1, wanted);
    String host = context.isLocal() ? "" : settings.driverHost();
    var address =
        new GangAddress(host, port, token, number, !host.isEmpty() && tasks > settings.fanIn());
    fruitful = false;
    attempt =
        new GangAttempt(
            address, rows.objective(), rows.plan(), tasks, settings.fanIn(), faults.answerTimes());
    SparkContext sc = context.sc();
    String interrupts = sc.getLocalProperty("spark.job.interruptOnCancel");
    sc.setLocalProperty("spark.job.interruptOnCancel", "true");
    try {
      var shards = rows.shards(tasks, GangPlacement.of(executors, rows.partitions(), tasks));
      var task = new GangTask(address, rows.objective(), rows.plan(), kernels);
      var future =
          JobDescription.during(
              sc,
              texts.fromNowOn(tasks),
              () -> watchedJobs.tagged(() -> shards.foreachPartitionAsync(task)));
      job = new GangJob(sc, jobWatch, attempt, future);
    } finally {
      sc.setLocalProperty("spark.job.interruptOnCancel", interrupts);
    }
  }

  /** Ends the attempt when its job has ended or a time limit is exceeded. */
  private void watch() {
    while (!closed) {
      GangJob current = job;
      current.watch();
      current.attempt().checkTime(settings, current::activity);
      try {
        Thread.sleep(WATCH_MILLIS);
      } catch (InterruptedException e) {
        return; // closing
      }
    }
  }

  @Override
  public StepPlan plan() {
    return rows.plan();
  }

  @Override
  public long validationRows() {
    return rows.validationRows();
  }

  @Override
  public <S extends Sums<S>> S ask(Request<S> request, float[] parameters) {
    if (closed) {
      throw new IllegalStateException("Cannot ask: the exchange is closed");
    }
    texts.next(request);
    if (number == 0) {
      start();
      watcher.start();
    }
    growIfPossible(request);
    boolean repeats = false;
    long start = System.nanoTime(); // for the counts of faults only
    while (true) {
      try {
        S sums = attempt.exchange().ask(request, parameters);
        computeSeconds += attempt.exchange().takeComputeSeconds();
        fruitful = true;
        long nanos = System.nanoTime() - start;
        if (repeats) {
          faults.repeated(request instanceof Request.Gradient, nanos);
        } else {
          faults.answered(nanos);
        }
        return sums;
      } catch (WorkerFailedException e) {
        if (e.getCause() instanceof InterruptedException) {
          job.awaitResult();
        }
        attempt.end(AttemptEnd.FAILED, e.getCause()); // no effect if it has ended already
        repeats |= replaceAttempt();
      }
    }
  }

  /** Ends the attempt if the next one can have more tasks. */
  private void growIfPossible(Request<?> request) {
    int room = growth.wanted(attempt.tasks(), request);
    if (room > attempt.tasks() && !isStopped()) {
      wanted = room;
      attempt.end(AttemptEnd.GROWING, new IllegalStateException("More slots are free"));
      replaceAttempt();
    }
  }

  /**
   * Starts the attempt that follows the one that has ended, or throws if there is none.
   *
   * @return whether the ended attempt failed
   */
  private boolean replaceAttempt() {
    GangAttempt ended = attempt;
    NextAttempt next = NextAttempt.after(facts(ended), cluster(), settings.slotsSeconds());
    if (next.isFault()) {
      faults.attemptFailed(ended.lostExecutor());
    }
    job.end();
    NextAttempt.Start planned = next.orThrow();
    failures = planned.failures();
    if (planned instanceof NextAttempt.Retry retry && retry.removesExecutor()) {
      executors.discard(ended.lostExecutor(), ended.cause().getMessage());
    }
    slotWait.awaitRemoval(ended.lostExecutor());
    wanted = Math.min(rows.plan().shards(), planned.tasks(slotWait.awaitSlots(ended.cause())));
    String tasks = wanted == 1 ? "1 task" : wanted + " tasks";
    String why = ended.cause().getMessage();
    if (planned.isFault()) {
      LOG.warn("{}: training resumes from the last finished step, with {}", why, tasks);
    } else {
      LOG.info("{}: training continues with {}", why, tasks);
    }
    start();
    return planned.isFault();
  }

  private NextAttempt.Ended facts(GangAttempt ended) {
    return new NextAttempt.Ended(
        ended.end().orElseThrow(), ended.cause(), fruitful, failures, ended.registered(), wanted);
  }

  private NextAttempt.Cluster cluster() {
    if (isStopped()) {
      return NextAttempt.Cluster.STOPPED;
    }
    return jobWatch.isClusterLost() ? NextAttempt.Cluster.LOST : NextAttempt.Cluster.RUNNING;
  }

  private boolean isStopped() {
    return context.sc().isStopped() || Thread.currentThread().isInterrupted();
  }

  @Override
  public void recycle(GradientBuffer buffer) {
    attempt.exchange().recycle(buffer);
  }

  @Override
  public double takeComputeSeconds() {
    double seconds = computeSeconds;
    computeSeconds = 0;
    return seconds;
  }

  @Override
  public Faults faults() {
    return faults.faults();
  }

  @Override
  public void close() {
    stop();
    rows.close();
  }

  /** Ends the job but keeps the rows, for another engine. */
  public void stop() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      watcher.interrupt();
      if (number > 0) {
        attempt.end(AttemptEnd.CLOSED, new IllegalStateException("the exchange is closed"));
        job.end();
      }
      transport.ifPresent(GangTransport::close);
      watchedJobs.close();
      faults.stop();
    } finally {
      GangTurn.release();
    }
  }
}
