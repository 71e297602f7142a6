package chainrule.train.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import chainrule.data.Block;
import chainrule.data.InputLayout;
import chainrule.data.LabelEncoding;
import chainrule.math.JavaKernels;
import chainrule.nn.Activation;
import chainrule.nn.HalfMse;
import chainrule.nn.Network;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Objective;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** Remembers what it is told. */
  private static final class Told implements Exchange.Listener {
    private final List<String> heard = new ArrayList<>();

    @Override
    public void asked(Exchange.Question question) {
      heard.add("question " + question.number() + " with " + question.parameters().length);
    }

    @Override
    public void ended() {
      heard.add("end");
    }
  }

  @Test
  void collectsAnswersFromElsewhereAndHandsOnWhatIsBelow() throws InterruptedException {
    List<Exchange.Question> answered = new ArrayList<>();
    // Shard 0 is answered here, shard 1 by a listener, shards 2 and 3 belong to others.
    var exchange = new Exchange(4, 2, answered::add);
    Thread worker = start(() -> exchange.work(worker(0, 4), () -> false));
    var told = new Told();
    exchange.listen(0, told);
    exchange.post(new Exchange.Question(7, new Request.Gradient(0), PARAMETERS));
    assertThat(told.heard).containsExactly("question 7 with 2");
    GradientBuffer other = exchange.emptyBuffer(() -> new GradientBuffer(2));
    other.gradientSum()[0] = 10;
    other.add(3, 1, 1);
    exchange.put(5, other);
    exchange.listen(7, told);
    exchange.answered(1, 1_000_000_000_000L);
    while (answered.isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(answered.get(0).request()).isEqualTo(new Request.Gradient(0));
    assertThat(exchange.takeComputeNanos()).isEqualTo(1_000_000_000_000L);
    List<String> nodes = new ArrayList<>();
    exchange.<GradientBuffer>takeAnswers(
        (node, sums) -> {
          nodes.add(node + ": " + Arrays.toString(sums.gradientSum()) + ", " + sums.rows());
          exchange.recycle(sums);
        });
    assertThat(nodes).containsExactly("2: [12.0, 1.0], 2");
    assertThat(exchange.emptyBuffer(() -> new GradientBuffer(2)).gradientSum())
        .containsExactly(0, 0);
    exchange.close();
    worker.join();
    assertThat(told.heard).containsExactly("question 7 with 2", "end");
  }

  @Test
  void tellsAListenerThatComesLateAtOnce() {
    var exchange = new Exchange(2, 2, done -> {});
    exchange.post(new Exchange.Question(1, new Request.Gradient(0), PARAMETERS));
    var told = new Told();
    exchange.listen(0, told);
    exchange.fail(new IllegalStateException("over"));
    exchange.listen(1, told);
    assertThat(told.heard).containsExactly("question 1 with 2", "end");
  }

  @Test
  void refusesToAnswerForMoreShardsThanThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Exchange(2, 3, done -> {}))
        .withMessage("Invalid shards below: 3 (must be 1 to 2)");
  }
}
