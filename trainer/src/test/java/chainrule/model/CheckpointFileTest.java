package chainrule.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.math.RandomStream;
import chainrule.nn.Activation;
import chainrule.optim.OptimizerState;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import chainrule.train.settings.CheckpointPolicy;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import chainrule.train.sums.Metrics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CheckpointFileTest {
  private static final int MUTATIONS = 20_000;
  private static final Map<String, String> ORIGIN =
      Map.of("configuration", "{\"a\": \"\u00e4 \\\"b\\\"\"}");

  private static byte[] bytes(Map<String, String> origin, Checkpoint checkpoint)
      throws IOException {
    var out = new ByteArrayOutputStream();
    CheckpointFile.write(new CheckpointFile.Contents(origin, checkpoint), out);
    return out.toByteArray();
  }

  private static CheckpointFile.Contents read(byte[] bytes) throws IOException {
    return CheckpointFile.read(new ByteArrayInputStream(bytes), bytes.length);
  }

  private static InMemoryTable table() {
    var random = new RandomStream(3);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      double x = random.nextGaussian();
      rows.add(RawRow.withTextLabel(new double[] {x}, new String[0], x > 0.2 ? "high" : "low", 1));
    }
    var schema = new Schema(List.of(Column.numeric("x")), Column.categorical("label"), "");
    return new InMemoryTable(schema, rows, new JavaKernels(), 1);
  }

  private static TrainingSettings settings() {
    return TrainingSettings.builder()
        .network(
            new NetworkSettings(
                List.of(3), Activation.SILU, Setting.auto(), Setting.of(0.1), Setting.auto()))
        .epochs(Setting.of(12))
        .build();
  }

  /** Returns what the two phases of a training came to. */
  private static List<Checkpoint> checkpoints() {
    List<Checkpoint> checkpoints = new ArrayList<>();
    try (var checkpointer =
        new Checkpointer(
            new CheckpointPolicy(100, 0, 0),
            checkpoint -> {
              checkpoints.add(checkpoint);
              return "memory";
            })) {
      new Trainer(settings(), TrainingListener.NONE).with(checkpointer).train(table());
    }
    assertThat(checkpoints).hasSize(2); // the end of a phase is always kept
    return checkpoints;
  }

  @Test
  void comesBackBitByBitAndGoesOn() throws IOException {
    Trainer.Outcome undisturbed = new Trainer(settings(), TrainingListener.NONE).train(table());
    for (Checkpoint checkpoint : checkpoints()) {
      byte[] bytes = bytes(ORIGIN, checkpoint);
      CheckpointFile.Contents read = read(bytes);
      assertThat(read.origin()).isEqualTo(ORIGIN);
      assertThat(read.checkpoint().facts()).isEqualTo(checkpoint.facts());
      assertThat(read.checkpoint().finished()).isEqualTo(checkpoint.finished());
      assertThat(read.checkpoint().history()).isEqualTo(checkpoint.history());
      assertThat(bytes(read.origin(), read.checkpoint())).isEqualTo(bytes);
      Trainer.Outcome resumed =
          new Trainer(settings(), TrainingListener.NONE).resuming(read.checkpoint()).train(table());
      assertThat(resumed.model().parameters()).isEqualTo(undisturbed.model().parameters());
      assertThat(resumed.report().training()).isEqualTo(undisturbed.report().training());
    }
  }

  private static Checkpoint odd() {
    var record =
        new EpochRecord(
            EpochRecord.Phase.FIT,
            1,
            Long.MAX_VALUE,
            Double.MIN_VALUE,
            0.1 + 0.2,
            new Metrics(
                3,
                Map.of("loss", Double.NaN),
                Map.of("a label", new Metrics(2, Map.of("auc", 0.5), Map.of()))),
            -0.0,
            Double.POSITIVE_INFINITY,
            1e300,
            new EpochRecord.Norms(List.of(Double.NaN, 0.1 + 0.2), List.of(-0.0, 1e-310)));
    float[] odd = {Float.intBitsToFloat(0x7fc00001), -0f, Float.MIN_VALUE};
    var loop =
        new LoopSnapshot(
            EpochRecord.Phase.REFIT,
            7,
            odd,
            new float[3],
            OptimizerState.of(6, List.of(new float[] {1, 2, 3}, odd)),
            Map.of(1, new float[] {4, 5, 6}, 10, odd),
            List.of(record),
            new LoopSnapshot.Epoch(
                1,
                2,
                Double.NaN,
                0.5,
                3,
                Double.NEGATIVE_INFINITY,
                List.of(Double.POSITIVE_INFINITY, 0.5)));
    var faults =
        new Faults(
            1,
            2,
            3,
            4.5,
            6,
            List.of(new Faults.Place(EpochRecord.Phase.FIT, 2, 9)),
            List.of(new Faults.SlowExecutor("7 (host)", 2.5, 0.25)),
            List.of("no slot"));
    return new Checkpoint(Map.of("seed", "1"), List.of(), loop, faults);
  }

  @Test
  void keepsEveryBitOfOddNumbers() throws IOException {
    Checkpoint odd = odd();
    Checkpoint read = read(bytes(Map.of(), odd)).checkpoint();
    assertThat(read.faults()).isEqualTo(odd.faults());
    assertThat(read.loop().epoch()).isEqualTo(odd.loop().epoch());
    assertThat(read.loop().history()).isEqualTo(odd.loop().history());
    assertThat(read.loop().optimizer().step()).isEqualTo(6);
    assertThat(read.loop().candidates().keySet()).containsExactly(1, 10);
    assertThat(Float.floatToRawIntBits(read.loop().parameters()[0])).isEqualTo(0x7fc00001);
    assertThat(read.loop().optimizer().moments().get(1)).isEqualTo(odd.loop().parameters());
  }

  @Test
  void manyNumbersAreWrittenInPieces() throws IOException {
    float[] many = new float[100_001]; // more than are written at once
    for (int i = 0; i < many.length; i++) {
      many[i] = i;
    }
    var loop =
        new LoopSnapshot(
            EpochRecord.Phase.FIT,
            0,
            many,
            many,
            OptimizerState.of(0, List.of()),
            Map.of(),
            List.of(),
            new LoopSnapshot.Epoch(0, 0, 0, 0, 0, 0, List.of()));
    byte[] bytes = bytes(Map.of(), new Checkpoint(Map.of(), List.of(), loop, Faults.none()));
    assertThat(read(bytes).checkpoint().loop().parameters()).isEqualTo(many);
  }

  @Test
  @Timeout(60)
  void aChangedFileIsRefusedOrTheSame() throws IOException {
    byte[] whole = bytes(ORIGIN, checkpoints().get(0));
    var random = new RandomStream(5);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] changed = mutated(whole, random);
      try {
        CheckpointFile.Contents read = read(changed);
        assertThat(bytes(read.origin(), read.checkpoint())).isEqualTo(whole);
      } catch (IllegalArgumentException e) {
        refused++;
        assertThat(e).hasMessageStartingWith("Invalid ");
      }
    }
    assertThat(refused).isGreaterThan(MUTATIONS * 9 / 10);
  }

  /** Half of the changes are in the header, where sizes are. */
  private static byte[] mutated(byte[] bytes, RandomStream random) {
    byte[] changed = bytes.clone();
    int at = random.nextInt(random.nextInt(2) == 0 ? bytes.length : 400);
    switch (random.nextInt(5)) {
      case 0 -> changed = Arrays.copyOf(changed, at);
      case 1 -> changed = Arrays.copyOf(changed, bytes.length + 1 + random.nextInt(8));
      case 2 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 3 -> changed[at] = (byte) "0123456789-eE[]{}\",:".charAt(random.nextInt(20));
      default -> {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(64));
        for (int i = at; i < end; i++) {
          changed[i] = (byte) (random.nextInt(255) + 1 + changed[i]);
        }
      }
    }
    return changed;
  }

  @Test
  void aFileThatIsShorterThanItsNameSaysIsRefused() throws IOException {
    byte[] whole = bytes(ORIGIN, odd());
    byte[] half = Arrays.copyOf(whole, whole.length - 1);
    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(() -> CheckpointFile.read(new ByteArrayInputStream(half), whole.length));
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    byte[] other = new Safetensors(Map.of("format", "pt"), List.of()).toBytes();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(other))
        .withMessage("Invalid checkpoint: no description (must be a file that training wrote)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(new byte[0]))
        .withMessage("Invalid safetensors file: 0 bytes (must be at least 8 bytes)");
  }
}
