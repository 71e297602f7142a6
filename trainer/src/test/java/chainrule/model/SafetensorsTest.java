package chainrule.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.model.Safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  private static final float[] ODD_VALUES = {
    0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN, 1 / 3f, -1e-40f
  };

  /** Returns a file of this header, as it stands, and these numbers. */
  private static byte[] file(String header, float... values) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  @Test
  void keepsEveryBit() {
    var tensor = new Tensor("odd", List.of(2, 4), ODD_VALUES);
    var empty = new Tensor("empty", List.of(0, 3), new float[0]);
    var scalar = new Tensor("scalar", List.of(), new float[] {7});
    var written = new Safetensors(Map.of("key", "äöü \"quoted\""), List.of(tensor, empty, scalar));
    Safetensors read = Safetensors.of(written.toBytes());
    assertThat(read.metadata()).isEqualTo(Map.of("key", "äöü \"quoted\""));
    assertThat(read.tensors().keySet()).containsExactly("odd", "empty", "scalar");
    assertThat(read.tensor("odd").shape()).containsExactly(2, 4);
    assertThat(bits(read.tensor("odd").values())).containsExactly(bits(ODD_VALUES));
    assertThat(read.tensor("empty").shape()).containsExactly(0, 3);
    assertThat(read.tensor("scalar").values()).containsExactly(7);
    assertThat(read.toBytes()).isEqualTo(written.toBytes());
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void readsAFileMadeByHand() {
    byte[] bytes =
        file(
            "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,20]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}  ",
            1,
            2,
            3,
            4,
            5);
    Safetensors read = Safetensors.of(bytes);
    assertThat(read.metadata()).isEmpty();
    assertThat(read.tensor("a").shape()).containsExactly(2, 2);
    assertThat(read.tensor("a").values()).containsExactly(1, 2, 3, 4);
    assertThat(read.tensor("b").values()).containsExactly(5);
  }

  @Test
  void writesTheFormatToTheByte() {
    byte[] bytes =
        new Safetensors(Map.of(), List.of(new Tensor("w", List.of(1, 2), new float[] {1, -2})))
            .toBytes();
    String header =
        "{\"__metadata__\":{},\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
    byte[] expected = file(header + " ".repeat((8 - header.length() % 8) % 8), 1, -2);
    assertThat(bytes).isEqualTo(expected);
    assertThat((bytes.length - 8) % 8).isZero();
  }

  @Test
  void sharesNoArrays() {
    float[] values = {1, 2};
    var tensor = new Tensor("w", List.of(2), values);
    values[0] = 9;
    tensor.values()[1] = 9;
    assertThat(tensor.values()).containsExactly(1, 2);
  }

  @Test
  void refusesAShapeThatHoldsAnotherNumberOfValues() {
    assertThatThrownBy(() -> new Tensor("w", List.of(2, 2), new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid shape of w: [2, 2] (must be 3 values)");
  }

  @Test
  void refusesTwoTensorsOfOneName() {
    var tensor = new Tensor("w", List.of(1), new float[1]);
    assertThatThrownBy(() -> new Safetensors(Map.of(), List.of(tensor, tensor)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid tensor: w (must be a new name)");
  }

  @Test
  void namesTheTensorsThereAreForOneThatIsNot() {
    var file = new Safetensors(Map.of(), List.of(new Tensor("w", List.of(1), new float[1])));
    assertThatThrownBy(() -> file.tensor("v"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid tensor: v (must be one of [w])");
  }

  @Test
  void refusesFewerBytesThanALength() {
    assertThatThrownBy(() -> Safetensors.of(new byte[7]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid safetensors file: 7 bytes (must be at least 8 bytes)");
  }

  @ParameterizedTest
  @CsvSource({
    "-1",
    "0",
    "1",
    "9",
    "100",
    "4611686018427387904",
    "9223372036854775807",
    "-9223372036854775808"
  })
  void refusesAHeaderLengthBeyondTheFile(long length) {
    byte[] bytes = file("{      }");
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    assertThatThrownBy(() -> Safetensors.of(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid safetensors file: a header of "
                + length
                + " bytes (must be within the file's 16)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[0,4611686018427387904] | [1]                       | bytes 0 to 4611686018427387904",
        "[0,12]                  | [3]                       | bytes 0 to 12 of tensor w",
        "[-4,4]                  | [2]                       | bytes -4 to 4 of tensor w",
        "[8,4]                   | [1]                       | bytes 8 to 4 of tensor w",
        "[0,7]                   | [2]                       | bytes 0 to 7 of tensor w",
        "[0]                     | [2]                       | data_offsets [0] of tensor w",
        "[0,8,4]                 | [2]                       | data_offsets [0,8,4] of tensor w",
        "[0.5,8]                 | [2]                       | data_offsets [0.5,8] of tensor w",
        "\"x\"                   | [2]                       | data_offsets \"x\" of tensor w",
        "[0,8]                   | [3]                       | shape [3] of tensor w",
        "[0,8]                   | [1]                       | shape [1] of tensor w",
        "[0,8]                   | [-1,-2]                   | shape [-1,-2] of tensor w",
        "[0,8]                   | [2147483648,2147483648,0] | shape",
        "[0,8]                   | [4294967296,4294967296]   | shape",
        "[0,8]                   | [2147483647,2147483647,2147483647,0] | shape",
        "[0,8]                   | [1.5,2]                   | shape [1.5,2] of tensor w",
        "[0,8]                   | [\"2\"]                   | shape [\"2\"] of tensor w",
        "[0,8]                   | 2                         | shape 2 of tensor w",
        "[0,8]                   | {\"a\":2}                 | shape {\"a\":2} of tensor w",
      })
  void refusesPlacesAndShapesThatDoNotFit(String offsets, String shape, String message) {
    String header =
        "{\"w\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    assertThatThrownBy(() -> Safetensors.of(file(header, 1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Invalid safetensors file: " + message);
  }

  @ParameterizedTest
  @CsvSource({"F64", "BF16", "f32", "''"})
  void refusesOtherTypes(String type) {
    String header = "{\"w\":{\"dtype\":\"" + type + "\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    assertThatThrownBy(() -> Safetensors.of(file(header, 1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid safetensors file: type " + type + " of tensor w (must be F32)");
  }

  @Test
  void refusesBytesThatBelongToTwoTensorsOrToNone() {
    String tensor = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":";
    byte[] twice = file("{\"v\":" + tensor + "[0,4]},\"w\":" + tensor + "[0,4]}}", 1);
    assertThatThrownBy(() -> Safetensors.of(twice))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid safetensors file: bytes 0 to 4 of tensor w (must be from 4, where the tensor"
                + " before it ends)");
    byte[] rest = file("{\"v\":" + tensor + "[0,4]}}", 1, 2);
    assertThatThrownBy(() -> Safetensors.of(rest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid safetensors file: 8 bytes behind the header (must be 4, which its tensors"
                + " have)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1,2]",
        "\"text\"",
        "12  ",
        "null",
        "{\"a\":",
        "no json",
        "{} x",
        "{\"w\":1}",
        "{\"__metadata__\":{\"a\":1}}",
        "{\"__metadata__\":[]}"
      })
  void refusesAHeaderThatIsNoneOfIts(String header) {
    assertThatThrownBy(() -> Safetensors.of(file(header)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Invalid safetensors file: ");
  }

  @Test
  void refusesATensorThatIsThereTwice() {
    String tensor = "\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":";
    byte[] bytes = file("{" + tensor + "[0,4]}," + tensor + "[4,8]}}", 1, 2);
    assertThatThrownBy(() -> Safetensors.of(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid safetensors file: a header that is no JSON: Duplicate field 'w' (must be a JSON"
                + " object)");
  }
}
