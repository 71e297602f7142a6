package chainrule.spark.gang;

import chainrule.math.Check;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.MetricSums;
import chainrule.train.sums.Objective;
import chainrule.train.sums.Sums;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * The messages between executors and the driver, as bytes: little endian, floats in IEEE 754. Every
 * message from an executor starts with its kind, the training's token and the attempt; every reply
 * starts with its kind. {@link GangWeightsMessage} has the reply that carries parameters.
 *
 * <p>Large vectors are sent in chunks of up to {@value #CHUNK} floats, so that one chunk is added
 * or copied while the next is sent. A vector of P floats takes {@link #chunks} messages, and the
 * replies to them carry as many chunks of the next parameters.
 */
final class GangMessage {
  /** The kind of a message from an executor. */
  enum Kind {
    /** A task registers: partition, task attempt, executor, host, port. The reply is GO or END. */
    REGISTER(1),
    /** A task has loaded its shards: partition, task attempt. */
    READY(2),
    /** A task failed: partition, task attempt, kind of failure, text. */
    FAIL(3),
    /** An executor is alive: its id. There is no reply. */
    PING(4),
    /** The sums of all shards below an executor. The reply is WEIGHTS or END. */
    ANSWER(5);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    private static Kind of(byte code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw Check.invalid("kind of message", code, "1 to 5");
    }
  }

  /** The kind of a reply. */
  enum Reply {
    /** The message was received. */
    DONE(1),
    /** All tasks are ready: the executor's place in the tree. */
    GO(2),
    /** The next request and the parameters for it. */
    WEIGHTS(3),
    /** The attempt has ended. */
    END(4);

    final byte code;

    Reply(int code) {
      this.code = (byte) code;
    }

    private static Reply of(byte code) {
      for (Reply reply : values()) {
        if (reply.code == code) {
          return reply;
        }
      }
      throw Check.invalid("kind of reply", code, "1 to 4");
    }
  }

  /** Floats in a chunk: 1 MiB. */
  static final int CHUNK = 1 << 18;

  private static final int HEADER = 1 + 2 * Long.BYTES + Integer.BYTES;
  private static final int ANSWER_HEADER =
      HEADER + 2 * Long.BYTES + 3 * Integer.BYTES + 1; // see AnswerHeader

  private GangMessage() {}

  /** Returns how many messages a vector takes; one if it is empty. */
  static int chunks(int parameterCount) {
    return Math.max(1, (parameterCount + CHUNK - 1) / CHUNK);
  }

  /** Returns how many floats of a vector are in a chunk. */
  static int length(int chunk, int parameterCount) {
    return Math.min(CHUNK, parameterCount - chunk * CHUNK);
  }

  /** Starts a message in a buffer that is large enough. */
  private static ByteBuffer begin(ByteBuffer buffer, Kind kind, GangAddress address) {
    return buffer
        .clear()
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(kind.code)
        .putLong(address.token().getMostSignificantBits())
        .putLong(address.token().getLeastSignificantBits())
        .putInt(address.attempt());
  }

  static ByteBuffer register(GangAddress to, GangMember member) {
    byte[] executor = bytes(member.executor());
    byte[] host = bytes(member.host());
    ByteBuffer buffer = ByteBuffer.allocate(HEADER + 32 + executor.length + host.length);
    begin(buffer, Kind.REGISTER, to).putInt(member.partition()).putLong(member.taskAttempt());
    putText(buffer, executor);
    putText(buffer, host);
    return buffer.putInt(member.port()).flip();
  }

  /** Reads what {@link #register} wrote. */
  static GangMember registered(ByteBuffer body) {
    return new GangMember(body.getInt(), body.getLong(), text(body), text(body), body.getInt());
  }

  /** Reads the task that sent a message: its partition and attempt only. */
  static GangMember member(ByteBuffer body) {
    return new GangMember(body.getInt(), body.getLong(), "", "", 0);
  }

  static ByteBuffer ready(GangAddress to, GangMember member) {
    ByteBuffer buffer = ByteBuffer.allocate(HEADER + 12);
    begin(buffer, Kind.READY, to).putInt(member.partition()).putLong(member.taskAttempt());
    return buffer.flip();
  }

  static ByteBuffer fail(GangAddress to, GangMember member, GangFailure failure) {
    byte[] text = bytes(failure.text());
    ByteBuffer buffer = ByteBuffer.allocate(HEADER + 17 + text.length);
    begin(buffer, Kind.FAIL, to).putInt(member.partition()).putLong(member.taskAttempt());
    putText(buffer.put(failure.kind().code()), text);
    return buffer.flip();
  }

  /** Reads a failure, which follows the task in the message. */
  static GangFailure failure(ByteBuffer body) {
    return new GangFailure(GangFailure.Kind.of(body.get()), text(body));
  }

  static ByteBuffer ping(GangAddress to, String executor) {
    byte[] text = bytes(executor);
    ByteBuffer buffer = ByteBuffer.allocate(HEADER + 4 + text.length);
    begin(buffer, Kind.PING, to);
    putText(buffer, text);
    return buffer.flip();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void putText(ByteBuffer buffer, byte[] text) {
    buffer.putInt(text.length).put(text);
  }

  /** Reads a text. */
  static String text(ByteBuffer body) {
    int length = body.getInt();
    if (length < 0 || length > body.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] text = new byte[length];
    body.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /**
   * A received message.
   *
   * @param body the bytes after the header; valid only until the receiving method returns
   */
  record Incoming(Kind kind, UUID token, int attempt, ByteBuffer body) {
    /**
     * Reads a header.
     *
     * @throws IllegalArgumentException if the bytes are no message of a gang
     */
    static Incoming of(ByteBuffer message) {
      ByteBuffer body = message.slice().order(ByteOrder.LITTLE_ENDIAN);
      Check.argument(body.remaining() >= HEADER, "message length", body.remaining(), ">= 21 bytes");
      Kind kind = Kind.of(body.get());
      var token = new UUID(body.getLong(), body.getLong());
      return new Incoming(kind, token, body.getInt(), body);
    }

    /** Compares the token in constant time, so the time reveals nothing about the secret. */
    boolean has(UUID secret) {
      return MessageDigest.isEqual(bytes(token.toString()), bytes(secret.toString()));
    }

    /** Omits the token, because the text may be logged. */
    @Override
    public String toString() {
      return kind + " of attempt " + attempt;
    }
  }

  /** Returns a reply without content. */
  static ByteBuffer reply(Reply kind) {
    return ByteBuffer.wrap(new byte[] {kind.code});
  }

  /** Reads the kind of a reply, which comes first. */
  static Reply kind(ByteBuffer reply) {
    reply.order(ByteOrder.LITTLE_ENDIAN);
    return Reply.of(reply.get());
  }

  static ByteBuffer go(GangTree.Place place) {
    byte[] host = bytes(place.parentHost());
    ByteBuffer buffer = ByteBuffer.allocate(17 + host.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(Reply.GO.code);
    putText(buffer, host);
    buffer.putInt(place.parentPort()).putInt(place.ownShards()).putInt(place.childShards());
    return buffer.flip();
  }

  static GangTree.Place place(ByteBuffer body) {
    return new GangTree.Place(text(body), body.getInt(), body.getInt(), body.getInt());
  }

  /** The header of a chunk of an answer. */
  record AnswerHeader(long number, long nanos, int shards, int chunk, int nodes, boolean metrics) {
    static AnswerHeader read(ByteBuffer body) {
      return new AnswerHeader(
          body.getLong(),
          body.getLong(),
          body.getInt(),
          body.getInt(),
          body.getInt(),
          body.get() != 0);
    }

    private void write(ByteBuffer buffer) {
      buffer.putLong(number).putLong(nanos).putInt(shards).putInt(chunk).putInt(nodes);
      buffer.put((byte) (metrics ? 1 : 0));
    }
  }

  /** Returns the size of a chunk of an answer in bytes. */
  static int answerSize(int chunk, int parameterCount, Iterable<? extends Sums<?>> nodes) {
    long size = ANSWER_HEADER;
    for (Sums<?> sums : nodes) {
      size += Integer.BYTES;
      if (sums instanceof GradientBuffer gradient) {
        size += chunk == 0 ? 2 * Double.BYTES + Long.BYTES : 0;
        size += gradientSize(chunk, parameterCount, gradient);
      } else if (chunk == 0) {
        size += Integer.BYTES + bytes((MetricSums) sums).length;
      }
    }
    return Math.toIntExact(size);
  }

  /** Returns the bytes of a chunk of a gradient: the dense part, then the tables' touched rows. */
  private static long gradientSize(int chunk, int parameterCount, GradientBuffer gradient) {
    int from = chunk * CHUNK;
    int to = from + length(chunk, parameterCount);
    long[] size = {gradient.hasTables() ? Integer.BYTES : 0};
    gradient.forEachDense(from, to, (first, end) -> size[0] += (long) Float.BYTES * (end - first));
    gradient.forEachTouched(
        from, to, (first, end) -> size[0] += Integer.BYTES + (long) Float.BYTES * (end - first));
    return size[0];
  }

  /** Starts a chunk of an answer; {@link #putNode} for each node follows. */
  static void beginAnswer(ByteBuffer buffer, GangAddress to, AnswerHeader header) {
    begin(buffer, Kind.ANSWER, to);
    header.write(buffer);
  }

  /** Writes a chunk of the sums of a node. */
  static void putNode(ByteBuffer buffer, int chunk, int node, Sums<?> sums) {
    buffer.putInt(node);
    if (sums instanceof GradientBuffer gradient) {
      if (chunk == 0) {
        buffer.putDouble(gradient.lossSum()).putDouble(gradient.weightSum());
        buffer.putLong(gradient.rows());
      }
      putGradient(buffer, chunk, gradient);
    } else if (chunk == 0) {
      putText(buffer, bytes((MetricSums) sums));
    }
  }

  private static void putGradient(ByteBuffer buffer, int chunk, GradientBuffer gradient) {
    float[] sum = gradient.gradientSum();
    int from = chunk * CHUNK;
    int to = from + length(chunk, sum.length);
    gradient.forEachDense(from, to, (first, end) -> putFloats(buffer, sum, first, end - first));
    if (gradient.hasTables()) {
      int[] count = {0};
      gradient.forEachTouched(from, to, (first, end) -> count[0]++);
      buffer.putInt(count[0]);
      gradient.forEachTouched(
          from, to, (first, end) -> putFloats(buffer.putInt(first), sum, first, end - first));
    }
  }

  private static byte[] bytes(MetricSums sums) {
    var bytes = new ByteArrayOutputStream();
    try {
      sums.write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write metrics to memory", e);
    }
    return bytes.toByteArray();
  }

  /** Reads a chunk of a gradient's sums; the buffer holds the chunks before it. */
  static void readGradient(ByteBuffer body, int chunk, GradientBuffer into) {
    if (chunk == 0) {
      into.add(body.getDouble(), body.getDouble(), body.getLong());
    }
    float[] sum = into.gradientSum();
    int from = chunk * CHUNK;
    int to = from + length(chunk, sum.length);
    into.forEachDense(from, to, (first, end) -> readFloats(body, sum, first, end - first));
    if (into.hasTables()) {
      for (int count = body.getInt(); count > 0; count--) {
        int first = body.getInt();
        into.touchAt(first);
        readFloats(body, sum, first, into.rowLength());
      }
    }
  }

  /** Reads metrics. */
  static MetricSums readMetrics(ByteBuffer body, Objective objective, boolean ranked) {
    int length = body.getInt();
    ByteBuffer metrics = body.slice(body.position(), length); // MetricSums writes big endian
    body.position(body.position() + length);
    return MetricSums.read(objective, ranked, metrics);
  }

  static void putFloats(ByteBuffer buffer, float[] values, int from, int count) {
    buffer.asFloatBuffer().put(values, from, count);
    buffer.position(buffer.position() + count * Float.BYTES);
  }

  static void readFloats(ByteBuffer body, float[] values, int from, int count) {
    body.asFloatBuffer().get(values, from, count);
    body.position(body.position() + count * Float.BYTES);
  }
}
