package chainrule.jobs.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Reads files of TensorBoard's events from their public description, with no code of the writer's:
 * its check sums are computed bit by bit, its messages are taken apart by hand.
 */
public final class EventReader {
  /** A point of a curve. */
  public record Point(long step, String tag, float value) {}

  private EventReader() {}

  /** Returns the points in their order; fails if a record's frame or the first record is wrong. */
  public static List<Point> points(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<Point> points = new ArrayList<>();
    boolean first = true;
    while (bytes.hasRemaining()) {
      int at = bytes.position();
      int length = Math.toIntExact(bytes.getLong());
      assertThat(bytes.getInt()).isEqualTo(masked(crc32c(file, at, 8)));
      byte[] message = new byte[length];
      bytes.get(message);
      assertThat(bytes.getInt()).isEqualTo(masked(crc32c(file, at + 12, length)));
      if (first) {
        List<String> versions = new ArrayList<>();
        fields(message, (field, value) -> versions.add(field == 3 ? text(value) : ""));
        assertThat(versions).contains("brain.Event:2");
        first = false;
      } else {
        points.addAll(event(message));
      }
    }
    return points;
  }

  private static List<Point> event(byte[] message) {
    long[] step = {0};
    List<Point> points = new ArrayList<>();
    fields(
        message,
        (field, value) -> {
          if (field == 1) {
            double seconds = number(value).getDouble(0);
            assertThat(seconds).isBetween(1.5e9, 1e10); // since 1970, not milliseconds
          } else if (field == 2) {
            step[0] = number(value).getLong(0);
          } else {
            assertThat(field).isEqualTo(5);
            fields(value, (inner, scalar) -> points.add(scalar(step[0], scalar)));
          }
        });
    return points;
  }

  private static Point scalar(long step, byte[] message) {
    String[] tag = {""};
    float[] scalar = {Float.NaN};
    fields(
        message,
        (field, value) -> {
          if (field == 1) {
            tag[0] = text(value);
          } else {
            assertThat(field).isEqualTo(2);
            scalar[0] = number(value).getFloat(0);
          }
        });
    return new Point(step, tag[0], scalar[0]);
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  private static ByteBuffer number(byte[] value) {
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Tells each field's number and bytes; those of a varint are a long's. */
  private static void fields(byte[] message, BiConsumer<Integer, byte[]> consumer) {
    int[] at = {0};
    while (at[0] < message.length) {
      int key = (int) varint(message, at);
      int length =
          switch (key & 7) {
            case 0 -> 0;
            case 1 -> 8;
            case 2 -> (int) varint(message, at);
            case 5 -> 4;
            default -> throw new AssertionError("wire type " + (key & 7));
          };
      byte[] value;
      if ((key & 7) == 0) {
        value =
            ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(varint(message, at))
                .array();
      } else {
        value = Arrays.copyOfRange(message, at[0], at[0] + length);
        at[0] += length;
      }
      consumer.accept(key >>> 3, value);
    }
  }

  private static long varint(byte[] bytes, int[] at) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[at[0]++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static int crc32c(byte[] bytes, int from, int count) {
    int crc = ~0;
    for (int i = from; i < from + count; i++) {
      crc ^= bytes[i] & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78); // Castagnoli's polynomial, reflected
      }
    }
    return ~crc;
  }

  private static int masked(int crc) {
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }
}
