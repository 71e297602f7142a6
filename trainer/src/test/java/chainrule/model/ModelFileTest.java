package chainrule.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.PiecewiseLinear;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.nn.Activation;
import chainrule.nn.Backpropagation;
import chainrule.nn.BinaryCrossEntropy;
import chainrule.nn.Embedding;
import chainrule.nn.HalfMse;
import chainrule.nn.HiddenLayers;
import chainrule.nn.Huber;
import chainrule.nn.Initializer;
import chainrule.nn.Loss;
import chainrule.nn.Mae;
import chainrule.nn.Network;
import chainrule.nn.Poisson;
import chainrule.nn.SoftmaxCrossEntropy;
import chainrule.train.TrainedModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFileTest {
  private static final LabelEncoding THREE =
      LabelEncoding.Classes.of(List.of("1", "2", "10"), true);
  private static final LabelEncoding TWO =
      LabelEncoding.Classes.of(List.of("no", "ja, \"ü\""), false);
  private static final LabelEncoding NUMBER = new LabelEncoding.Scale(1 / 3.0, 1e-7);

  private static TrainedModel model(
      LabelEncoding label, Loss loss, int outputs, Column... targets) {
    var schema =
        new Schema(
            List.of(Column.numeric("a"), Column.categorical("c d"), Column.numeric("b.`x`")),
            List.of(targets),
            "w");
    var encoder =
        new Encoder(
            List.of(
                new Encoder.Numeric("a", 1 / 3.0, Math.PI, -0.0, true, true),
                new Encoder.Numeric(
                    "b.`x`",
                    0,
                    1,
                    1e-300,
                    false,
                    false,
                    PiecewiseLinear.of(new double[] {-1e300, 1 / 3.0, 2}, new float[] {0.1f, 1}))),
            List.of(new Encoder.Categorical("c d", List.of("x", "", "ÿ"))),
            label);
    Network network =
        Network.perceptron(
            8, List.of(5, 4), Activation.GELU_TANH, 0.25, outputs, Activation.IDENTITY);
    return new TrainedModel(
        schema, encoder, network, loss, network.initialParameters(Initializer.HE, 3));
  }

  /** A model with everything there is: an embedded column, normalization, a residual block. */
  private static TrainedModel embedded() {
    var schema =
        new Schema(
            List.of(Column.numeric("a"), Column.categorical("c d"), Column.categorical("few")),
            Column.numeric("y"),
            "");
    var encoder =
        new Encoder(
            List.of(new Encoder.Numeric("a", 1, 2, 3, true, true)),
            List.of(
                new Encoder.Categorical("c d", List.of("y", "", "ÿ"), true),
                new Encoder.Categorical("few", List.of("x", "y"))),
            NUMBER);
    var hidden = new HiddenLayers(List.of(5, 5), Activation.GELU_TANH, 0.25, true, true);
    var embedding = new Embedding(4, List.of(4), 3);
    Network network = Network.perceptron(7, hidden, 1, Activation.IDENTITY).behind(embedding);
    return new TrainedModel(
        schema, encoder, network, new HalfMse(), network.initialParameters(Initializer.HE, 3));
  }

  private static TrainedModel ofSeveral(Loss loss, LabelEncoding first, LabelEncoding second) {
    boolean text = first instanceof LabelEncoding.Classes;
    return model(
        new LabelEncoding.Several(List.of("y", "z \"ü\""), List.of(first, second)),
        loss,
        2,
        text ? Column.categorical("y") : Column.numeric("y"),
        Column.numeric("z \"ü\""));
  }

  private static Stream<TrainedModel> models() {
    Column text = Column.categorical("y");
    Column number = Column.numeric("y");
    return Stream.of(
        model(THREE, new SoftmaxCrossEntropy(0.1), 3, number),
        model(TWO, new BinaryCrossEntropy(0), 1, text),
        model(TWO, new SoftmaxCrossEntropy(1 / 3.0), 2, text),
        model(THREE, new HalfMse(), 3, number),
        model(NUMBER, new HalfMse(), 1, number),
        model(NUMBER, new Huber(1.25), 1, number),
        model(NUMBER, new Mae(), 1, number),
        model(NUMBER, new Poisson(), 1, number),
        ensemble(model(THREE, new SoftmaxCrossEntropy(0.1), 3, number)),
        embedded(),
        ensemble(embedded()),
        ofSeveral(new Huber(1.25), NUMBER, new LabelEncoding.Scale(-3, 2)),
        ofSeveral(
            new BinaryCrossEntropy(0.1), TWO, LabelEncoding.Classes.of(List.of("0", "1"), true)));
  }

  private static TrainedModel ensemble(TrainedModel model) {
    Network network = model.network().ofMembers(3);
    float[] parameters = network.initialParameters(Initializer.HE, 3);
    return new TrainedModel(model.schema(), model.encoder(), network, model.loss(), parameters);
  }

  @ParameterizedTest
  @MethodSource("models")
  void keepsEveryBitOfAModel(TrainedModel model) {
    TrainedModel read = ModelFile.of(ModelFile.toBytes(model));
    assertThat(read.schema()).isEqualTo(model.schema());
    assertThat(read.encoder().numerics()).isEqualTo(model.encoder().numerics());
    assertThat(read.encoder().categoricals()).isEqualTo(model.encoder().categoricals());
    assertThat(read.encoder().label()).isEqualTo(model.encoder().label());
    assertThat(read.network()).isEqualTo(model.network());
    assertThat(read.loss()).isEqualTo(model.loss());
    assertThat(read.parameters()).containsExactly(model.parameters());
    assertThat(ModelFile.toBytes(read)).isEqualTo(ModelFile.toBytes(model));
  }

  @Test
  void laysWeightsOutAsOutputsByInputs() {
    Network network = Network.perceptron(3, List.of(), Activation.RELU, 0, 2, Activation.IDENTITY);
    // In memory: weights in × out, row-major, then the bias.
    float[] parameters = {1, 2, 3, 4, 5, 6, 70, 80};
    List<Safetensors.Tensor> tensors = ModelFile.tensors(network, parameters);
    assertThat(tensors.get(0).name()).isEqualTo("layers.0.weight");
    assertThat(tensors.get(0).shape()).containsExactly(2, 3);
    assertThat(tensors.get(0).values()).containsExactly(1, 3, 5, 2, 4, 6);
    assertThat(tensors.get(1).name()).isEqualTo("layers.0.bias");
    assertThat(tensors.get(1).values()).containsExactly(70, 80);
    assertThat(ModelFile.parameters(network, new Safetensors(Map.of(), tensors)))
        .containsExactly(parameters);
  }

  @Test
  void countsDenseLayersAlone() {
    TrainedModel model = models().findFirst().orElseThrow();
    assertThat(Safetensors.of(ModelFile.toBytes(model)).tensors().keySet())
        .containsExactly(
            "layers.0.weight",
            "layers.0.bias",
            "layers.1.weight",
            "layers.1.bias",
            "layers.2.weight",
            "layers.2.bias");
  }

  @Test
  void namesTheTensorsOfEachMemberOfAnEnsemble() {
    Network network =
        Network.perceptron(1, List.of(), Activation.RELU, 0, 1, Activation.IDENTITY).ofMembers(2);
    List<Safetensors.Tensor> tensors = ModelFile.tensors(network, new float[] {1, 2, 3, 4});
    assertThat(tensors.stream().map(Safetensors.Tensor::name))
        .containsExactly(
            "members.0.layers.0.weight",
            "members.0.layers.0.bias",
            "members.1.layers.0.weight",
            "members.1.layers.0.bias");
    assertThat(ModelFile.members(new Safetensors(Map.of(), tensors))).isEqualTo(2);
    assertThat(ModelFile.parameters(network, new Safetensors(Map.of(), tensors)))
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void namesTablesAndNormalizationsAsWell() {
    TrainedModel model = embedded();
    Map<String, Safetensors.Tensor> tensors = Safetensors.of(ModelFile.toBytes(model)).tensors();
    assertThat(tensors.keySet())
        .containsExactly(
            "embeddings.0.weight",
            "layers.0.weight",
            "layers.0.bias",
            "norms.0.weight",
            "norms.0.bias",
            "layers.1.weight",
            "layers.1.bias",
            "norms.1.weight",
            "norms.1.bias",
            "layers.2.weight",
            "layers.2.bias");
    assertThat(tensors.get("embeddings.0.weight").shape()).containsExactly(4, 3);
    assertThat(tensors.get("embeddings.0.weight").values())
        .containsExactly(Arrays.copyOf(model.parameters(), 12));
    assertThat(tensors.get("norms.1.weight").values()).containsOnly(1f);
  }

  @Test
  void refusesTablesThatAreNotAsTheColumnHasValues() {
    Safetensors file = Safetensors.of(ModelFile.toBytes(embedded()));
    String description = file.metadata().get("chainrule").replace("[\"y\",\"\",\"ÿ\"]", "[\"y\"]");
    byte[] bytes = signed(description, file).toBytes();
    assertThatThrownBy(() -> ModelFile.of(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid rows of the network's embeddings: [4] (must be [2], as the categories have"
                + " values)");
  }

  @Test
  void refusesWeightsOfAnotherNetwork() {
    Network network = Network.perceptron(3, List.of(), Activation.RELU, 0, 2, Activation.IDENTITY);
    Network other = Network.perceptron(2, List.of(), Activation.RELU, 0, 3, Activation.IDENTITY);
    var file = new Safetensors(Map.of(), ModelFile.tensors(other, new float[9]));
    assertThatThrownBy(() -> ModelFile.parameters(network, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid shape of layers.0.weight: [3, 2] (must be [2, 3])");
  }

  @Test
  void refusesWeightsOfADeeperNetwork() {
    Network network = Network.perceptron(3, List.of(), Activation.RELU, 0, 3, Activation.IDENTITY);
    Network deeper = Network.perceptron(3, List.of(3), Activation.RELU, 0, 3, Activation.IDENTITY);
    var file = new Safetensors(Map.of(), ModelFile.tensors(deeper, new float[24]));
    assertThatThrownBy(() -> ModelFile.parameters(network, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid tensors: [layers.0.weight, layers.0.bias, layers.1.weight, layers.1.bias] (must"
                + " be those of the network: [layers.0.weight, layers.0.bias])");
  }

  @Test
  void refusesAFileWithoutADescription() {
    byte[] bytes = new Safetensors(Map.of(), List.of()).toBytes();
    assertThatThrownBy(() -> ModelFile.of(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid model: no description (must be a file that training wrote)");
  }

  @Test
  void refusesANewerVersion() {
    assertThatThrownBy(() -> ModelFile.of(edited("\"version\":1", "\"version\":3")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid version of the model: 3 (must be 1 or 2)");
  }

  @Test
  void refusesSizesThatTheFileDoesNotHaveBeforeItTakesMemoryForThem() {
    // 6 × 300 million weights would take 7 GB.
    byte[] bytes =
        edited(
            "\"outputs\":5",
            "\"outputs\":300000000",
            "\"units\":5",
            "\"units\":300000000",
            "\"inputs\":5",
            "\"inputs\":300000000",
            "\"outputs\":4",
            "\"outputs\":1",
            "\"units\":4",
            "\"units\":1",
            "\"inputs\":4",
            "\"inputs\":1");
    assertThatThrownBy(() -> ModelFile.of(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Invalid ");
  }

  @Test
  void refusesAnEncoderOfOtherColumns() {
    assertThatThrownBy(
            () ->
                ModelFile.of(
                    edited("\"numerics\":[{\"name\":\"a\"", "\"numerics\":[{\"name\":\"q\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid encoded columns: [q, b.`x`] (must be [a, b.`x`])");
  }

  @Test
  void refusesMoreClassesThanOutputs() {
    assertThatThrownBy(() -> ModelFile.of(edited("[\"1\",\"2\",\"10\"]", "[\"1\",\"2\"]")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid outputs of the network: 3 (must be 2)");
  }

  @Test
  void refusesALossOfAnotherTask() {
    assertThatThrownBy(
            () ->
                ModelFile.of(
                    edited(
                        "{\"type\":\"cross-entropy\",\"label-smoothing\":0.1}",
                        "{\"type\":\"mae\"}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid loss: mae (must be one for the task)");
  }

  /** Returns a file with another description and the checksum that suits it. */
  private static Safetensors signed(String description, Safetensors file) {
    String sum = ModelFile.checksum(description, file.tensors().values());
    return new Safetensors(
        Map.of("chainrule", description, ModelFile.CHECKSUM, sum),
        List.copyOf(file.tensors().values()));
  }

  /** Returns the file of the first model with parts of its description replaced. */
  private static byte[] edited(String... replacements) {
    Safetensors file = Safetensors.of(ModelFile.toBytes(models().findFirst().orElseThrow()));
    String description = file.metadata().get("chainrule");
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(description).contains(replacements[i]);
      description = description.replace(replacements[i], replacements[i + 1]);
    }
    return signed(description, file).toBytes();
  }

  @Test
  void aDamagedFileIsRefusedOrStillAModelThatScores() {
    List<byte[]> files = models().map(ModelFile::toBytes).toList();
    var random = new RandomStream(11);
    int refused = 0;
    for (int i = 0; i < 8_000; i++) {
      byte[] damaged = damaged(files.get(i % files.size()).clone(), random);
      try {
        score(ModelFile.of(damaged));
      } catch (IllegalArgumentException e) {
        refused++;
        assertThat(e.getMessage()).startsWith("Invalid ");
      }
    }
    assertThat(refused).isGreaterThan(4_000);
  }

  @Test
  void aDamagedDescriptionIsRefusedOrStillAModelThatScores() {
    List<Safetensors> files = models().map(ModelFile::toBytes).map(Safetensors::of).toList();
    var random = new RandomStream(12);
    int refused = 0;
    for (int i = 0; i < 8_000; i++) {
      Safetensors file = files.get(i % files.size());
      byte[] description = file.metadata().get("chainrule").getBytes(StandardCharsets.UTF_8);
      String damaged = new String(damaged(description, random), StandardCharsets.UTF_8);
      var changed = signed(damaged, file);
      try {
        score(ModelFile.of(changed.toBytes()));
      } catch (IllegalArgumentException e) {
        refused++;
        assertThat(e.getMessage()).startsWith("Invalid ");
      }
    }
    assertThat(refused).isGreaterThan(4_000);
  }

  /** Changes, cuts or moves a few bytes; in a model's file mostly of the header. */
  private static byte[] damaged(byte[] bytes, RandomStream random) {
    int header = Math.min(bytes.length, 2_000);
    byte[] digits = "0123456789-[]{}\",:e.".getBytes(StandardCharsets.UTF_8);
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      int at = random.nextInt(random.nextInt(4) == 0 ? bytes.length : header);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) (bytes[at] ^ (1 << random.nextInt(8)));
        case 2, 3 -> bytes[at] = digits[random.nextInt(digits.length)];
        case 4 -> {
          int from = random.nextInt(header);
          int length = Math.min(random.nextInt(40), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, length);
        }
        default -> {
          if (random.nextInt(4) == 0 && bytes.length >= 8) {
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(random.nextLong() >> 40);
          } else if (random.nextInt(4) == 0) {
            return Arrays.copyOf(bytes, at);
          }
        }
      }
    }
    return bytes;
  }

  /** Scores a row, as the predictor does. */
  private static void score(TrainedModel model) {
    RawRow row =
        RawRow.withTextLabel(
            new double[model.schema().numericFeatures().size()],
            model.schema().categoricalFeatures().stream().map(column -> "x").toArray(String[]::new),
            "?",
            1);
    float[] cells = new float[model.encoder().layout().cells()];
    model.encoder().encode(row, cells, 0);
    Matrix inputs = Matrix.zeros(1, model.network().inputs());
    model.encoder().layout().expand(cells, 0, inputs.array(), inputs.offset());
    var network = new Backpropagation(model.network(), model.loss(), new JavaKernels(), 1);
    Matrix outputs = network.outputs(model.parameters(), inputs);
    model.loss().toPredictions(outputs);
    assertThat(outputs.columns()).isEqualTo(model.network().outputs());
  }
}
