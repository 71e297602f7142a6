package chainrule.jobs.live;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FSDataOutputStream;

/**
 * A TensorBoard event file with scalars: a sequence of {@code Event} messages. Each record has the
 * length (eight bytes, little endian), its checksum, the message, and the checksum of the message.
 *
 * <p>When {@link #add} returns, readers see the point, if the file system supports that.
 *
 * <p>Source: tensorboard/compat/proto/event.proto and summary.proto for the messages, TensorFlow's
 * record_writer for the records.
 */
final class EventFile implements AutoCloseable {
  private static final String VERSION = "brain.Event:2";

  // Field numbers of Event, Summary and Summary.Value.
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;

  private static final int MASK = 0xa282ead8;

  /** Writes the fields of a message. */
  private interface Message {
    void writeTo(CodedOutputStream output) throws IOException;
  }

  private final FSDataOutputStream file;

  /**
   * @param file closed with this
   */
  EventFile(FSDataOutputStream file) {
    this.file = file;
    write(
        bytes(
            event -> {
              event.writeDouble(WALL_TIME, now());
              event.writeString(FILE_VERSION, VERSION);
            }));
  }

  /** Adds a point to the curve of each name. */
  void add(long step, Map<String, Double> scalars) {
    byte[] summary =
        bytes(
            output -> {
              for (Map.Entry<String, Double> scalar : scalars.entrySet()) {
                output.writeByteArray(
                    VALUE,
                    bytes(
                        value -> {
                          value.writeString(TAG, scalar.getKey());
                          value.writeFloat(SIMPLE_VALUE, scalar.getValue().floatValue());
                        }));
              }
            });
    write(
        bytes(
            event -> {
              event.writeDouble(WALL_TIME, now());
              event.writeInt64(STEP, step);
              event.writeByteArray(SUMMARY, summary);
            }));
  }

  private static double now() {
    return System.currentTimeMillis() / 1000.0;
  }

  private static byte[] bytes(Message message) {
    var bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream output = CodedOutputStream.newInstance(bytes);
      message.writeTo(output);
      output.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to memory: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  private void write(byte[] message) {
    byte[] length = littleEndian(Long.BYTES).putLong(0, message.length).array();
    try {
      file.write(length);
      file.write(littleEndian(Integer.BYTES).putInt(0, maskedCrc(length)).array());
      file.write(message);
      file.write(littleEndian(Integer.BYTES).putInt(0, maskedCrc(message)).array());
      file.hflush();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write events: " + e.getMessage(), e);
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Masked as in TensorFlow: the CRC of data that contain their own CRC would be a constant. */
  private static int maskedCrc(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write events: " + e.getMessage(), e);
    }
  }
}
