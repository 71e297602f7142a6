package chainrule.spark.gang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.Block;
import chainrule.data.InputLayout;
import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.nn.Activation;
import chainrule.nn.BinaryCrossEntropy;
import chainrule.nn.Embedding;
import chainrule.nn.Network;
import chainrule.train.shard.Request;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.MetricSums;
import chainrule.train.sums.Objective;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class GangMessageTest {
  private static final UUID TOKEN = new UUID(3, 4);
  private static final GangAddress ADDRESS = new GangAddress("driver.host", 7077, TOKEN, 5, false);
  private static final GangMember MEMBER = new GangMember(2, 99, "7", "höst", 4040);

  private static GangMessage.Incoming received(ByteBuffer message, GangMessage.Kind kind) {
    var incoming = GangMessage.Incoming.of(message);
    assertThat(incoming.kind()).isEqualTo(kind);
    assertThat(incoming.attempt()).isEqualTo(5);
    assertThat(incoming.has(TOKEN)).isTrue();
    assertThat(incoming.has(new UUID(3, 5))).isFalse();
    return incoming;
  }

  @Test
  void aRegistrationNamesTaskAndExecutor() {
    ByteBuffer body =
        received(GangMessage.register(ADDRESS, MEMBER), GangMessage.Kind.REGISTER).body();
    assertThat(GangMessage.registered(body)).isEqualTo(MEMBER);
    assertThat(body.hasRemaining()).isFalse();
  }

  @Test
  void otherMessagesNameTheirTask() {
    var same = new GangMember(2, 99, "", "", 0);
    ByteBuffer ready = received(GangMessage.ready(ADDRESS, MEMBER), GangMessage.Kind.READY).body();
    assertThat(GangMessage.member(ready)).isEqualTo(same);
    ByteBuffer failed =
        received(
                GangMessage.fail(ADDRESS, MEMBER, new GangFailure(GangFailure.Kind.OTHER, "why")),
                GangMessage.Kind.FAIL)
            .body();
    assertThat(GangMessage.member(failed)).isEqualTo(same);
    assertThat(GangMessage.failure(failed).toException("task 2"))
        .isInstanceOf(SparkException.class)
        .hasMessage("task 2: why");
    ByteBuffer ping = received(GangMessage.ping(ADDRESS, "7"), GangMessage.Kind.PING).body();
    assertThat(GangMessage.text(ping)).isEqualTo("7");
  }

  @Test
  void refusedRowsAndFailedConnectionsKeepTheirType() {
    var failures =
        Map.of(
            AttemptEnd.REFUSED,
            new InvalidDataException("why"),
            AttemptEnd.UNREACHABLE,
            new UnreachableException("why", new IOException("refused")));
    failures.forEach(
        (how, failure) -> {
          var sent = GangFailure.of(new IllegalStateException("in a task", failure));
          ByteBuffer body =
              received(GangMessage.fail(ADDRESS, MEMBER, sent), GangMessage.Kind.FAIL).body();
          GangMessage.member(body);
          Exception came = GangMessage.failure(body).toException("task 2");
          assertThat(came).hasSameClassAs(failure).hasMessage("why");
          assertThat(AttemptEnd.of(came)).isEqualTo(how);
        });
  }

  @Test
  void aPlaceComesBackAsItWas() {
    var place = new GangTree.Place("head", 4041, 3, 12);
    ByteBuffer reply = GangMessage.go(place);
    assertThat(GangMessage.kind(reply)).isEqualTo(GangMessage.Reply.GO);
    assertThat(GangMessage.place(reply)).isEqualTo(place);
  }

  @Test
  void gradientsTravelInChunks() {
    int count = GangMessage.CHUNK + 3;
    assertThat(GangMessage.chunks(count)).isEqualTo(2);
    assertThat(GangMessage.chunks(GangMessage.CHUNK)).isEqualTo(1);
    assertThat(GangMessage.chunks(0)).isEqualTo(1);
    var sent = new GradientBuffer(count);
    for (int i = 0; i < count; i++) {
      sent.gradientSum()[i] = i;
    }
    sent.add(1.5, 2.5, 3);
    var came = new GradientBuffer(count);
    for (int chunk = 0; chunk < 2; chunk++) {
      ByteBuffer buffer = ByteBuffer.allocate(GangMessage.answerSize(chunk, count, List.of(sent)));
      var header = new GangMessage.AnswerHeader(8, 1234, 4, chunk, 1, false);
      GangMessage.beginAnswer(buffer, ADDRESS, header);
      GangMessage.putNode(buffer, chunk, 6, sent);
      assertThat(buffer.hasRemaining()).isFalse();
      ByteBuffer body = received(buffer.flip(), GangMessage.Kind.ANSWER).body();
      assertThat(GangMessage.AnswerHeader.read(body)).isEqualTo(header);
      assertThat(body.getInt()).isEqualTo(6);
      GangMessage.readGradient(body, chunk, came);
      assertThat(body.hasRemaining()).isFalse();
    }
    assertThat(Arrays.equals(came.gradientSum(), sent.gradientSum())).isTrue();
    assertThat(came.lossSum()).isEqualTo(1.5);
    assertThat(came.weightSum()).isEqualTo(2.5);
    assertThat(came.rows()).isEqualTo(3);
  }

  @Test
  void onlyTouchedRowsOfTablesTravel() {
    // Rows of 10 floats, so that one of them lies across the end of the first chunk.
    int rows = GangMessage.CHUNK / 5;
    Network network =
        Network.perceptron(11, List.of(), Activation.TANH, 0, 1, Activation.IDENTITY)
            .behind(new Embedding(1, List.of(rows), 10))
            .ofMembers(2);
    int count = network.parameterCount();
    assertThat(GangMessage.chunks(count)).isEqualTo(5);
    GradientBuffer sent = GradientBuffer.of(network);
    GradientBuffer came = GradientBuffer.of(network);
    for (int row : new int[] {rows - 1, 0, GangMessage.CHUNK / 10, 7}) {
      sent.touch(row);
      for (int from : new int[] {row * 10, count / 2 + row * 10}) {
        Arrays.fill(sent.gradientSum(), from, from + 10, from + 0.5f);
      }
    }
    Arrays.fill(sent.gradientSum(), rows * 10, count / 2, -3);
    Arrays.fill(sent.gradientSum(), count / 2 + rows * 10, count, -4);
    sent.add(1.5, 2.5, 3);
    int bytes = 0;
    for (int chunk = 0; chunk < 5; chunk++) {
      int size = GangMessage.answerSize(chunk, count, List.of(sent));
      ByteBuffer buffer = ByteBuffer.allocate(size);
      bytes += size;
      var header = new GangMessage.AnswerHeader(8, 1234, 4, chunk, 1, false);
      GangMessage.beginAnswer(buffer, ADDRESS, header);
      GangMessage.putNode(buffer, chunk, 6, sent);
      assertThat(buffer.hasRemaining()).isFalse();
      ByteBuffer body = received(buffer.flip(), GangMessage.Kind.ANSWER).body();
      GangMessage.AnswerHeader.read(body);
      assertThat(body.getInt()).isEqualTo(6);
      GangMessage.readGradient(body, chunk, came);
      assertThat(body.hasRemaining()).isFalse();
    }
    assertThat(bytes).isLessThan(900);
    assertThat(Arrays.equals(came.gradientSum(), sent.gradientSum())).isTrue();
    came.clear(); // which knows what came
    assertThat(Arrays.equals(came.gradientSum(), new float[count])).isTrue();
  }

  @Test
  void aRowThatIsNotInTheTablesIsRefused() {
    Network network =
        Network.perceptron(2, List.of(), Activation.TANH, 0, 1, Activation.IDENTITY)
            .behind(new Embedding(0, List.of(3), 2));
    ByteBuffer body = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    body.putDouble(1).putDouble(1).putLong(1);
    body.putFloat(0).putFloat(0).putFloat(0).putInt(1).putInt(6).flip();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GangMessage.readGradient(body, 0, GradientBuffer.of(network)))
        .withMessage("Invalid place of a row: 6 (must be in the tables)");
  }

  @Test
  void metricsTravelWhole() {
    var objective =
        new Objective(
            Network.perceptron(1, List.of(), Activation.TANH, 0, 1, Activation.IDENTITY),
            new BinaryCrossEntropy(0),
            InputLayout.dense(1),
            LabelEncoding.Classes.of(List.of("no", "yes"), false));
    MetricSums sums = MetricSums.of(objective, true);
    ByteBuffer buffer = ByteBuffer.allocate(GangMessage.answerSize(0, 2, List.of(sums)));
    GangMessage.beginAnswer(buffer, ADDRESS, new GangMessage.AnswerHeader(8, 1234, 4, 0, 1, true));
    GangMessage.putNode(buffer, 0, 6, sums);
    ByteBuffer body = received(buffer.flip(), GangMessage.Kind.ANSWER).body();
    assertThat(GangMessage.AnswerHeader.read(body).metrics()).isTrue();
    assertThat(body.getInt()).isEqualTo(6);
    assertThat(GangMessage.readMetrics(body, objective, true).rows()).isZero();
    assertThat(body.hasRemaining()).isFalse();
  }

  @Test
  void weightsTravelInChunks() {
    int count = GangMessage.CHUNK + 3;
    float[] parameters = new float[count];
    for (int i = 0; i < count; i++) {
      parameters[i] = -i;
    }
    for (Request<?> request :
        List.of(
            new Request.Gradient(1L << 40),
            new Request.Evaluation(Block.Part.VALIDATION, true),
            new Request.Evaluation(Block.Part.TRAINING, false))) {
      float[] came = new float[count];
      for (int chunk = 0; chunk < 2; chunk++) {
        ByteBuffer buffer = ByteBuffer.allocate(GangWeightsMessage.size(chunk, count));
        GangWeightsMessage.put(buffer, 17, chunk, request, parameters);
        assertThat(GangMessage.kind(buffer)).isEqualTo(GangMessage.Reply.WEIGHTS);
        var header = GangWeightsMessage.read(buffer, came);
        assertThat(header).isEqualTo(new GangWeightsMessage.Header(17, chunk, request));
        assertThat(buffer.hasRemaining()).isFalse();
      }
      assertThat(Arrays.equals(came, parameters)).isTrue();
    }
  }

  @Test
  void refusesOtherBytes() {
    for (byte[] bytes : new byte[][] {{}, {5}, {1, 2, 3, 4}, new byte[20]}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> GangMessage.Incoming.of(ByteBuffer.wrap(bytes)))
          .withMessage("Invalid message length: " + bytes.length + " (must be >= 21 bytes)");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GangMessage.Incoming.of(ByteBuffer.wrap(new byte[40])))
        .withMessage("Invalid kind of message: 0 (must be 1 to 5)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GangMessage.kind(ByteBuffer.wrap(new byte[] {77})))
        .withMessage("Invalid kind of reply: 77 (must be 1 to 4)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GangFailure.Kind.of((byte) 0))
        .withMessage("Invalid kind of failure: 0 (must be 1 to 3)");
  }

  @Test
  void refusesATextThatIsLongerThanItsMessage() {
    for (int length : new int[] {-1, 3, Integer.MAX_VALUE}) {
      ByteBuffer text = ByteBuffer.allocate(6).putInt(length).putShort((short) 0).flip();
      assertThatThrownBy(() -> GangMessage.text(text)).isInstanceOf(BufferUnderflowException.class);
    }
  }

  @Test
  void textsOmitTheToken() {
    String token = TOKEN.toString();
    assertThat(ADDRESS.toString()).contains("driver.host").doesNotContain(token);
    assertThat(GangMessage.Incoming.of(GangMessage.ping(ADDRESS, "7")).toString())
        .isEqualTo("PING of attempt 5");
  }
}
