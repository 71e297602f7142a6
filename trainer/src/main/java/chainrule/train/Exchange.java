package chainrule.train;

import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The meeting place of a driver and its workers inside one JVM: the driver asks, each worker
 * answers for its shards, and the answers are merged by whoever brings the second of two siblings.
 *
 * <p>One driver thread calls {@link #ask}; any number of worker threads each call {@link #work}.
 * Shared memory, no copies: parameters are only read between the question and the last answer.
 */
public final class Exchange {
  /** How often a waiting worker looks whether it was cancelled. */
  private static final long POLL_MILLIS = 200;

  /** A request and the parameters to answer it with; numbered, so that no worker answers twice. */
  private static final class Question {
    private final long number;
    private final Request<?> request;
    private final float[] parameters;

    Question(long number, Request<?> request, float[] parameters) {
      this.number = number;
      this.request = request;
      this.parameters = parameters;
    }
  }

  private final ShardTree.Collector<?> collector;
  private final Queue<GradientBuffer> spareBuffers = new ConcurrentLinkedQueue<>();
  private final AtomicLong computeNanos = new AtomicLong();
  private final Object monitor = new Object();
  private Question question = new Question(0, new Request.Gradient(0), new float[0]);
  private boolean answered;
  private boolean closed;
  private Throwable failure;
  private long totalComputeNanos;

  public Exchange(int shards) {
    this.collector = new ShardTree.Collector<>(shards);
  }

  /**
   * Asks all workers and waits for the merged answer.
   *
   * @throws WorkerFailedException if a worker failed, or {@link #fail} was called meanwhile
   */
  @SuppressWarnings("unchecked") // workers answer a request with its own kind of sums
  public <S extends Sums<S>> S ask(Request<S> request, float[] parameters) {
    Objects.requireNonNull(request, "request");
    synchronized (monitor) {
      answered = false;
      question = new Question(question.number + 1, request, parameters);
      monitor.notifyAll();
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
    totalComputeNanos += computeNanos.getAndSet(0);
    return ((ShardTree.Collector<S>) collector).takeRoot();
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
    boolean[] complete = {false};
    worker.answer(
        request, parameters, (node, sums) -> complete[0] |= typed.put(node, sums, worker::recycle));
    computeNanos.accumulateAndGet(worker.takeComputeNanos(), Math::max);
    if (complete[0]) {
      synchronized (monitor) {
        answered = true;
        monitor.notifyAll();
      }
    }
  }

  private Optional<Question> next(long last, BooleanSupplier cancelled) {
    synchronized (monitor) {
      while (question.number == last && !closed && failure == null && !cancelled.getAsBoolean()) {
        await(POLL_MILLIS);
      }
      boolean over = question.number == last || closed || failure != null;
      return over ? Optional.empty() : Optional.of(question);
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

  /** Ends everything: the driver's question fails with this cause, the workers leave. */
  public void fail(Throwable cause) {
    synchronized (monitor) {
      if (failure == null && !closed) {
        failure = cause;
      }
      monitor.notifyAll();
    }
  }

  /** Ends everything in order: the workers leave. */
  public void close() {
    synchronized (monitor) {
      closed = true;
      monitor.notifyAll();
    }
  }

  /** Takes back a buffer that {@link #ask} returned, so that a worker uses it again. */
  public void recycle(GradientBuffer buffer) {
    spareBuffers.add(buffer);
  }

  /** Returns the time the slowest worker computed for each question since this was last called. */
  public double takeComputeSeconds() {
    double seconds = totalComputeNanos * 1e-9;
    totalComputeNanos = 0;
    return seconds;
  }
}
