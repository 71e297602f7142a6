package chainrule.train.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chainrule.math.RandomStream;
import chainrule.nn.Activation;
import chainrule.nn.Embedding;
import chainrule.nn.Network;
import chainrule.train.settings.SettingsTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Buffers of networks with tables; {@link SettingsTest} has those without. */
class GradientBufferTest {
  /** Two members, each with two tables of 300 rows in all, three numbers a row, and 8 more. */
  private static final Network NETWORK =
      Network.perceptron(7, List.of(), Activation.TANH, 0, 1, Activation.IDENTITY)
          .behind(new Embedding(1, List.of(200, 100), 3))
          .ofMembers(2);

  private static final int LENGTH = 2 * 908;

  /** Adds to some rows, and to all that is behind the tables. */
  private static GradientBuffer filled(long seed) {
    GradientBuffer buffer = GradientBuffer.of(NETWORK);
    fill(buffer, seed);
    return buffer;
  }

  private static void fill(GradientBuffer buffer, long seed) {
    var random = new RandomStream(seed);
    for (int i = 0; i < 40; i++) {
      int row = random.nextInt(300);
      buffer.touch(row);
      for (int j = 0; j < 3; j++) {
        buffer.gradientSum()[3 * row + j] += (float) random.nextGaussian();
        buffer.gradientSum()[908 + 3 * row + j] += (float) random.nextGaussian();
      }
    }
    for (int i = 900; i < 908; i++) {
      buffer.gradientSum()[i] += (float) random.nextGaussian();
      buffer.gradientSum()[908 + i] += (float) random.nextGaussian();
    }
    buffer.add(random.nextDouble(), 0.75, 40);
  }

  /** The same numbers in a buffer that knows nothing of tables. */
  private static GradientBuffer dense(GradientBuffer buffer) {
    var dense = new GradientBuffer(LENGTH);
    System.arraycopy(buffer.gradientSum(), 0, dense.gradientSum(), 0, LENGTH);
    dense.add(buffer.lossSum(), buffer.weightSum(), buffer.rows());
    return dense;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @Test
  void mergesAndDividesToTheBitsOfDenseBuffers() {
    GradientBuffer sparse = filled(1);
    GradientBuffer dense = dense(sparse);
    for (long seed = 2; seed < 6; seed++) {
      GradientBuffer sibling = filled(seed);
      sparse.merge(sibling);
      dense.merge(dense(sibling));
    }
    assertThat(bits(sparse.gradientSum())).isEqualTo(bits(dense.gradientSum()));
    assertThat(sparse.lossSum()).isEqualTo(dense.lossSum());
    assertThat(bits(sparse.toMeanGradient())).isEqualTo(bits(dense.toMeanGradient()));
  }

  @Test
  void isAsNewOnceCleared() {
    GradientBuffer used = filled(1);
    used.merge(filled(2));
    used.clear();
    assertThat(used.gradientSum()).containsOnly(0f);
    assertThat(used.rows()).isZero();
    fill(used, 3);
    assertThat(bits(used.gradientSum())).isEqualTo(bits(filled(3).gradientSum()));
  }

  @Test
  void clearsRowsThatAreTouchedAllAtOnce() {
    GradientBuffer buffer = filled(1);
    buffer.touchAll();
    Arrays.fill(buffer.gradientSum(), 1);
    buffer.clear();
    assertThat(buffer.gradientSum()).containsOnly(0f);
  }

  @Test
  void travelsWithTouchedRowsAlone() throws IOException, ClassNotFoundException {
    GradientBuffer buffer = filled(4);
    var bytes = new ByteArrayOutputStream();
    try (var stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(buffer);
    }
    assertThat(bytes.size()).isLessThan(2_500); // of 7,264 bytes of floats
    GradientBuffer came;
    try (var stream = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      came = (GradientBuffer) stream.readObject();
    }
    assertThat(bits(came.gradientSum())).isEqualTo(bits(buffer.gradientSum()));
    assertThat(came.lossSum()).isEqualTo(buffer.lossSum());
    assertThat(came.weightSum()).isEqualTo(buffer.weightSum());
    assertThat(came.rows()).isEqualTo(buffer.rows());
    came.merge(buffer);
    came.clear();
    assertThat(came.gradientSum()).containsOnly(0f);
  }

  @Test
  void refusesRowsThatTheTablesDontHave() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GradientBuffer.of(NETWORK).touch(300))
        .withMessage("Invalid row of a table: 300 (must be below 300)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GradientBuffer(LENGTH).merge(GradientBuffer.of(NETWORK)))
        .withMessage("Invalid tables of a gradient: 900 (must be 0)");
  }
}
