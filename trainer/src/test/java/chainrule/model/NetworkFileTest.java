package chainrule.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.math.RandomStream;
import chainrule.nn.Activation;
import chainrule.nn.HalfMse;
import chainrule.nn.Network;
import chainrule.train.TrainedModel;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Reads network.safetensors as any other program would: from the public description of the format
 * (an unsigned 64-bit length, little endian; a JSON header of dtype, shape and data_offsets; the
 * numbers) and from what {@link ModelFile} promises of names and shapes, with no code of ours.
 */
class NetworkFileTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A tensor as it stands in a file. */
  private static final class Stored {
    private final List<Integer> shape = new ArrayList<>();
    private final float[] values;

    Stored(int size) {
      values = new float[size];
    }
  }

  private static JsonNode header(byte[] file) throws IOException {
    long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    return JSON.readTree(file, 8, (int) length);
  }

  private static Map<String, Stored> tensors(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int begin = 8 + (int) bytes.getLong(0);
    Map<String, Stored> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : header(file).properties()) {
      if (entry.getKey().equals("__metadata__")) {
        continue;
      }
      assertThat(entry.getValue().path("dtype").asText()).isEqualTo("F32");
      int from = entry.getValue().path("data_offsets").path(0).asInt();
      int to = entry.getValue().path("data_offsets").path(1).asInt();
      var stored = new Stored((to - from) / 4);
      entry.getValue().path("shape").forEach(size -> stored.shape.add(size.asInt()));
      assertThat(stored.shape.stream().reduce(1, (a, b) -> a * b)).isEqualTo((to - from) / 4);
      for (int i = 0; i < stored.values.length; i++) {
        stored.values[i] = bytes.getFloat(begin + from + 4 * i);
      }
      tensors.put(entry.getKey(), stored);
    }
    return tensors;
  }

  /** y = x Wᵀ + b, then tanh if there is a layer behind: as PyTorch's Linear. */
  private static double[] linear(
      Map<String, Stored> tensors, String name, double[] x, boolean last) {
    Stored weight = tensors.get(name + ".weight");
    Stored bias = tensors.get(name + ".bias");
    double[] y = new double[weight.shape.get(0)];
    int inputs = weight.shape.get(1);
    assertThat(x).hasSize(inputs);
    for (int o = 0; o < y.length; o++) {
      y[o] = bias.values[o];
      for (int i = 0; i < inputs; i++) {
        y[o] += weight.values[o * inputs + i] * x[i];
      }
      y[o] = last ? y[o] : Math.tanh(y[o]);
    }
    return y;
  }

  private static TrainedModel model(int members) {
    var encoder =
        new Encoder(
            List.of(
                new Encoder.Numeric("a", 1, 2, 0, false, false),
                new Encoder.Numeric("b", 0, 1, 0, false, false)),
            List.of(new Encoder.Categorical("c", List.of("x", "y", "z"))),
            new LabelEncoding.Scale(10, 3));
    List<Column> features =
        List.of(Column.numeric("a"), Column.numeric("b"), Column.categorical("c"));
    Network network =
        Network.perceptron(5, List.of(4, 3), Activation.TANH, 0.1, 1, Activation.IDENTITY)
            .ofMembers(members);
    var random = new RandomStream(11);
    float[] parameters = new float[network.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) random.nextGaussian();
    }
    return new TrainedModel(
        new Schema(features, Column.numeric("d"), ""), encoder, network, new HalfMse(), parameters);
  }

  @Test
  void itsNamesAndShapesAreEnoughToPredict() throws IOException {
    for (int members : new int[] {1, 3}) {
      TrainedModel model = model(members);
      Map<String, Stored> tensors = tensors(ModelFile.toBytes(model));
      assertThat(tensors).hasSize(6 * members);
      double[] inputs = {(5 - 1) / 2.0, -0.5, 0, 1, 0};
      double sum = 0;
      for (int m = 0; m < members; m++) {
        String prefix = members == 1 ? "" : "members." + m + ".";
        double[] first = linear(tensors, prefix + "layers.0", inputs, false);
        double[] second = linear(tensors, prefix + "layers.1", first, false);
        sum += linear(tensors, prefix + "layers.2", second, true)[0];
      }
      double ours =
          new RowScorer(model, new JavaKernels())
              .predict(Map.of("a", 5, "b", -0.5, "c", "y"))
              .value();
      // 1e-5 leaves room for sums in float, not for a weight in another's place.
      assertThat(ours).isCloseTo(10 + 3 * sum / members, within(1e-5 * 10));
    }
  }

  @Test
  void itsMetadataSayWhatIsNeededBesides() throws IOException {
    byte[] file = ModelFile.toBytes(model(3));
    JsonNode metadata = header(file).path("__metadata__");
    assertThat(metadata.properties())
        .allSatisfy(e -> assertThat(e.getValue().isTextual()).isTrue());
    assertThat(metadata.path("format").asText()).isEqualTo("pt");
    JsonNode description = JSON.readTree(metadata.path("chainrule").asText());
    assertThat(description.path("members").asInt()).isEqualTo(3);
    assertThat(description.path("layers").findValuesAsText("type"))
        .containsExactly("dense", "dropout", "dense", "dropout", "dense");
    assertThat(description.path("layers").path(0).path("activation").asText()).isEqualTo("tanh");
    assertThat(description.path("numerics").path(0).path("mean").asDouble()).isEqualTo(1);
    assertThat(description.path("categoricals").path(0).path("values").toString())
        .isEqualTo("[\"x\",\"y\",\"z\"]");
    assertThat(description.path("label").path("deviation").asDouble()).isEqualTo(3);
    assertThat((8 + ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0)) % 8).isZero();
  }
}
