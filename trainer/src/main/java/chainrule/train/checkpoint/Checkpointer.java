package chainrule.train.checkpoint;

import chainrule.train.history.Faults;
import chainrule.train.settings.CheckpointPolicy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes checkpoints beside a training, and stops it when asked to. A copy of the state is written
 * by a thread of its own while training goes on, at most one at a time and for at most a tenth of
 * the time: where epochs take a few milliseconds, not each is written. One that cannot be written
 * is a warning.
 *
 * <p>Threads: the one that trains tells what is finished; {@link #requestStop} and {@link #saveNow}
 * may be called by any.
 */
public final class Checkpointer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  /** After a checkpoint that took a time to write, so many times as long pass without one. */
  private static final int REST = 9;

  /**
   * A checkpoint that is kept.
   *
   * @param place where in the training it is, for people
   * @param where its file, for people
   */
  public record Saved(String place, String where) {}

  private final CheckpointPolicy policy;
  private final CheckpointStore store;
  private final Executor background;
  private final Runnable closing;
  private final LongSupplier nanoClock;
  private final Object writing = new Object();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicInteger failed = new AtomicInteger();

  /** What is trained; nothing before and between phases. */
  private volatile List<CheckpointSubject> subject = List.of();

  private volatile Function<LoopSnapshot, Checkpoint> completion;
  private volatile boolean stopRequested;
  private volatile CompletableFuture<Void> inFlight = CompletableFuture.completedFuture(null);
  private volatile long restUntil;
  private volatile List<Saved> lastSaved = List.of();
  private long lastTaken;
  private boolean due;
  private boolean changed;

  /** Makes a checkpointer with a thread of its own. */
  public Checkpointer(CheckpointPolicy policy, CheckpointStore store) {
    this(policy, store, daemon());
  }

  private Checkpointer(CheckpointPolicy policy, CheckpointStore store, ExecutorService executor) {
    this(policy, store, executor, executor::shutdown, System::nanoTime);
  }

  /**
   * @param nanoClock for the time between checkpoints alone
   */
  public Checkpointer(
      CheckpointPolicy policy,
      CheckpointStore store,
      Executor background,
      Runnable closing,
      LongSupplier nanoClock) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.store = Objects.requireNonNull(store, "store");
    this.background = background;
    this.closing = closing;
    this.nanoClock = nanoClock;
    this.completion = snapshot -> new Checkpoint(Map.of(), List.of(), snapshot, Faults.none());
    this.restUntil = nanoClock.getAsLong();
    this.lastTaken = restUntil;
  }

  private static ExecutorService daemon() {
    return Executors.newSingleThreadExecutor(
        work -> {
          var thread = new Thread(work, "chainrule-checkpoints");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Returns one that writes nothing, but stops a training as well. */
  public static Checkpointer none() {
    return new Checkpointer(
        CheckpointPolicy.never(), checkpoint -> "", Runnable::run, () -> {}, System::nanoTime);
  }

  /** Says how a snapshot of the next phase becomes a checkpoint. */
  public void complete(Function<LoopSnapshot, Checkpoint> snapshots) {
    completion = snapshots;
  }

  /** Watches over this state from now on. */
  public void watch(CheckpointSubject state) {
    subject = List.of(state);
    due = false;
    changed = false;
  }

  /** Takes a checkpoint if one is due after this step, and stops if asked to. */
  public void stepFinished(long stepsPerEpoch) {
    CheckpointSubject state = subject.get(0);
    changed = true;
    // That of the epoch's end follows at once.
    boolean endsEpoch = state.step() == (state.epochs() + 1) * stepsPerEpoch;
    due |=
        policy.isDueAfterStep(state.step(), nanoClock.getAsLong() - lastTaken)
            && !(endsEpoch && policy.isDueAfterEpoch(state.epochs() + 1));
    saveIfDue(state);
    stopIfAsked();
  }

  /** Takes a checkpoint if one is due after this epoch, and stops if asked to. */
  public void epochFinished() {
    CheckpointSubject state = subject.get(0);
    changed = true;
    due |= policy.isDueAfterEpoch(state.epochs());
    saveIfDue(state);
    stopIfAsked();
  }

  /** Writes what a phase came to, and forgets it. */
  public void phaseFinished() {
    inFlight.join();
    if (changed) {
      saveNow();
    }
    subject = List.of();
  }

  private void saveIfDue(CheckpointSubject state) {
    if (!due || !inFlight.isDone() || nanoClock.getAsLong() - restUntil < 0) {
      return;
    }
    due = false;
    changed = false;
    lastTaken = nanoClock.getAsLong();
    Checkpoint checkpoint = completion.apply(state.snapshot());
    inFlight = CompletableFuture.runAsync(() -> writeAndRest(checkpoint), background);
  }

  private void writeAndRest(Checkpoint checkpoint) {
    long start = nanoClock.getAsLong();
    write(checkpoint);
    long end = nanoClock.getAsLong();
    restUntil = end + REST * (end - start);
  }

  private void write(Checkpoint checkpoint) {
    synchronized (writing) {
      try {
        lastSaved = List.of(new Saved(checkpoint.place(), store.save(checkpoint)));
      } catch (RuntimeException e) {
        failed.incrementAndGet();
        LOG.warn("{}; training goes on without this checkpoint", e.getMessage());
        LOG.debug("Cannot write a checkpoint", e);
      }
    }
  }

  /**
   * Writes what training has come to by its last finished step, if checkpoints are wanted and
   * anything is being trained.
   *
   * @return the last checkpoint that could be written, if any
   */
  public Optional<Saved> saveNow() {
    if (policy.isOn()) {
      try {
        subject.forEach(state -> write(completion.apply(state.snapshot())));
      } catch (IllegalStateException e) {
        LOG.warn("{}; the last checkpoint is an older one", e.getMessage());
      }
    }
    return lastSaved.stream().findFirst();
  }

  /**
   * Writes what there is while a failure of training passes by, which is what matters; a suppressed
   * {@link TrainingInterruptedException} of it tells what is kept.
   */
  public void rescue(RuntimeException failure) {
    Optional<Saved> saved = saveNow();
    if (saved.isPresent() && !(failure instanceof TrainingInterruptedException)) {
      failure.addSuppressed(new TrainingInterruptedException(saved));
    }
    subject = List.of();
  }

  /** Asks training to stop after the step in flight, with a checkpoint. */
  public void requestStop() {
    stopRequested = true;
  }

  private void stopIfAsked() {
    if (stopRequested) {
      Optional<Saved> saved = saveNow();
      stopped.countDown();
      throw new TrainingInterruptedException(saved);
    }
  }

  /** Returns whether steps are being done, or the end of an epoch is. */
  public boolean isTraining() {
    return !subject.isEmpty();
  }

  /** Waits until training has stopped as it was asked to, and returns whether it has. */
  public boolean awaitStop(long time, TimeUnit unit) {
    try {
      return stopped.await(time, unit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns how many checkpoints could not be written. */
  public int failed() {
    return failed.get();
  }

  /** Waits for the write in flight, if there is one. */
  @Override
  public void close() {
    subject = List.of();
    inFlight.exceptionally(failure -> null).join();
    closing.run();
  }
}
