package chainrule.spark.gang;

import chainrule.data.Block;
import chainrule.train.shard.Exchange;
import chainrule.train.shard.Request;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A request and its parameters (the weights) as bytes, which {@link GangChildReceiver} sends to
 * every executor below. They are encoded once. The buffers are reused: when the next request comes,
 * all executors have answered the previous one, and so have read it.
 *
 * <p>Threads may share it.
 */
final class GangWeightsMessage {
  /** Kind, number, chunk, request. */
  private static final int HEADER = 1 + 2 * Long.BYTES + Integer.BYTES + 3;

  private final List<ByteBuffer> buffers = new ArrayList<>();
  private long number;
  private int written;

  GangWeightsMessage(int parameterCount) {
    for (int i = 0; i < GangMessage.chunks(parameterCount); i++) {
      buffers.add(ByteBuffer.allocateDirect(size(i, parameterCount)));
    }
  }

  /** Returns a chunk of the weights; each receiver needs a separate call. */
  synchronized ByteBuffer chunk(Exchange.Question weights, int chunk) {
    if (weights.number() != number) {
      number = weights.number();
      written = 0;
    }
    for (; written <= chunk; written++) {
      put(buffers.get(written), number, written, weights.request(), weights.parameters());
    }
    return buffers.get(chunk).duplicate();
  }

  /** Returns the size of a chunk of weights in bytes. */
  static int size(int chunk, int parameterCount) {
    return HEADER + Float.BYTES * GangMessage.length(chunk, parameterCount);
  }

  /** Writes a request and a chunk of its parameters. */
  static void put(
      ByteBuffer buffer, long number, int chunk, Request<?> request, float[] parameters) {
    buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(GangMessage.Reply.WEIGHTS.code).putLong(number).putInt(chunk);
    if (request instanceof Request.Gradient gradient) {
      buffer.put((byte) 0).putLong(gradient.step()).put((byte) 0);
    } else {
      var evaluation = (Request.Evaluation) request;
      buffer.put((byte) 1).putLong(evaluation.part() == Block.Part.TRAINING ? 0 : 1);
      buffer.put((byte) (evaluation.ranked() ? 1 : 0));
    }
    GangMessage.putFloats(
        buffer,
        parameters,
        chunk * GangMessage.CHUNK,
        GangMessage.length(chunk, parameters.length));
    buffer.flip();
  }

  /** The header of a chunk of weights. */
  record Header(long number, int chunk, Request<?> request) {}

  /** Reads a chunk of weights into its place in the parameters. */
  static Header read(ByteBuffer body, float[] parameters) {
    long number = body.getLong();
    int chunk = body.getInt();
    boolean evaluates = body.get() != 0;
    long which = body.getLong();
    boolean ranked = body.get() != 0;
    GangMessage.readFloats(
        body, parameters, chunk * GangMessage.CHUNK, GangMessage.length(chunk, parameters.length));
    Request<?> request =
        evaluates
            ? new Request.Evaluation(
                which == 0 ? Block.Part.TRAINING : Block.Part.VALIDATION, ranked)
            : new Request.Gradient(which);
    return new Header(number, chunk, request);
  }
}
