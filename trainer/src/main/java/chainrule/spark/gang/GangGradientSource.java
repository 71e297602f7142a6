package chainrule.spark.gang;

import chainrule.spark.cluster.ClusterLostException;
import chainrule.spark.cluster.ClusterSettings;
import chainrule.spark.cluster.ExecutorPool;
import chainrule.spark.cluster.JobDescription;
import chainrule.spark.cluster.JobWatch;
import chainrule.spark.cluster.NoSlotsException;
import chainrule.spark.cluster.RefusedInput;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code gang} engine: a Spark job of T long-lived tasks, each with a range of shards, that go
 * through all steps together. Tasks of one executor meet in its memory; one message an executor and
 * step goes towards the driver, and the reply brings the next parameters.
 *
 * <p>Not Spark's barrier mode, which refuses dynamic allocation, waits for slots in silence and
 * gives up at the first lost task. Tasks register here; when no more come for a while, the job ends
 * and the next has as many as came. Whatever is lost ends the job (an {@link GangAttempt attempt}),
 * everywhere, and the next asks the same question again: parameters and optimizer are the driver's,
 * and T doesn't enter the sums, so no bit differs.
 *
 * <p>Threads: one asks; the transport's or the tasks' own answer; a daemon of this class watches
 * the job and the clock.
 */
public final class GangGradientSource implements GradientSource {
  private static final Logger LOG = LoggerFactory.getLogger(GangGradientSource.class);

  /** So many attempts without one answer, and the cause is not bad luck. */
  private static final int FRUITLESS_ATTEMPTS = 5;

  /** Once it may be the other side that has just died. */
  private static final int UNREACHED_ATTEMPTS = 2;

  private static final long WATCH_MILLIS = 100;
  private static final long LOSS_SECONDS = 3;

  /**
   * One gang at a time, in the order of asking: a scheduler that gives two of them some of the
   * slots each would let both wait for the rest until their patience ends.
   */
  private static final Semaphore TURN = new Semaphore(1, true);

  private final JavaSparkContext context;
  private final ShardedRows rows;
  private final String kernels;
  private final ClusterSettings settings;
  private final ExecutorPool executors;
  private final UUID token = UUID.randomUUID();
  private final Optional<GangTransport> transport;
  private final int port;
  private final Thread watcher;
  private final List<Throwable> failures = new ArrayList<>();
  private final JobWatch jobWatch;
  private final WatchedJobs watched;
  private final GangFaults faults;
  private final GangGrowth growth;
  private final RequestDescription texts;

  // What changes from attempt to attempt; the asking thread's alone, but for the first two.
  private volatile GangAttempt attempt;
  private volatile GangJob job;
  private volatile boolean closed;
  private int number;
  private int wanted;
  private boolean fruitful;
  private double computeSeconds;

  /**
   * Waits until no other gang runs in this JVM, which has one Spark context. The first question
   * starts it, so that its job can say where it begins.
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
    awaitTurn();
    this.watched = jobWatch.open(why -> attempt.end(GangAttempt.End.REFUSED, why));
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
              .map(open -> open.listen(settings.bindAddress(), settings.driverPort()))
              .orElse(0);
      wanted = Math.min(rows.plan().shards(), executors.slotsToHopeFor());
    } catch (RuntimeException | Error e) {
      watched.close();
      TURN.release();
      throw e;
    }
    this.texts = new RequestDescription(rows.plan());
    this.watcher = new Thread(this::watch, "chainrule-gang-watcher");
    watcher.setDaemon(true);
  }

  private static void awaitTurn() {
    if (TURN.tryAcquire()) {
      return;
    }
    LOG.info("Waiting for another training in this Spark application to end its steps");
    try {
      TURN.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot train: interrupted while another training runs", e);
    }
  }

  /** Starts the next attempt, with as many tasks as are wanted. */
  private void start() {
    number++;
    int tasks = Math.max(1, wanted);
    String host = context.isLocal() ? "" : settings.driverHost();
    var invitation =
        new GangInvitation(host, port, token, number, !host.isEmpty() && tasks > settings.fanIn());
    fruitful = false;
    attempt =
        new GangAttempt(
            invitation,
            rows.objective(),
            rows.plan(),
            tasks,
            settings.fanIn(),
            faults.answerTimes());
    SparkContext sc = context.sc();
    String interrupts = sc.getLocalProperty("spark.job.interruptOnCancel");
    sc.setLocalProperty("spark.job.interruptOnCancel", "true");
    try {
      var shards = rows.shards(tasks, GangPlacement.of(executors, rows.partitions(), tasks));
      var task = new GangTask(invitation, rows.objective(), rows.plan(), kernels);
      var future =
          JobDescription.during(
              sc,
              texts.fromHereOn(tasks),
              () -> watched.tagged(() -> shards.foreachPartitionAsync(task)));
      job = new GangJob(sc, attempt, future);
    } finally {
      sc.setLocalProperty("spark.job.interruptOnCancel", interrupts);
    }
  }

