package chainrule.spark.gang;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shuts out who sends a large message before it has shown that it is of the training: Spark's
 * transport would take up to 2 GiB into memory before anybody could look at it.
 *
 * <p>Stands before the transport's decoder of frames, each of which begins with its length, and
 * goes as soon as a message with the token has come. Looks at bytes and passes all on.
 */
final class GangFrameLimit extends ChannelInboundHandlerAdapter {
  static final String NAME = "chainruleFrameLimit";

  /** More than tasks and authentication need to say who they are. */
  static final int BYTES = 1 << 16;

  private static final Logger LOG = LoggerFactory.getLogger(GangFrameLimit.class);
  private static final int REFUSALS_LOGGED = 20;
  private static final AtomicInteger REFUSED = new AtomicInteger();

  // The length of the frame that is coming in, as far as it is there, and what is left of the rest.
  private long length;
  private int lengthBytes;
  private long left;

  /** Lets a channel have messages of any size. */
  static void lift(Channel channel) {
    if (channel.pipeline().get(NAME) != null) {
      channel.pipeline().remove(NAME);
    }
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits until the door is shut
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes && !isSmall(bytes)) {
      if (REFUSED.incrementAndGet() <= REFUSALS_LOGGED) {
        LOG.warn(
            "Refused a connection from {}: a message of {} bytes from who has not shown to be of"
                + " this training",
            context.channel().remoteAddress(),
            length);
      }
      bytes.release();
      context.close();
      return;
    }
    context.fireChannelRead(message);
  }

  private boolean isSmall(ByteBuf bytes) {
    int at = bytes.readerIndex();
    while (at < bytes.writerIndex()) {
      if (left > 0) {
        long skipped = Math.min(left, bytes.writerIndex() - at);
        left -= skipped;
        at += (int) skipped;
        continue;
      }
      length = length << Byte.SIZE | bytes.getUnsignedByte(at++);
      lengthBytes++;
      if (lengthBytes == Long.BYTES) {
        if (length < 0 || length > BYTES) {
          return false;
        }
        left = length - Long.BYTES; // a frame's length counts itself
        length = 0;
        lengthBytes = 0;
      }
    }
    return true;
  }
}
