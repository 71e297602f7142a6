package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import chainrule.data.Block;
import chainrule.data.InputLayout;
import chainrule.data.LabelEncoding;
import chainrule.math.JavaKernels;
import chainrule.nn.Activation;
import chainrule.nn.HalfMse;
import chainrule.nn.Network;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExchangeTest {
  private static final Objective OBJECTIVE =
      new Objective(
          Network.perceptron(1, List.of(), Activation.TANH, 0, 1, Activation.IDENTITY),
          new HalfMse(),
          InputLayout.dense(1),
          new LabelEncoding.Scale(0, 1));
  private static final float[] PARAMETERS = {1, 0};

  /** A worker of one shard with one row, x = 2 and y = 1. */
  private static ShardWorker worker(int shard, int shards) {
    Block.Builder block = Block.builder(Block.Part.TRAINING, 1, 1, 1);
    block.add(new float[] {2}, new float[] {1}, 1);
    Shard only = Shard.of(shard, OBJECTIVE.layout(), List.of(block.build()));
    var plan = new StepPlan(shards, shards, shards, 1);
    return new ShardWorker(OBJECTIVE, plan, new JavaKernels(), List.of(only));
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((where, e) -> {});
    thread.start();
    return thread;
  }

  @Test
  void mergesTheAnswersOfAllWorkers() throws InterruptedException {
    var exchange = new Exchange(2);
    Thread first = start(() -> exchange.work(worker(0, 2), () -> false));
    Thread second = start(() -> exchange.work(worker(1, 2), () -> false));
    for (int step = 0; step < 100; step++) {
      GradientBuffer sums = exchange.ask(new Request.Gradient(step), PARAMETERS);
      // d½(w·x + b − y)² = (1·2 − 1) · (2, 1), twice.
      assertThat(sums.gradientSum()).containsExactly(4, 2);
      assertThat(sums.lossSum()).isEqualTo(1);
      assertThat(sums.rows()).isEqualTo(2);
    }
    exchange.close();
    first.join();
    second.join();
  }

  @Test
  void failsTheQuestionInFlightAndEndsTheWorkers() throws InterruptedException {
    var exchange = new Exchange(2);
    Thread worker = start(() -> exchange.work(worker(0, 2), () -> false));
    var cause = new IllegalStateException("the executor is lost");
    start(() -> exchange.fail(cause));
    assertThatExceptionOfType(WorkerFailedException.class)
        .isThrownBy(() -> exchange.ask(new Request.Gradient(0), PARAMETERS))
        .withMessage("Cannot compute: a worker failed: the executor is lost")
        .withCause(cause);
    worker.join();
    exchange.fail(new IllegalStateException("later"));
    assertThatExceptionOfType(WorkerFailedException.class)
        .isThrownBy(() -> exchange.ask(new Request.Gradient(0), PARAMETERS))
        .withCause(cause);
  }

  @Test
  void keepsTheInterruptOfAWaitingDriverAndSaysSo() {
    var exchange = new Exchange(1);
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(WorkerFailedException.class)
        .isThrownBy(() -> exchange.ask(new Request.Gradient(0), PARAMETERS))
        .withMessage("Cannot compute: a worker failed: InterruptedException")
        .withCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void failsTheQuestionWhenAWorkerIsInterrupted() throws InterruptedException {
    var exchange = new Exchange(1);
    Thread worker = start(() -> exchange.work(worker(0, 1), () -> false));
    worker.interrupt();
    worker.join();
    assertThatExceptionOfType(WorkerFailedException.class)
        .isThrownBy(() -> exchange.ask(new Request.Gradient(0), PARAMETERS))
        .withCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void letsACancelledWorkerGo() throws InterruptedException {
    var exchange = new Exchange(1);
    var cancelled = new AtomicBoolean();
    var asked = new CountDownLatch(1);
    Thread worker =
        start(
            () ->
                exchange.work(
                    worker(0, 1),
                    () -> {
                      asked.countDown();
                      return cancelled.get();
                    }));
    asked.await();
    cancelled.set(true);
    worker.join();
    assertThat(worker.isAlive()).isFalse();
  }

  @Test
  void endsAQuestionInFlightWhenClosed() {
    var exchange = new Exchange(1);
    start(exchange::close);
    assertThatIllegalStateException()
        .isThrownBy(() -> exchange.ask(new Request.Gradient(0), PARAMETERS))
        .withMessage("Cannot ask: the exchange is closed");
    exchange.fail(new IllegalStateException("too late to matter"));
    assertThatIllegalStateException()
        .isThrownBy(() -> exchange.ask(new Request.Gradient(0), PARAMETERS));
  }
}
