package chainrule.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.PiecewiseLinear;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.model.BlockScorer;
import chainrule.model.RowScorer;
import chainrule.nn.Activation;
import chainrule.nn.BinaryCrossEntropy;
import chainrule.nn.Embedding;
import chainrule.nn.HalfMse;
import chainrule.nn.HiddenLayers;
import chainrule.nn.LabelKind;
import chainrule.nn.Loss;
import chainrule.nn.Network;
import chainrule.nn.Poisson;
import chainrule.nn.Residual;
import chainrule.nn.SoftmaxCrossEntropy;
import chainrule.train.TrainedModel;
import com.google.protobuf.InvalidProtocolBufferException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxModelTest {
  private static final List<Column> FEATURES =
      List.of(
          Column.categorical("colour"),
          Column.numeric("height in m²"),
          Column.numeric("plain"),
          Column.categorical("shape"),
          Column.numeric("year"));
  private static final Column TEXT_LABEL = Column.categorical("way");
  private static final Column NUMBER_LABEL = Column.numeric("way");
  private static final LabelEncoding THREE =
      LabelEncoding.Classes.of(List.of("", "down", "up \"quoted\" ä"), false);
  private static final LabelEncoding TWO = LabelEncoding.Classes.of(List.of("no", "yes"), false);
  private static final LabelEncoding SCALE = new LabelEncoding.Scale(-3e6, 250);

  /** A year's position among 20 bins has fewer digits behind the point than its place needs. */
  private static final double[] YEARS = new double[21];

  static {
    Arrays.setAll(YEARS, i -> 2000 + i + 1.0 / (3 + i));
  }

  private static final List<Encoder.Numeric> NUMERICS =
      List.of(
          new Encoder.Numeric("height in m²", 5, 2, 4.5, true, true, piecewise(-3, 0, 1, 10)),
          new Encoder.Numeric("plain", 0, 1, 0.25, false, false),
          new Encoder.Numeric("year", 2007.5, 0.3, 2008, true, true, piecewise(YEARS)));

  private static final Encoder.Categorical COLOUR =
      new Encoder.Categorical("colour", List.of("red", "", "grün", "deep blue"));
  private static final Encoder.Categorical SHAPE =
      new Encoder.Categorical("shape", List.of("7", "true"));

  private static PiecewiseLinear piecewise(double... edges) {
    float[] means = new float[edges.length - 1];
    for (int t = 0; t < means.length; t++) {
      means[t] = 1f / (t + 2);
    }
    return PiecewiseLinear.of(edges, means);
  }

  private static Encoder encoder(LabelEncoding label) {
    return new Encoder(NUMERICS, List.of(COLOUR, SHAPE), label);
  }

  /** A network of random weights, large enough for outputs to differ. */
  private static TrainedModel model(
      Encoder encoder, Schema schema, Activation hidden, Activation last, Loss loss, int members) {
    boolean classifies = encoder.label() instanceof LabelEncoding.Classes;
    int outputs = 1;
    if (classifies && !(loss instanceof BinaryCrossEntropy)) {
      outputs = ((LabelEncoding.Classes) encoder.label()).names().size();
    }
    Network network =
        Network.perceptron(encoder.layout().inputs(), List.of(9, 6), hidden, 0.3, outputs, last)
            .ofMembers(members);
    var random = new RandomStream(7);
    float[] parameters = new float[network.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) (0.4 * random.nextGaussian());
    }
    return new TrainedModel(schema, encoder, network, loss, parameters);
  }

  private static TrainedModel model(
      LabelEncoding label, Activation hidden, Activation last, Loss loss, int members) {
    boolean isText = label instanceof LabelEncoding.Classes classes && !classes.numeric();
    var schema = new Schema(FEATURES, isText ? TEXT_LABEL : NUMBER_LABEL, "");
    return model(encoder(label), schema, hidden, last, loss, members);
  }

  /** Ordinary rows, and ones with missing, unseen and extreme values. */
  private static List<Map<String, Object>> rows() {
    Object[] colours = {"red", "", "grün", "deep blue", "unseen", null, "Red", " red"};
    Object[] shapes = {7, true, "7.0", null, "x".repeat(100)};
    Object[] heights = {
      null, 0.0, -0.0, -3.0, 10.0, 1e-300, 1e9, -1e9, 1e150, -1e150, 1e308, -1e308
    };
    Object[] plains = {null, 0, 2.5, -3.75f, 1e-40};
    var random = new RandomStream(3);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Map<String, Object> row = new HashMap<>();
      row.put("colour", colours[random.nextInt(colours.length)]);
      row.put("shape", shapes[random.nextInt(shapes.length)]);
      int height = random.nextInt(2 * heights.length);
      row.put(
          "height in m²",
          height < heights.length
              ? heights[height]
              : Double.valueOf(5 + 3 * random.nextGaussian()));
      row.put("plain", plains[random.nextInt(plains.length)]);
      int year = random.nextInt(3 * YEARS.length);
      row.put(
          "year",
          year < YEARS.length ? YEARS[year] : Double.valueOf(2000 + 21 * random.nextDouble()));
      rows.add(row);
    }
    return rows;
  }

  /** Compares with our own predictions, of all rows at once and of one. */
  private static void assertParity(TrainedModel model) {
    List<Map<String, Object>> rows = rows();
    try (var runtime = new OnnxRuntime(OnnxModel.toBytes(model))) {
      assertParity(model, runtime, rows);
      assertParity(model, runtime, rows.subList(17, 18));
    }
  }

  private static void assertParity(
      TrainedModel model, OnnxRuntime runtime, List<Map<String, Object>> rows) {
    List<RowScorer.Prediction> expected = new RowScorer(model, new JavaKernels()).predict(rows);
    Map<String, Object> outputs = runtime.run(model.schema().features(), rows);
    if (model.encoder().label() instanceof LabelEncoding.Scale) {
      assertThat(outputs).containsOnlyKeys("prediction");
      double[][] numbers = (double[][]) outputs.get("prediction");
      for (int i = 0; i < rows.size(); i++) {
        double value = expected.get(i).value();
        double tolerance = 1e-5 * Math.max(1, Math.abs(value));
        assertThat(numbers[i]).hasSize(1);
        assertThat(numbers[i][0]).as("%s", rows.get(i)).isCloseTo(value, within(tolerance));
      }
      return;
    }
    assertThat(outputs).containsOnlyKeys("prediction", "probabilities");
    float[][] probabilities = (float[][]) outputs.get("probabilities");
    for (int i = 0; i < rows.size(); i++) {
      List<Double> of = List.copyOf(expected.get(i).probabilities().values());
      assertThat(probabilities[i]).hasSize(of.size());
      for (int c = 0; c < of.size(); c++) {
        assertThat((double) probabilities[i][c])
            .as("%s, class %d", rows.get(i), c)
            .isCloseTo(of.get(c), within(1e-5));
      }
      Object label = Array.get(outputs.get("prediction"), i);
      if (isClear(of)) {
        assertThat(label.toString()).as("%s", rows.get(i)).isEqualTo(expected.get(i).label());
      }
    }
  }

  /** Whether no rounding can make another class the most probable. */
  private static boolean isClear(List<Double> probabilities) {
    double[] sorted = probabilities.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length - 1] - sorted[sorted.length - 2] > 2e-5;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SOFTMAX")
  void everyHiddenActivation(Activation activation) {
    assertParity(model(THREE, activation, Activation.IDENTITY, new SoftmaxCrossEntropy(0.1), 1));
  }

  @ParameterizedTest
  @EnumSource
  void everyOutputActivation(Activation activation) {
    assertParity(model(THREE, Activation.SILU, activation, new HalfMse(), 1));
  }

  static List<TrainedModel> everyLoss() {
    List<TrainedModel> models = new ArrayList<>();
    for (int members : new int[] {1, 3}) {
      for (String key : Loss.KINDS.keys()) {
        Loss loss = Loss.KINDS.make(key, name -> 0.5);
        if (loss.labels().contains(LabelKind.NUMBERS)) {
          models.add(model(SCALE, Activation.SILU, Activation.IDENTITY, loss, members));
        }
        if (loss.labels().contains(LabelKind.TWO_CLASSES)) {
          models.add(model(TWO, Activation.TANH, Activation.IDENTITY, loss, members));
        }
        if (loss.labels().contains(LabelKind.CLASSES)) {
          models.add(model(TWO, Activation.RELU, Activation.IDENTITY, loss, members));
          models.add(model(THREE, Activation.RELU, Activation.IDENTITY, loss, members));
        }
      }
    }
    return models;
  }

  @ParameterizedTest
  @MethodSource
  void everyLoss(TrainedModel model) {
    assertParity(model);
  }

  @Test
  void classesThatAreNumbersStayNumbers() {
    LabelEncoding whole = LabelEncoding.Classes.of(List.of("-1", "3", "20"), true);
    LabelEncoding broken = LabelEncoding.Classes.of(List.of("-0.5", "3", "1.25"), true);
    Loss loss = new SoftmaxCrossEntropy(0);
    TrainedModel ofWhole = model(whole, Activation.SILU, Activation.IDENTITY, loss, 1);
    assertParity(ofWhole);
    try (var runtime = new OnnxRuntime(OnnxModel.toBytes(ofWhole))) {
      assertThat(runtime.run(FEATURES, rows()).get("prediction")).isInstanceOf(long[].class);
    }
    TrainedModel ofBroken = model(broken, Activation.SILU, Activation.IDENTITY, loss, 1);
    try (var runtime = new OnnxRuntime(OnnxModel.toBytes(ofBroken))) {
      double[] classes = (double[]) runtime.run(FEATURES, rows()).get("prediction");
      assertThat(classes).containsOnly(-0.5, 3, 1.25);
    }
  }

  @Test
  void columnsOfOneKindAlone() {
    Loss loss = new HalfMse();
    var numbers = new Encoder(NUMERICS.subList(1, 2), List.of(), SCALE);
    var numberSchema = new Schema(List.of(Column.numeric("plain")), NUMBER_LABEL, "");
    assertParity(model(numbers, numberSchema, Activation.SILU, Activation.IDENTITY, loss, 1));
    var texts = new Encoder(List.of(), List.of(COLOUR), SCALE);
    var textSchema = new Schema(List.of(Column.categorical("colour")), NUMBER_LABEL, "");
    assertParity(model(texts, textSchema, Activation.SILU, Activation.IDENTITY, loss, 1));
  }

  @Test
  void theRuntimeSeesTheTablesColumns() {
    TrainedModel model =
        model(THREE, Activation.SILU, Activation.IDENTITY, new SoftmaxCrossEntropy(0), 1);
    try (var runtime = new OnnxRuntime(OnnxModel.toBytes(model))) {
      List<String> expected =
          List.of(
              "colour .*STRING.*shape=\\[-1, 1].*",
              "height in m² .*DOUBLE.*shape=\\[-1, 1].*",
              "plain .*DOUBLE.*",
              "shape .*STRING.*",
              "year .*DOUBLE.*",
              "prediction .*STRING.*shape=\\[-1].*",
              "probabilities .*FLOAT.*shape=\\[-1, 3].*");
      assertThat(runtime.interfaces()).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(runtime.interfaces().get(i)).matches(expected.get(i));
      }
      assertThat(runtime.metadata())
          .containsOnly(
              Map.entry("label", "way"),
              Map.entry("task", "classification"),
              Map.entry("classes", "\ndown\nup \"quoted\" ä"));
    }
  }

  @Test
  void theSameModelGivesTheSameBytesOfTheOperatorSetsThatAreDocumented()
      throws InvalidProtocolBufferException {
    TrainedModel model = model(SCALE, Activation.GELU, Activation.IDENTITY, new HalfMse(), 2);
    byte[] bytes = OnnxModel.toBytes(model);
    assertThat(OnnxModel.toBytes(model)).isEqualTo(bytes);
    ModelProto proto = ModelProto.parseFrom(bytes);
    assertThat(proto.getOpsetImportList())
        .extracting(set -> set.getDomain() + " " + set.getVersion())
        .containsExactly(" 13", "ai.onnx.ml 2");
    assertThat(proto.getIrVersion()).isEqualTo(7);
    assertThat(proto.getGraph().getInitializerList())
        .extracting(tensor -> tensor.getName() + tensor.getDimsList())
        .contains("members.1.layers.0.weight[9, 34]", "members.1.layers.2.bias[1]");
  }

  private static TrainedModel ofNetwork(Encoder encoder, Network network) {
    var random = new RandomStream(5);
    float[] parameters = new float[network.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) (0.4 * random.nextGaussian());
    }
    var schema = new Schema(FEATURES, NUMBER_LABEL, "");
    return new TrainedModel(schema, encoder, network, new HalfMse(), parameters);
  }

  @Test
  void normalizedAndResidualLayers() {
    Encoder encoder = encoder(SCALE);
    var hidden = new HiddenLayers(List.of(7, 7, 7, 5), Activation.TANH, 0.2, true, true);
    Network network = Network.perceptron(encoder.layout().inputs(), hidden, 1, Activation.IDENTITY);
    assertThat(network.layers()).hasAtLeastOneElementOfType(Residual.class);
    assertParity(ofNetwork(encoder, network));
    assertParity(ofNetwork(encoder, network.ofMembers(2)));
  }

  @Test
  void embeddedColumns() {
    var colour = new Encoder.Categorical("colour", COLOUR.values(), true);
    for (List<String> shapes : List.of(SHAPE.values(), List.<String>of())) {
      for (boolean embedded : new boolean[] {true, false}) {
        var shape = new Encoder.Categorical("shape", shapes, embedded);
        var encoder = new Encoder(NUMERICS, List.of(colour, shape), SCALE);
        int inputs = encoder.layout().inputs();
        List<Integer> rows = embedded ? List.of(5, shapes.size() + 1) : List.of(5);
        var embedding = new Embedding(inputs - rows.size(), rows, 3);
        var hidden = new HiddenLayers(List.of(6), Activation.SILU, 0);
        Network network =
            Network.perceptron(embedding.outputs(), hidden, 1, Activation.IDENTITY)
                .behind(embedding)
                .ofMembers(2);
        assertParity(ofNetwork(encoder, network));
      }
    }
  }

  /**
   * Of each label the outputs are those of a model that has it alone, with its share of weights.
   */
  private static void assertEachLabel(List<LabelEncoding> each, Loss loss) {
    List<String> names = List.of("first", "second label");
    var label = new LabelEncoding.Several(names, each);
    boolean numbers = each.get(0) instanceof LabelEncoding.Scale;
    List<Column> columns =
        names.stream()
            .map(name -> numbers ? Column.numeric(name) : Column.categorical(name))
            .toList();
    Encoder encoder = encoder(label);
    Network network =
        Network.perceptron(
                encoder.layout().inputs(), List.of(6), Activation.SILU, 0, 2, Activation.IDENTITY)
            .ofMembers(2);
    var random = new RandomStream(5);
    float[] parameters = new float[network.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) (0.4 * random.nextGaussian());
    }
    var model =
        new TrainedModel(new Schema(FEATURES, columns, ""), encoder, network, loss, parameters);
    List<Map<String, Object>> rows = rows();
    var scorer = new BlockScorer(model, new JavaKernels(), rows.size());
    Map<String, Object> outputs;
    try (var runtime = new OnnxRuntime(OnnxModel.toBytes(model))) {
      outputs = runtime.run(FEATURES, rows);
    }
    for (int i = 0; i < rows.size(); i++) {
      scorer.put(i, raw(rows.get(i)));
    }
    Matrix ours = scorer.outputs(rows.size());
    loss.toPredictions(ours);
    for (int i = 0; i < rows.size(); i++) {
      for (int l = 0; l < 2; l++) {
        Object prediction = Array.get(outputs.get("prediction_" + names.get(l)), i);
        float output = ours.get(i, l);
        if (each.get(l) instanceof LabelEncoding.Scale scale) {
          double expected = scale.original(output);
          double tolerance = 1e-5 * Math.max(1, Math.abs(expected));
          assertThat(((double[]) prediction)[0]).isCloseTo(expected, within(tolerance));
        } else {
          float[][] both = (float[][]) outputs.get("probabilities_" + names.get(l));
          assertThat(both[i][1]).isCloseTo(output, within(1e-5f));
          assertThat(both[i][0]).isCloseTo(1 - output, within(1e-5f));
          var classes = (LabelEncoding.Classes) each.get(l);
          if (Math.abs(output - 0.5) > 1e-5) {
            assertThat(prediction).isEqualTo(classes.names().get(output > 0.5 ? 1 : 0));
          }
        }
      }
    }
  }

  private static RawRow raw(Map<String, Object> row) {
    double[] numbers = new double[3];
    String[] texts = new String[2];
    int number = 0;
    int text = 0;
    for (Column column : FEATURES) {
      Object value = row.get(column.name());
      if (column.isNumeric()) {
        numbers[number++] = value == null ? Double.NaN : ((Number) value).doubleValue();
      } else {
        texts[text++] = value == null ? "" : value.toString();
      }
    }
    return RawRow.withNumericLabel(numbers, texts, 0, 1);
  }

  @Test
  void severalLabels() {
    assertEachLabel(List.of(SCALE, new LabelEncoding.Scale(1, 2)), new HalfMse());
    assertEachLabel(List.of(SCALE, new LabelEncoding.Scale(0, 1)), new Poisson());
    LabelEncoding other = LabelEncoding.Classes.of(List.of("", "x"), false);
    assertEachLabel(List.of(TWO, other), new BinaryCrossEntropy(0));
  }

  @Test
  void aColumnThatIsNamedAsAnOutputIsRefused() {
    var encoder =
        new Encoder(
            List.of(new Encoder.Numeric("prediction", 0, 1, 0, false, true)), List.of(), SCALE);
    var schema = new Schema(List.of(Column.numeric("prediction")), NUMBER_LABEL, "");
    TrainedModel model =
        model(encoder, schema, Activation.SILU, Activation.IDENTITY, new HalfMse(), 1);
    assertThatThrownBy(() -> OnnxModel.toBytes(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot export to ONNX: the name \"prediction\" of a column is empty or taken (must be"
                + " renamed in the table)");
  }

  @Test
  void aColumnMayBeNamedAsAConstantOfOurs() {
    var encoder =
        new Encoder(
            List.of(new Encoder.Numeric("layers.0.weight", 3, 2, 0, true, true)), List.of(), SCALE);
    var schema = new Schema(List.of(Column.numeric("layers.0.weight")), NUMBER_LABEL, "");
    TrainedModel model =
        model(encoder, schema, Activation.SILU, Activation.IDENTITY, new HalfMse(), 1);
    assertParity(model);
  }
}
