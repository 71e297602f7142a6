package chainrule.spark;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Schema;
import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.nn.Activation;
import chainrule.nn.BinaryCrossEntropy;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.HalfMse;
import chainrule.nn.Huber;
import chainrule.nn.Layer;
import chainrule.nn.Loss;
import chainrule.nn.Mae;
import chainrule.nn.Network;
import chainrule.nn.Poisson;
import chainrule.nn.SoftmaxCrossEntropy;
import chainrule.train.TrainedModel;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A trained model as one safetensors file, {@code network.safetensors}: the weights, and in the
 * metadata, under {@code chainrule}, a JSON description of everything else.
 *
 * <p>Dense layer i (counted among dense layers, from 0) is {@code layers.{i}.weight}, of shape
 * [outputs, inputs], and {@code layers.{i}.bias}, of shape [outputs], as PyTorch's {@code Linear}
 * has them. In memory the weights are inputs × outputs, so they are transposed on the way.
 */
public final class ModelFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "chainrule";
  private static final int VERSION = 1;

  private ModelFile() {}

  /** Returns the model as a file's bytes. */
  public static byte[] toBytes(TrainedModel model) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put(KEY, description(model).toString());
    return new Safetensors(metadata, tensors(model.network(), model.parameters())).toBytes();
  }

  /**
   * Reads a model.
   *
   * @throws IllegalArgumentException if the bytes are no model, a damaged one or a newer version's
   */
  public static TrainedModel of(byte[] bytes) {
    Safetensors file = Safetensors.of(bytes);
    String description = file.metadata().getOrDefault(KEY, "");
    Check.argument(!description.isEmpty(), "model", "no description", "a file that training wrote");
    try {
      return model(JSON.readTree(description), file);
    } catch (JsonProcessingException e) {
      throw Check.invalid("model", e.getOriginalMessage(), "described in JSON");
    }
  }

  /** Returns the tensors of a network's layers. */
  static List<Safetensors.Tensor> tensors(Network network, float[] parameters) {
    List<Safetensors.Tensor> tensors = new ArrayList<>();
    int index = 0;
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof Dense dense) {
        var slice = network.slice(parameters, i);
        tensors.add(
            new Safetensors.Tensor(
                weightName(index),
                List.of(dense.outputs(), dense.inputs()),
                transposed(dense.weights(slice))));
        tensors.add(
            new Safetensors.Tensor(
                biasName(index), List.of(dense.outputs()), dense.bias(slice).toArray()));
        index++;
      }
    }
    return tensors;
  }

  /**
   * Returns a network's parameters from a file of tensors.
   *
   * @throws IllegalArgumentException if a tensor is missing or of another shape
   */
  public static float[] parameters(Network network, Safetensors file) {
    requireTensors(network, file); // before memory is taken for what a damaged file may claim
    float[] parameters = new float[network.parameterCount()];
    int index = 0;
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof Dense dense) {
        var slice = network.slice(parameters, i);
        Safetensors.Tensor weight = file.tensor(weightName(index));
        Matrix stored = Matrix.of(dense.outputs(), dense.inputs(), weight.values());
        float[] inMemory = transposed(stored);
        System.arraycopy(inMemory, 0, parameters, slice.offset(), inMemory.length);
        Safetensors.Tensor bias = file.tensor(biasName(index));
        System.arraycopy(
            bias.values(), 0, parameters, slice.offset() + inMemory.length, dense.outputs());
        index++;
      }
    }
    return parameters;
  }

  private static void requireTensors(Network network, Safetensors file) {
    int index = 0;
    for (Layer layer : network.layers()) {
      if (layer instanceof Dense dense) {
        requireShape(file.tensor(weightName(index)), List.of(dense.outputs(), dense.inputs()));
        requireShape(file.tensor(biasName(index)), List.of(dense.outputs()));
        index++;
      }
    }
    Check.argument(
        file.tensors().size() == 2 * index,
        "tensors",
        file.tensors().keySet(),
        "those of " + index + " dense layers");
  }

  private static String weightName(int index) {
    return "layers." + index + ".weight";
  }

  private static String biasName(int index) {
    return "layers." + index + ".bias";
  }

  private static void requireShape(Safetensors.Tensor tensor, List<Integer> shape) {
    Check.argument(
        tensor.shape().equals(shape), "shape of " + tensor.name(), tensor.shape(), "" + shape);
  }

  private static float[] transposed(Matrix matrix) {
    float[] values = new float[matrix.rows() * matrix.columns()];
    for (int row = 0; row < matrix.rows(); row++) {
      for (int column = 0; column < matrix.columns(); column++) {
        values[column * matrix.rows() + row] = matrix.get(row, column);
      }
    }
    return values;
  }

  private static ObjectNode description(TrainedModel model) {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", VERSION);
    json.put("task", model.encoder().label().task().key());
    ObjectNode schema = json.putObject("schema");
    ArrayNode features = schema.putArray("features");
    model.schema().features().forEach(column -> features.add(describe(column)));
    schema.set("label", describe(model.schema().label()));
    schema.put("weight", model.schema().weight());
    ArrayNode numerics = json.putArray("numerics");
    for (Encoder.Numeric numeric : model.encoder().numerics()) {
      ObjectNode node = numerics.addObject();
      node.put("name", numeric.name())
          .put("mean", numeric.mean())
          .put("deviation", numeric.deviation())
          .put("imputed", numeric.imputed())
          .put("indicator", numeric.indicator())
          .put("clipped", numeric.clipped());
      PiecewiseLinear piecewise = numeric.piecewise();
      if (piecewise.inputs() > 0) {
        piecewise.edges().forEach(node.putArray("edges")::add);
        ArrayNode means = node.putArray("means");
        IntStream.range(0, piecewise.inputs()).forEach(t -> means.add(piecewise.mean(t)));
      }
    }
    ArrayNode categoricals = json.putArray("categoricals");
    for (Encoder.Categorical categorical : model.encoder().categoricals()) {
      ObjectNode node = categoricals.addObject().put("name", categorical.name());
      categorical.values().forEach(node.putArray("values")::add);
    }
    json.set("label", describe(model.encoder().label()));
    ArrayNode layers = json.putArray("layers");
    model.network().layers().forEach(layer -> layers.add(describe(layer)));
    json.set("loss", describe(model.loss()));
    return json;
  }

  private static ObjectNode describe(Column column) {
    return JSON.createObjectNode()
        .put("name", column.name())
        .put("kind", column.isNumeric() ? "numeric" : "categorical");
  }

  private static ObjectNode describe(LabelEncoding label) {
    ObjectNode node = JSON.createObjectNode();
    if (label instanceof LabelEncoding.Classes classes) {
      classes.names().forEach(node.putArray("classes")::add);
      node.put("numeric", classes.numeric());
    } else if (label instanceof LabelEncoding.Scale scale) {
      node.put("mean", scale.mean()).put("deviation", scale.deviation());
    }
    return node;
  }

  private static ObjectNode describe(Layer layer) {
    ObjectNode node = JSON.createObjectNode();
    if (layer instanceof Dense dense) {
      node.put("type", "dense")
          .put("inputs", dense.inputs())
          .put("outputs", dense.outputs())
          .put("activation", dense.activation().key());
    } else if (layer instanceof Dropout dropout) {
      node.put("type", "dropout")
          .put("units", dropout.units())
          .put("rate", dropout.rate())
          .put("salt", dropout.salt());
    }
    return node;
  }

  private static ObjectNode describe(Loss loss) {
    ObjectNode node = JSON.createObjectNode().put("type", loss.key());
    if (loss instanceof SoftmaxCrossEntropy softmax) {
      node.put("label-smoothing", softmax.labelSmoothing());
    } else if (loss instanceof BinaryCrossEntropy binary) {
      node.put("label-smoothing", binary.labelSmoothing());
    } else if (loss instanceof Huber huber) {
      node.put("delta", huber.delta());
    }
    return node;
  }

  private static TrainedModel model(JsonNode json, Safetensors file) {
    int version = json.path("version").asInt();
    Check.argument(version == VERSION, "version of the model", version, "" + VERSION);
    List<Column> features = new ArrayList<>();
    json.path("schema").path("features").forEach(node -> features.add(column(node)));
    var schema =
        new Schema(
            features,
            column(json.path("schema").path("label")),
            text(json.path("schema"), "weight"));
    List<Encoder.Numeric> numerics = new ArrayList<>();
    for (JsonNode node : json.path("numerics")) {
      numerics.add(
          new Encoder.Numeric(
              text(node, "name"),
              number(node, "mean"),
              number(node, "deviation"),
              number(node, "imputed"),
              flag(node, "indicator"),
              flag(node, "clipped"),
              piecewise(node)));
    }
    List<Encoder.Categorical> categoricals = new ArrayList<>();
    for (JsonNode node : json.path("categoricals")) {
      categoricals.add(new Encoder.Categorical(text(node, "name"), texts(node.path("values"))));
    }
    List<Layer> layers = new ArrayList<>();
    json.path("layers").forEach(node -> layers.add(layer(node)));
    var network = new Network(layers);
    var encoder = new Encoder(numerics, categoricals, label(json.path("label")));
    Loss loss = loss(json.path("loss"));
    requireConsistent(schema, encoder, network, loss);
    return new TrainedModel(schema, encoder, network, loss, parameters(network, file));
  }

  /** Throws unless rows of the schema fit the encoder, and the network's outputs the labels. */
  private static void requireConsistent(
      Schema schema, Encoder encoder, Network network, Loss loss) {
    requireNames(schema.numericFeatures(), encoder.numerics().stream().map(Encoder.Numeric::name));
    requireNames(
        schema.categoricalFeatures(),
        encoder.categoricals().stream().map(Encoder.Categorical::name));
    boolean classifies = encoder.label() instanceof LabelEncoding.Classes;
    int outputs = 1;
    if (encoder.label() instanceof LabelEncoding.Classes classes) {
      int names = classes.names().size();
      Check.argument(classes.indices().size() == names, "classes", classes.names(), "distinct");
      boolean binary = loss instanceof BinaryCrossEntropy;
      Check.argument(!binary || names == 2, "classes", classes.names(), "two for this loss");
      Check.argument(
          !classes.numeric() || schema.label().isNumeric(), "label", schema.label(), "numeric");
      outputs = binary ? 1 : names;
    }
    boolean ofClasses = loss instanceof BinaryCrossEntropy || loss instanceof SoftmaxCrossEntropy;
    Check.argument(
        loss instanceof HalfMse || ofClasses == classifies, "loss", loss.key(), "one for the task");
    Check.argument(
        network.outputs() == outputs, "outputs of the network", network.outputs(), "" + outputs);
  }

  private static void requireNames(List<Column> columns, Stream<String> encoded) {
    List<String> names = columns.stream().map(Column::name).toList();
    List<String> encodedNames = encoded.toList();
    Check.argument(encodedNames.equals(names), "encoded columns", encodedNames, "" + names);
  }

  private static Column column(JsonNode node) {
    return switch (text(node, "kind")) {
      case "numeric" -> Column.numeric(text(node, "name"));
      case "categorical" -> Column.categorical(text(node, "name"));
      default -> throw Check.invalid("kind", text(node, "kind"), "numeric or categorical");
    };
  }

  private static PiecewiseLinear piecewise(JsonNode node) {
    double[] edges = numbers(node.path("edges"));
    double[] means = numbers(node.path("means"));
    float[] floats = new float[means.length];
    for (int t = 0; t < means.length; t++) {
      floats[t] = (float) means[t];
    }
    return PiecewiseLinear.of(edges, floats);
  }

  private static double[] numbers(JsonNode node) {
    double[] numbers = new double[node.size()];
    for (int i = 0; i < numbers.length; i++) {
      Check.argument(node.path(i).isNumber(), "value", node.path(i), "a number");
      numbers[i] = node.path(i).asDouble();
    }
    return numbers;
  }

  private static LabelEncoding label(JsonNode node) {
    return node.has("classes")
        ? LabelEncoding.Classes.of(texts(node.path("classes")), flag(node, "numeric"))
        : new LabelEncoding.Scale(number(node, "mean"), number(node, "deviation"));
  }

  private static Layer layer(JsonNode node) {
    return switch (text(node, "type")) {
      case "dense" ->
          new Dense(
              whole(node, "inputs"),
              whole(node, "outputs"),
              Activation.of(text(node, "activation")));
      case "dropout" ->
          new Dropout(whole(node, "units"), number(node, "rate"), whole(node, "salt"));
      default -> throw Check.invalid("layer", text(node, "type"), "dense or dropout");
    };
  }

  private static Loss loss(JsonNode node) {
    return switch (text(node, "type")) {
      case "cross-entropy" -> new SoftmaxCrossEntropy(number(node, "label-smoothing"));
      case "binary-cross-entropy" -> new BinaryCrossEntropy(number(node, "label-smoothing"));
      case "half-mse" -> new HalfMse();
      case "huber" -> new Huber(number(node, "delta"));
      case "mae" -> new Mae();
      case "poisson" -> new Poisson();
      default -> throw Check.invalid("loss", text(node, "type"), "a loss of this version");
    };
  }

  private static String text(JsonNode node, String name) {
    JsonNode value = node.path(name);
    Check.argument(value.isTextual(), name, value, "a text");
    return value.asText();
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : node) {
      Check.argument(value.isTextual(), "value", value, "a text");
      texts.add(value.asText());
    }
    return texts;
  }

  private static double number(JsonNode node, String name) {
    JsonNode value = node.path(name);
    Check.argument(value.isNumber(), name, value, "a number");
    return value.asDouble();
  }

  private static int whole(JsonNode node, String name) {
    JsonNode value = node.path(name);
    Check.argument(value.canConvertToInt() && value.isIntegralNumber(), name, value, "an integer");
    return value.asInt();
  }

  private static boolean flag(JsonNode node, String name) {
    JsonNode value = node.path(name);
    Check.argument(value.isBoolean(), name, value, "true or false");
    return value.asBoolean();
  }
}
