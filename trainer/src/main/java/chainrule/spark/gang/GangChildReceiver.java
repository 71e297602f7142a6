package chainrule.spark.gang;

import chainrule.math.Check;
import chainrule.train.shard.Exchange;
import chainrule.train.shard.Request;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Objective;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.spark.network.client.RpcResponseCallback;

/**
 * An executor as the one sees it to whom it sends its sums: brings them to the exchange, and
 * answers with the next question.
 *
 * <p>Messages come one after the other, on one thread of the transport at a time.
 */
final class GangChildReceiver implements Exchange.Listener {
  private final Exchange exchange;
  private final Objective objective;
  private final GangWeightsMessage outgoing;
  private final int chunks;
  private final int lastNode;
  private final LongConsumer answerNanos;
  private final Map<Integer, GradientBuffer> gradients = new LinkedHashMap<>();
  private final List<RpcResponseCallback> callbacks = new ArrayList<>();
  private Request<?> asked = new Request.Gradient(0);
  private long askedAt;

  /**
   * @param outgoing the questions of this exchange, as bytes
   * @param shards of the whole tree
   * @param answerNanos is told how long each answer took to come
   */
  GangChildReceiver(
      Exchange exchange,
      Objective objective,
      GangWeightsMessage outgoing,
      int shards,
      LongConsumer answerNanos) {
    this.answerNanos = answerNanos;
    this.exchange = exchange;
    this.objective = objective;
    this.outgoing = outgoing;
    this.chunks = GangMessage.chunks(objective.network().parameterCount());
    this.lastNode = 2 * shards - 1;
  }

  /**
   * Takes a chunk of an answer; with the last one the answer is complete.
   *
   * @param body valid during the call only
   * @param callback is answered with a chunk of the next question
   */
  void receive(ByteBuffer body, RpcResponseCallback callback) {
    var header = GangMessage.AnswerHeader.read(body);
    Check.argument(
        header.chunk() == callbacks.size(), "chunk", header.chunk(), "" + callbacks.size());
    for (int i = 0; i < header.nodes(); i++) {
      int node = body.getInt();
      Check.argument(node > 0 && node <= lastNode, "node", node, "1 to " + lastNode);
      if (!header.metrics()) {
        GradientBuffer gradient =
            gradients.computeIfAbsent(node, unseen -> exchange.emptyBuffer(this::newBuffer));
        GangMessage.readGradient(body, header.chunk(), gradient);
      } else if (header.chunk() == 0) {
        boolean ranked = ((Request.Evaluation) asked).ranked();
        exchange.put(node, GangMessage.readMetrics(body, objective, ranked));
      }
    }
    callbacks.add(callback);
    if (callbacks.size() == chunks) {
      if (header.number() > 0) {
        answerNanos.accept(System.nanoTime() - askedAt);
      }
      gradients.forEach(exchange::put);
      gradients.clear();
      // First this: the next question may come of the answer.
      exchange.listen(header.number(), this);
      exchange.answered(header.shards(), header.nanos());
    }
  }

  private GradientBuffer newBuffer() {
    return GradientBuffer.of(objective.network());
  }

  @Override
  public void asked(Exchange.Question question) {
    asked = question.request();
    askedAt = System.nanoTime();
    List<RpcResponseCallback> waiting = List.copyOf(callbacks);
    callbacks.clear();
    for (int i = 0; i < waiting.size(); i++) {
      waiting.get(i).onSuccess(outgoing.chunk(question, i));
    }
  }

  @Override
  public void ended() {
    for (RpcResponseCallback callback : List.copyOf(callbacks)) {
      callback.onSuccess(GangMessage.reply(GangMessage.Reply.END));
    }
    callbacks.clear();
  }
}
