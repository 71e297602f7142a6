package chainrule.spark.gang;

import chainrule.train.shard.Exchange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Questions as bytes, written once for all who are asked, into buffers that are used again: when
 * the next question is asked, everybody has answered the last, and so has read it.
 *
 * <p>Threads may share it.
 */
final class GangWeightsMessage {
  private final List<ByteBuffer> buffers = new ArrayList<>();
  private long number;
  private int written;

  GangWeightsMessage(int parameterCount) {
    for (int i = 0; i < GangMessage.chunks(parameterCount); i++) {
      buffers.add(ByteBuffer.allocateDirect(GangMessage.questionSize(i, parameterCount)));
    }
  }

  /** Returns a chunk of the question, to be read by one. */
  synchronized ByteBuffer chunk(Exchange.Question question, int chunk) {
    if (question.number() != number) {
      number = question.number();
      written = 0;
    }
    for (; written <= chunk; written++) {
      GangMessage.putQuestion(
          buffers.get(written), number, written, question.request(), question.parameters());
    }
    return buffers.get(chunk).duplicate();
  }
}
