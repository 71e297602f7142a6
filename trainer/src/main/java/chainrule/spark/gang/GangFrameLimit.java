package chainrule.spark.gang;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the connection of an unauthenticated client that sends a large message. Spark's transport
 * would read up to 2 GiB into memory before a handler could inspect the message.
 *
 * <p>Netty calls this handler before the transport's frame decoder; each frame begins with its
 * length. The handler passes all bytes on unchanged, and is removed when the first message with the
 * right token arrives.
 */
final class GangFrameLimit extends ChannelInboundHandlerAdapter {
  static final String NAME = "chainruleFrameLimit";

  /** Maximum frame length; authentication and the registration of a task need less. */
  static final int BYTES = 1 << 16;

  private static final Logger LOG = LoggerFactory.getLogger(GangFrameLimit.class);
  private static final int REFUSALS_LOGGED = 20;
  private static final AtomicInteger REFUSED = new AtomicInteger();

  // State of the current frame: the part of its length that has arrived, and the remaining bytes.
  private long length;
  private int lengthBytes;
  private long left;

  /** Removes the limit from a channel. */
  static void lift(Channel channel) {
    if (channel.pipeline().get(NAME) != null) {
      channel.pipeline().remove(NAME);
    }
  }

  @Override
  @SuppressWarnings(
      "FutureReturnValueIgnored") // the caller need not wait until the connection is closed
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes && !isSmall(bytes)) {
      if (REFUSED.incrementAndGet() <= REFUSALS_LOGGED) {
        LOG.warn(
            "Refused a connection from {}: a message of {} bytes before authentication (must be <= {})",
            context.channel().remoteAddress(),
            length,
            BYTES);
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
