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
 * Writes checkpoints of a training, and stops it when asked to. A background thread writes a copy
 * of the state while training continues: one checkpoint at a time, and for at most a tenth of the
 * time, so if epochs take a few milliseconds, not every epoch is written. A checkpoint that cannot
 * be written is logged as a warning.
 *
 * <p>Threads: the training thread reports finished steps, epochs and phases; any thread may call
 * {@link #requestStop}, {@link #awaitStop}, {@link #saveNow}, {@link #isTraining} and {@link
 * #failed}.
 */
public final class Checkpointer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  /** The pause after a checkpoint, as a multiple of the time it took to write. */
  private static final int REST = 9;

  /**
   * A checkpoint that is kept.
   *
   * @param place where in the training it is, for people
   * @param where its location, for people
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

  /** The state of the phase in flight; null before, between and after phases. */
  private volatile CheckpointSubject subject;

  private volatile Function<LoopSnapshot, Checkpoint> completion;
  private volatile boolean stopRequested;
  private volatile CompletableFuture<Void> inFlight = CompletableFuture.completedFuture(null);
  private volatile long restUntil;

  /** The last checkpoint that was written; null before the first. */
  private volatile Saved lastSaved;

  private long lastTaken;
  private boolean due;
  private boolean changed;

  /** Makes a checkpointer with a background thread. */
  public Checkpointer(CheckpointPolicy policy, CheckpointStore store) {
    this(policy, store, daemon());
  }

  private Checkpointer(CheckpointPolicy policy, CheckpointStore store, ExecutorService executor) {
    this(policy, store, executor, executor::shutdown, System::nanoTime);
  }

  /**
   * Makes a checkpointer that writes with an executor.
   *
   * @param background writes checkpoints
   * @param closing is run by {@link #close}
   * @param nanoClock measures the time between checkpoints, and nothing else
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

  /** Returns a checkpointer that writes nothing, but can stop a training. */
  public static Checkpointer none() {
    return new Checkpointer(
        CheckpointPolicy.never(), checkpoint -> "", Runnable::run, () -> {}, System::nanoTime);
  }

  /** Sets how a snapshot of the next phase becomes a checkpoint. */
  public void complete(Function<LoopSnapshot, Checkpoint> snapshots) {
    completion = snapshots;
  }

  /** Takes checkpoints of this state from now on. */
  public void watch(CheckpointSubject state) {
    subject = state;
    due = false;
    changed = false;
  }

  /**
   * Takes a checkpoint if one is due after this step, and stops if asked to.
   *
   * @throws TrainingInterruptedException if {@link #requestStop} was called
   */
  public void stepFinished(long stepsPerEpoch) {
    CheckpointSubject state = subject;
    changed = true;
    // The checkpoint of the epoch's end follows at once and replaces that of its last step.
    boolean endsEpoch = state.step() == (state.epochs() + 1) * stepsPerEpoch;
    due |=
        policy.isDueAfterStep(state.step(), nanoClock.getAsLong() - lastTaken)
            && !(endsEpoch && policy.isDueAfterEpoch(state.epochs() + 1));
    saveIfDue(state);
    stopIfAsked();
  }

  /**
   * Takes a checkpoint if one is due after this epoch, and stops if asked to.
   *
   * @throws TrainingInterruptedException if {@link #requestStop} was called
   */
  public void epochFinished() {
    CheckpointSubject state = subject;
    changed = true;
    due |= policy.isDueAfterEpoch(state.epochs());
    saveIfDue(state);
    stopIfAsked();
  }

  /** Writes the final state of a phase unless it is written already, and forgets it. */
  public void phaseFinished() {
    inFlight.join();
    if (changed) {
      saveNow();
    }
    subject = null;
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
        lastSaved = new Saved(checkpoint.place(), store.save(checkpoint));
      } catch (RuntimeException e) {
        failed.incrementAndGet();
        LOG.warn("{}; training continues without this checkpoint", e.getMessage());
        LOG.debug("Cannot write a checkpoint", e);
      }
    }
  }

  /**
   * Writes the state after the last finished step, if the policy writes checkpoints and a phase is
   * in flight.
   *
   * @return the last checkpoint that was written, if any
   */
  public Optional<Saved> saveNow() {
    if (policy.isOn()) {
      try {
        CheckpointSubject state = subject; // read once: the training thread may clear it
        if (state != null) {
          write(completion.apply(state.snapshot()));
        }
      } catch (IllegalStateException e) {
        LOG.warn("{}; the newest checkpoint is of an earlier step", e.getMessage());
      }
    }
    return Optional.ofNullable(lastSaved);
  }

  /**
   * Writes the state after the last finished step when training fails. The failure gets a
   * suppressed {@link TrainingInterruptedException} that has the last checkpoint, if there is one.
   */
  public void rescue(RuntimeException failure) {
    Optional<Saved> saved = saveNow();
    if (saved.isPresent() && !(failure instanceof TrainingInterruptedException)) {
      failure.addSuppressed(new TrainingInterruptedException(saved));
    }
    subject = null;
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

  /** Returns whether a phase is in flight. */
  public boolean isTraining() {
    return subject != null;
  }

  /** Waits until training has stopped on request, and returns whether it has. */
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
    subject = null;
    inFlight.exceptionally(failure -> null).join();
    closing.run();
  }
}
