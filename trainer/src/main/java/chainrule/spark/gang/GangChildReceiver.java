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
 * The connection to an executor below, in the driver or in the head of a group: puts the executor's
 * sums into the exchange, and replies with the weights of the next request.
 *
 * <p>One thread of the transport at a time delivers the messages, in order.
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
  private Request<?> request = new Request.Gradient(0);
  private long sentAt;

  /**
   * @param outgoing the requests and weights of this exchange, as bytes
   * @param shards number of shards of the whole tree
   * @param answerNanos receives the time between each request and its answer
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
   * Receives a chunk of an answer; the last chunk completes it.
   *
   * @param body valid during the call only
   * @param callback gets a chunk of the next weights as its reply
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
        boolean ranked = ((Request.Evaluation) request).ranked();
        exchange.put(node, GangMessage.readMetrics(body, objective, ranked));
      }
    }
    callbacks.add(callback);
    if (callbacks.size() == chunks) {
      if (header.number() > 0) {
        answerNanos.accept(System.nanoTime() - sentAt);
      }
      gradients.forEach(exchange::put);
      gradients.clear();
      // In this order, because this answer may be the one that triggers the next request.
      exchange.listen(header.number(), this);
      exchange.answered(header.shards(), header.nanos());
    }
  }

  private GradientBuffer newBuffer() {
    return GradientBuffer.of(objective.network());
  }

  @Override
  public void asked(Exchange.Question weights) {
    request = weights.request();
    sentAt = System.nanoTime();
    List<RpcResponseCallback> waiting = List.copyOf(callbacks);
    callbacks.clear();
    for (int i = 0; i < waiting.size(); i++) {
      waiting.get(i).onSuccess(outgoing.chunk(weights, i));
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