  /** Ends the attempt when its job ends without it, or its time is over. */
  private void watch() {
    while (!closed) {
      GangJob watched = job;
      watched.watch();
      watched.attempt().checkTime(settings, watched::progress);
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
    long start = System.nanoTime(); // for the faults alone
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
        repeats |= goOnAfter(e);
      }
    }
  }

  /**
   * Plans the next attempt, or throws if there is none.
   *
   * @return whether something was lost
   */
  private boolean goOnAfter(WorkerFailedException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof InterruptedException) {
      job.awaitVerdict();
    }
    attempt.end(GangAttempt.End.FAILED, cause); // unless it has ended, and so failed, already
    GangAttempt ended = attempt;
    GangAttempt.End end = ended.end().orElseThrow();
    boolean cancelled = end == GangAttempt.End.CANCELLED || context.sc().isStopped();
    if (cancelled || Thread.currentThread().isInterrupted()) {
      throw new WorkerFailedException(ended.cause());
    }
    if (end == GangAttempt.End.REFUSED) {
      job.end();
      throw RefusedInput.because(RefusedInput.of(ended.cause()).orElseThrow(), ended.cause());
    }
    if (end == GangAttempt.End.NOBODY) {
      throw nobodyCame(ended.cause());
    }
    boolean replanned = end == GangAttempt.End.TOO_FEW || end == GangAttempt.End.GROWING;
    if (fruitful || replanned) {
      failures.clear();
    }
    if (!replanned) {
      faults.attemptFailed(ended.lostExecutor());
      failures.add(ended.cause());
      if (failures.size() >= FRUITLESS_ATTEMPTS || isUnreachable()) {
        RuntimeException last = gaveUp(end, ended.cause());
        failures.subList(0, failures.size() - 1).forEach(last::addSuppressed);
        throw last;
      }
    }
    job.end();
    if (end == GangAttempt.End.SILENT) {
      executors.discard(ended.lostExecutor(), ended.cause().getMessage());
    }
    awaitLoss(ended.lostExecutor());
    int slots = awaitSlots(ended.cause());
    wanted =
        Math.min(
            rows.plan().shards(),
            end == GangAttempt.End.TOO_FEW ? Math.min(slots, ended.registered()) : slots);
    if (replanned) {
      LOG.info("{}: training goes on with {}", ended.cause().getMessage(), tasksText());
    } else {
      LOG.warn(
          "{}: training goes on from the last finished step, with {}",
          ended.cause().getMessage(),
          tasksText());
    }
    start();
    return !replanned;
  }

  private boolean isUnreachable() {
    return failures.stream().filter(cause -> UnreachableException.of(cause).isPresent()).count()
        >= UNREACHED_ATTEMPTS;
  }

  private RuntimeException nobodyCame(Throwable cause) {
    for (Throwable before : failures) {
      if (UnreachableException.of(before).isPresent()) {
        // Tasks that wait for an answer to their last word still hold the slots.
        return UnreachableException.again(before);
      }
    }
    return jobWatch.isClusterLost()
        ? ClusterLostException.noneCame(settings.slotsSeconds())
        : new NoSlotsException(cause.getMessage());
  }

  private static RuntimeException gaveUp(GangAttempt.End end, Throwable cause) {
    if (end == GangAttempt.End.UNREACHABLE) {
      return UnreachableException.again(cause);
    }
    boolean lost = end == GangAttempt.End.LOST || end == GangAttempt.End.SILENT;
    return lost
        ? new ClusterLostException(
            "Cannot go on training: executors were lost "
                + FRUITLESS_ATTEMPTS
                + " times in a row, the last time: "
                + cause.getMessage(),
            cause)
        : new WorkerFailedException(cause);
  }

  private String tasksText() {
    return wanted == 1 ? "1 task" : wanted + " tasks";
  }

  /** Waits until Spark knows of a loss too, so that it sends no task there. */
  private void awaitLoss(String executor) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOSS_SECONDS);
    while (!executor.isEmpty() && executors.has(executor) && System.nanoTime() < end) {
      pause();
    }
  }

  /** Waits until there is a slot, after a loss, and returns how many there are. */
  private int awaitSlots(Throwable lost) {
    if (executors.slots() == 0 && executors.slotsToHopeFor() > 0) {
      return executors.slotsToHopeFor(); // they come if tasks wait for them
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.slotsSeconds());
    boolean said = false;
    while (executors.slots() == 0) {
      if (context.sc().isStopped() || System.nanoTime() > end) {
        throw RefusedInput.because(ClusterLostException.noneCame(settings.slotsSeconds()), lost);
      }
      if (!said) {
        LOG.warn("All executors are lost; waiting for others");
        said = true;
      }
      pause();
    }
    return executors.slots();
  }

  private static void pause() {
    try {
      Thread.sleep(WATCH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot train: interrupted while waiting for executors", e);
    }
  }

  /** Ends an attempt in order if the next can have more tasks. */
  private void growIfPossible(Request<?> request) {
    int better = growth.wanted(attempt.tasks(), request);
    if (better > attempt.tasks()) {
      attempt.end(
          GangAttempt.End.GROWING, new IllegalStateException("There is room for more tasks"));
      job.end();
      wanted = better;
      LOG.info("There is room for more tasks: training goes on with {}", tasksText());
      start();
    }
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

  /** Ends the gang but keeps the rows, for another engine. */
  public void stop() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      watcher.interrupt();
      if (number > 0) {
        attempt.end(GangAttempt.End.CLOSED, new IllegalStateException("the exchange is closed"));
        job.end();
      }
      transport.ifPresent(GangTransport::close);
      watched.close();
      faults.stop();
    } finally {
      TURN.release();
    }
  }
}
