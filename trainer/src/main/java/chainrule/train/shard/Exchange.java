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
 * Passes questions to the workers inside one JVM, and merges their answers. A question is posted.
 * Worker threads answer it for their shards. {@link Listener}s are notified of it and answer for
 * shards elsewhere. The thread that brings the second of two siblings merges them, and the thread
 * that completes the answers of all shards below passes them on.
 *
 * <p>A training in one JVM has one exchange. A training over several has one in each, and the
 * exchanges form a tree: each is a listener of the one above.
 *
 * <p>Any number of worker threads call {@link #work}; there is one question at a time. Parameters
 * are shared, not copied: they are only read between the question and the last answer.
 */
public final class Exchange {
  /** How often a waiting worker checks whether it was cancelled. */
  private static final long CANCEL_MILLIS = 200;

  /**
   * How long a worker polls for the next question before it sleeps. On a virtual machine, whose
   * host reassigns idle cores, waking up takes 50 to 200 µs, as long as a step of a small network.
   */
  private static final long POLL_NANOS = 50_000;

  /** A request and the parameters to answer it with. Questions are numbered from 1. */
  public static final class Question {
    private final long number;
    private final Request<?> request;
    private final float[] parameters;

    /**
     * Makes a question. The parameters are not copied, and must not change until it is answered.
     */
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

    /** Returns the parameters, P values, not a copy: to be read until the question is answered. */
    public float[] parameters() {
      return parameters;
    }
  }

  /** Is notified of questions that are answered outside this JVM. */
  public interface Listener {
    /** The question that the listener waited for was posted. */
    void asked(Question question);

    /** There will be no further question. */
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

  /** Written under the monitor; workers also read it without. */
  private volatile Question question = NONE;

  private boolean answered;
  private boolean closed;
  private Throwable failure;
  private long totalComputeNanos;

  /** Makes an exchange whose questions are asked in this JVM, through {@link #ask}. */
  public Exchange(int shards) {
    this.tree = new ShardTree(shards);
    this.shardsBelow = shards;
    this.collector = new ShardTree.Collector<>(shards);
    this.whenAnswered = done -> wake();
  }

  /**
   * Makes an exchange whose questions come from elsewhere, through {@link #post}.
   *
   * @param shards number of shards of the whole tree
   * @param shardsBelow number of shards that are answered for here
   * @param whenAnswered is called when their answers are complete, to {@link #takeAnswers}
   */
  public Exchange(int shards, int shardsBelow, Consumer<Question> whenAnswered) {
    Check.argument(
        shardsBelow > 0 && shardsBelow <= shards, "shards below", shardsBelow, "1 to " + shards);
    this.tree = new ShardTree(shards);
    this.shardsBelow = shardsBelow;
    this.collector = new ShardTree.Collector<>(shards);
    this.whenAnswered = Objects.requireNonNull(whenAnswered, "whenAnswered");
  }

  /** Posts a question to all workers and listeners. The one before must have been answered. */
  public void post(Question next) {
    List<Listener> notified;
    synchronized (monitor) {
      missingShards.set(shardsBelow);
      answered = false;
      question = next;
      notified = List.copyOf(listeners);
      listeners.clear();
      monitor.notifyAll();
    }
    notified.forEach(listener -> listener.asked(next));
  }

  /**
   * Posts a question and waits for the merged answer.
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
   * Notifies a listener of the first question after {@code last}, now or when it is posted. It is
   * notified once: of one question, or of the end.
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
   * @param cancelled returns whether to end the work
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

  /** Adds the sums of a node that were computed elsewhere; a call of {@link #answered} follows. */
  @SuppressWarnings("unchecked") // see ask
  public <S extends Sums<S>> void put(int node, S sums) {
    ((ShardTree.Collector<S>) collector).put(node, sums, this::recycle);
  }

  /**
   * Counts shards as answered, after their nodes were put.
   *
   * @param nanos time it took to compute the answers, for the history
   */
  public void answered(int shards, long nanos) {
    computeNanos.accumulateAndGet(nanos, Math::max);
    if (missingShards.addAndGet(-shards) == 0) {
      whenAnswered.accept(question);
    }
  }

  /** Calls {@code action} with the merged answers, the largest nodes, and forgets them. */
  @SuppressWarnings("unchecked") // see ask
  public <S extends Sums<S>> void takeAnswers(BiConsumer<Integer, S> action) {
    ((ShardTree.Collector<S>) collector).take(action);
  }

  private Optional<Question> next(long last, BooleanSupplier cancelled) {
    poll(last);
    synchronized (monitor) {
      while (question.number == last && !isOver() && !cancelled.getAsBoolean()) {
        await(CANCEL_MILLIS);
      }
      return question.number == last || isOver() ? Optional.empty() : Optional.of(question);
    }
  }

  /** Polls for the next question, for {@link #POLL_NANOS} at most. */
  @SuppressWarnings("ThreadPriorityCheck") // if workers outnumber cores, others should run first
  private void poll(long last) {
    long start = System.nanoTime();
    while (question.number == last && System.nanoTime() - start < POLL_NANOS) {
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

  /** Ends the exchange: the question in flight fails with this cause, and workers return. */
  public void fail(Throwable cause) {
    end(
        () -> {
          if (failure == null && !closed) {
            failure = cause;
          }
        });
  }

  /** Ends the exchange: workers return. */
  public void close() {
    end(() -> closed = true);
  }

  private void end(Runnable how) {
    List<Listener> notified;
    synchronized (monitor) {
      how.run();
      notified = List.copyOf(listeners);
      listeners.clear();
      monitor.notifyAll();
    }
    notified.forEach(Listener::ended);
  }

  /** Takes back sums that are no longer needed, to reuse a buffer. */
  public void recycle(Sums<?> sums) {
    if (sums instanceof GradientBuffer buffer) {
      spareBuffers.add(buffer);
    }
  }

  /** Returns an empty buffer: a recycled one if there is one, otherwise a new one. */
  public GradientBuffer emptyBuffer(Supplier<GradientBuffer> maker) {
    GradientBuffer spare = spareBuffers.poll();
    if (spare == null) {
      return maker.get();
    }
    spare.clear();
    return spare;
  }

  /** Returns and resets the time in which the slowest worker computed its last answer. */
  public long takeComputeNanos() {
    return computeNanos.getAndSet(0);
  }

  /** Returns and resets the time of the slowest worker, summed over the calls of {@link #ask}. */
  public double takeComputeSeconds() {
    double seconds = totalComputeNanos * 1e-9;
    totalComputeNanos = 0;
    return seconds;
  }
}
