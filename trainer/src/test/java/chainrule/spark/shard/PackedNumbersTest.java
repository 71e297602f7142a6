package chainrule.spark.shard;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.RawRow;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.junit.jupiter.api.Test;

class PackedNumbersTest {
  private static int sizeAfterRoundTrip(double... numbers) {
    var output = new Output(64, -1);
    PackedNumbers.write(RawRow.withNumericLabel(numbers, new String[0], 0, 1), output);
    double[] read = PackedNumbers.read(new Input(output.toBytes()));
    assertThat(read).hasSameSizeAs(numbers);
    for (int i = 0; i < numbers.length; i++) {
      assertThat(Double.doubleToRawLongBits(read[i]))
          .as("%s", numbers[i])
          .isEqualTo(Double.doubleToRawLongBits(numbers[i]));
    }
    return output.toBytes().length - 2; // the count and the width
  }

  @Test
  void wholeNumbersOfAByteAreOne() {
    assertThat(sizeAfterRoundTrip(0, 1, 127, 128, 255)).isEqualTo(5);
    assertThat(sizeAfterRoundTrip()).isZero();
  }

  @Test
  void floatsAreFourBytes() {
    assertThat(sizeAfterRoundTrip(0, 256)).isEqualTo(8);
    assertThat(sizeAfterRoundTrip(1, -1)).isEqualTo(8);
    assertThat(sizeAfterRoundTrip(1, -0.0)).isEqualTo(8);
    assertThat(sizeAfterRoundTrip(1, Double.NaN, 0.5)).isEqualTo(12);
    assertThat(sizeAfterRoundTrip(Double.NEGATIVE_INFINITY, Float.MIN_VALUE)).isEqualTo(8);
  }

  @Test
  void otherNumbersAreEight() {
    assertThat(sizeAfterRoundTrip(0, 0.1)).isEqualTo(16);
    assertThat(sizeAfterRoundTrip(1e300, Double.MIN_VALUE, 16_777_217)).isEqualTo(24);
  }
}
