package chainrule.spark.gang;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class GangFrameLimitTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();

  GangFrameLimitTest() {
    channel.pipeline().addLast(GangFrameLimit.NAME, new GangFrameLimit());
  }

  /** Returns a frame, or its beginning. */
  private static ByteBuf frame(long length, int bytes) {
    return Unpooled.buffer().writeLong(length).writeZero(bytes - Long.BYTES);
  }

  /** Writes bytes in pieces of a size, and returns how many came through. */
  private int write(ByteBuf bytes, int piece) {
    while (bytes.isReadable() && channel.isOpen()) {
      channel.writeInbound(bytes.readBytes(Math.min(piece, bytes.readableBytes())));
    }
    int came = 0;
    for (ByteBuf in = channel.readInbound(); in != null; in = channel.readInbound()) {
      came += in.readableBytes();
    }
    return came;
  }

  @Test
  void smallMessagesPassHoweverTheyAreCut() {
    int limit = GangFrameLimit.BYTES;
    for (int piece : new int[] {1, 7, 8, 9, 1000, 3 * limit}) {
      ByteBuf frames = Unpooled.wrappedBuffer(frame(8, 8), frame(21, 21), frame(limit, limit));
      assertThat(write(frames, piece)).as("in pieces of %d", piece).isEqualTo(29 + limit);
      assertThat(channel.isOpen()).isTrue();
    }
  }

  @Test
  void aLargeMessageShutsTheDoorByItsLengthAlone() {
    for (long length : new long[] {GangFrameLimit.BYTES + 1, 1L << 40, -1}) {
      var refused = new EmbeddedChannel(new GangFrameLimit());
      refused.writeInbound(frame(10, 10));
      assertThat(refused.isOpen()).isTrue();
      refused.writeInbound(frame(length, 30));
      assertThat(refused.isOpen()).as("of %d", length).isFalse();
      ((ByteBuf) refused.readInbound()).release();
      assertThat(refused.inboundMessages()).isEmpty();
    }
  }

  @Test
  void whoHasShownTheTokenMaySendLargeMessages() {
    GangFrameLimit.lift(channel);
    GangFrameLimit.lift(channel); // as with each message
    assertThat(write(frame(1 << 20, 1 << 20), 4096)).isEqualTo(1 << 20);
    assertThat(channel.isOpen()).isTrue();
  }
}
