package chainrule.train.shard;

import chainrule.math.Check;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.ShardTree;
import chainrule.train.sums.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A meeting place of who asks and who answers inside one JVM. A question is posted; workers answer
 * for their shards, others, who hear of it through a {@link Listener}, for theirs; answers are
 * merged by whoever brings the second of two siblings; and when the answers of all shards below are
 * in, the last one to bring some hands them on.
 *
 * <p>A training in one JVM has one exchange. A training over many has one in each, and the
 * exchanges form a tree: each is a listener of the one above.
 *
 * <p>Any number of worker threads each call {@link #work}; one question at a time. Shared memory,
 * no copies: parameters are only read between the question and the last answer.
 */
public final class Exchange {
  /** How often a waiting worker looks whether it was cancelled. */
  private static final long POLL_MILLIS = 200;

  /**
   * How long a worker looks for the next question before it sleeps. On a virtual machine, whose
   * idle cores are given away, waking it takes 50 to 200 µs, as long as a step of a small network.
   */
  private static final long LOOK_NANOS = 50_000;

  /** A request and the parameters to answer it with; numbered from 1, so that none is mixed up. */
  public static final class Question {
    private final long number;
    private final Request<?> request;
    private final float[] parameters;

    /** Asks; the parameters are not copied, and must not change before all have answered. */
    public Question(long number, Request<?> request, float[] parameters) {
      this.number = number;
      this.request = Objects.requireNonNull(request, "request");
      this.parameters = Objects.requireNonNull(parameters, "parameters");
    }

    public long number() {
      return number;
    }

    public Request<?> request() {
      return request;
    }

    /** Returns P values, not a copy: to be read until the question is answered. */
    public float[] parameters() {
      return parameters;
    }
  }

  /** Who answers from outside this JVM. */
  public interface Listener {
    /** Is told the question that was waited for. */
    void asked(Question question);

    /** Is told that no question comes any more. */
    void ended();
  }

  private static final Question NONE = new Question(0, new Request.Gradient(0), new float[0]);

  private final int shardsBelow;
  private final ShardTree tree;
  private final Consumer<Question> whenAnswered;
  private final ShardTree.Collector<?> collector;
  private final Queue<GradientBuffer> spareBuffers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger missingShards = new AtomicInteger();
  private final AtomicLong computeNanos = new AtomicLong();
  private final Object monitor = new Object();
  private final List<Listener> listeners = new ArrayList<>();

  /** Written under the monitor; workers look at it outside. */
  private volatile Question question = NONE;

  private boolean answered;
  private boolean closed;
  private Throwable failure;
  private long totalComputeNanos;

  /** Makes the exchange in which the one who asks takes part, through {@link #ask}. */
  public Exchange(int shards) {
    this.tree = new ShardTree(shards);
    this.shardsBelow = shards;
    this.collector = new ShardTree.Collector<>(shards);
    this.whenAnswered = done -> wake();
  }

  /**
   * Makes an exchange whose questions come from elsewhere, through {@link #post}.
   *
   * @param shards of the whole tree
   * @param shardsBelow how many of them are answered for here
   * @param whenAnswered is called when their answers are in, to take them with {@link #takeAnswers}
   */
  public Exchange(int shards, int shardsBelow, Consumer<Question> whenAnswered) {
    Check.argument(
        shardsBelow > 0 && shardsBelow <= shards, "shards below", shardsBelow, "1 to " + shards);
    this.tree = new ShardTree(shards);
    this.shardsBelow = shardsBelow;
    this.collector = new ShardTree.Collector<>(shards);
    this.whenAnswered = Objects.requireNonNull(whenAnswered, "whenAnswered");
  }

  /** Asks a question of all who wait for one. The one before must have been answered. */
  public void post(Question next) {
    List<Listener> told;
    synchronized (monitor) {
      missingShards.set(shardsBelow);
      answered = false;
      question = next;
      told = List.copyOf(listeners);
      listeners.clear();
      monitor.notifyAll();
    }
    told.forEach(listener -> listener.asked(next));
  }

  /**
   * Asks all and waits for the merged answer.
   *
   * @throws WorkerFailedException if a worker failed, or {@link #fail} was called meanwhile
   */
  @SuppressWarnings("unchecked") // workers answer a request with its own kind of sums
  public <S extends Sums<S>> S ask(Request<S> request, float[] parameters) {
    post(new Question(lastNumber() + 1, request, parameters));
    synchronized (monitor) {
      while (!answered && failure == null && !closed) {
        await(0);
      }
      if (failure != null) {
        throw new WorkerFailedException(failure);
      }
      if (closed) {
        throw new IllegalStateException("Cannot ask: the exchange is closed");
      }
    }
    totalComputeNanos += takeComputeNanos();
    return ((ShardTree.Collector<S>) collector).takeRoot();
  }

  private long lastNumber() {
    synchronized (monitor) {
      return question.number;
    }
  }

  private void wake() {
    synchronized (monitor) {
      answered = true;
      monitor.notifyAll();
    }
  }

  /**
   * Tells a listener of the first question after {@code last}: now, or when it is posted. It hears
   * of one question, or of the end.
   */
  public void listen(long last, Listener listener) {
    Question next;
    synchronized (monitor) {
      if (!isOver() && question.number <= last) {
        listeners.add(listener);
        return;
      }
      next = question;
    }
    if (next.number > last) {
      listener.asked(next);
    } else {
      listener.ended();
    }
  }

  private boolean isOver() {
    return closed || failure != null;
  }

  /**
   * Answers questions until the exchange is closed or fails.
   *
   * @param cancelled ends the work when it says so
   */
  public void work(ShardWorker worker, BooleanSupplier cancelled) {
    long last = 0;
    for (Optional<Question> next = next(last, cancelled);
        next.isPresent();
        next = next(last, cancelled)) {
      last = next.get().number;
      try {
        answer(worker, next.get().request, next.get().parameters);
      } catch (Throwable e) {
        fail(e);
        throw e;
      }
    }
  }

  private <S extends Sums<S>> void answer(
      ShardWorker worker, Request<S> request, float[] parameters) {
    @SuppressWarnings("unchecked") // see ask
    var typed = (ShardTree.Collector<S>) collector;
    GradientBuffer spare = spareBuffers.poll();
    if (spare != null) {
      worker.recycle(spare);
    }
    int[] shards = {0};
    worker.answer(
        request,
        parameters,
        (node, sums) -> {
          typed.put(node, sums, worker::recycle);
          shards[0] += tree.shardsBelow(node);
        });
    answered(shards[0], worker.takeComputeNanos());
  }

  /** Adds the sums of a node that come from elsewhere; {@link #answered} follows. */
  @SuppressWarnings("unchecked") // see ask
  public <S extends Sums<S>> void put(int node, S sums) {
    ((ShardTree.Collector<S>) collector).put(node, sums, this::recycle);
  }

  /**
   * Says that so many shards were answered for, of all whose nodes were put.
   *
   * @param nanos how long that took to compute, for the history
   */
  public void answered(int shards, long nanos) {
    computeNanos.accumulateAndGet(nanos, Math::max);
    if (missingShards.addAndGet(-shards) == 0) {
      whenAnswered.accept(question);
    }
  }

  /** Gives the merged answers, the largest nodes there are, and forgets them. */
  @SuppressWarnings("unchecked") // see ask
  public <S extends Sums<S>> void takeAnswers(BiConsumer<Integer, S> action) {
    ((ShardTree.Collector<S>) collector).take(action);
  }

  private Optional<Question> next(long last, BooleanSupplier cancelled) {
    look(last);
    synchronized (monitor) {
      while (question.number == last && !isOver() && !cancelled.getAsBoolean()) {
        await(POLL_MILLIS);
      }
      return question.number == last || isOver() ? Optional.empty() : Optional.of(question);
    }
  }

  /** Returns soon after a question comes, or after a while. */
  @SuppressWarnings("ThreadPriorityCheck") // where workers outnumber cores, others shall go first
  private void look(long last) {
    long start = System.nanoTime();
    while (question.number == last && System.nanoTime() - start < LOOK_NANOS) {
      Thread.yield();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // both callers loop
  private void await(long millis) {
    try {
      monitor.wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (failure == null) {
        failure = e;
      }
      monitor.notifyAll();
    }
  }

  /** Ends everything: the question in flight fails with this cause, the workers leave. */
  public void fail(Throwable cause) {
    end(
        () -> {
          if (failure == null && !closed) {
            failure = cause;
          }
        });
  }

  /** Ends everything in order: the workers leave. */
  public void close() {
    end(() -> closed = true);
  }

  private void end(Runnable how) {
    List<Listener> told;
    synchronized (monitor) {
      how.run();
      told = List.copyOf(listeners);
      listeners.clear();
      monitor.notifyAll();
    }
    told.forEach(Listener::ended);
  }

  /** Takes back sums that were used, so that a buffer of them is used again. */
  public void recycle(Sums<?> sums) {
    if (sums instanceof GradientBuffer buffer) {
      spareBuffers.add(buffer);
    }
  }

  /** Returns an empty buffer: one that was used, if there is one, or else a new one. */
  public GradientBuffer emptyBuffer(Supplier<GradientBuffer> maker) {
    GradientBuffer spare = spareBuffers.poll();
    if (spare == null) {
      return maker.get();
    }
    spare.clear();
    return spare;
  }

  /** Returns the time the slowest took to compute the question's answer, and forgets it. */
  public long takeComputeNanos() {
    return computeNanos.getAndSet(0);
  }

  /** Returns the time the slowest computed for each {@link #ask} since this was last called. */
  public double takeComputeSeconds() {
    double seconds = totalComputeNanos * 1e-9;
    totalComputeNanos = 0;
    return seconds;
  }
}
