package chainrule.model;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.Schema;
import chainrule.data.Sha256;
import chainrule.data.Task;
import chainrule.math.Check;
import chainrule.nn.Activation;
import chainrule.nn.BinaryCrossEntropy;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Embedding;
import chainrule.nn.HalfMse;
import chainrule.nn.Huber;
import chainrule.nn.Layer;
import chainrule.nn.LayerNorm;
import chainrule.nn.Loss;
import chainrule.nn.Mae;
import chainrule.nn.Network;
import chainrule.nn.Poisson;
import chainrule.nn.Residual;
import chainrule.nn.SoftmaxCrossEntropy;
import chainrule.train.TrainedModel;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trained model as one safetensors file, {@code network.safetensors}: the weights, and in the
 * metadata, under {@code chainrule}, a JSON description of everything else, and the SHA-256 of
 * both, so that no damage goes unnoticed.
 *
 * <p>Dense layer i (counted among dense layers, from 0) is {@code layers.{i}.weight}, of shape
 * [outputs, inputs], and {@code layers.{i}.bias}, of shape [outputs], as PyTorch's {@code Linear}
 * has them. In memory the weights are inputs × outputs, so they are transposed on the way. Of a
 * normalization behind that layer there are {@code norms.{i}.weight} and {@code norms.{i}.bias}, of
 * shape [outputs], as {@code LayerNorm} has them; of embedded column k (counted among embedded
 * columns, from 0) there is {@code embeddings.{k}.weight}, of shape [values + 1, size], as {@code
 * Embedding} has it, with the row of unseen values last. Names of an ensemble's member m begin with
 * {@code members.{m}.}.
 *
 * <p>Metadata: {@code format} is {@code pt}, as PyTorch's files have it; {@code chainrule} the
 * description ({@link EncoderFile}'s part, {@code layers}, {@code members} if there are several,
 * {@code loss}, {@code version}); {@code chainrule-sha256} the check sum of that text and then, in
 * the order of their names, of each tensor's name, shape and bytes. That is all another program
 * needs; {@code src/site/markdown/interchange.md} has it in full.
 */
public final class ModelFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "chainrule";
  static final String CHECKSUM = "chainrule-sha256";

  private ModelFile() {}

  /** Returns the model as a file's bytes. */
  public static byte[] toBytes(TrainedModel model) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    String description = description(model).toString();
    List<Safetensors.Tensor> tensors = tensors(model.network(), model.parameters());
    metadata.put(KEY, description);
    metadata.put(CHECKSUM, checksum(description, tensors));
    return new Safetensors(metadata, tensors).toBytes();
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
      JsonNode json = JSON.readTree(description);
      EncoderFile.requireVersion("model", json);
      String sum = checksum(description, file.tensors().values());
      Check.argument(
          sum.equals(file.metadata().get(CHECKSUM)),
          "model",
          "its SHA-256 is " + sum,
          "that of its metadata: the file is damaged");
      return model(json, file);
    } catch (JsonProcessingException e) {
      throw Check.invalid("model", e.getOriginalMessage(), "described in JSON");
    }
  }

  /** Returns the SHA-256 of a description and of tensors, in the order of their names. */
  static String checksum(String description, Collection<Safetensors.Tensor> tensors) {
    MessageDigest digest = Sha256.digest();
    digest.update(description.getBytes(StandardCharsets.UTF_8));
    tensors.stream()
        .sorted(Comparator.comparing(Safetensors.Tensor::name))
        .forEach(
            tensor -> {
              digest.update((tensor.name() + tensor.shape()).getBytes(StandardCharsets.UTF_8));
              try {
                Safetensors.forEachChunk(tensor.array(), digest::update);
              } catch (IOException e) {
                throw new IllegalStateException("Cannot digest what is in memory", e);
              }
            });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns the tensors of a network's layers. */
  static List<Safetensors.Tensor> tensors(Network network, float[] parameters) {
    return NetworkTensors.of(network).stream().map(tensor -> tensor.store(parameters)).toList();
  }

  /** Returns of how many networks a file has the tensors: more than one for an ensemble. */
  public static int members(Safetensors file) {
    return (int)
        Math.max(
            1,
            file.tensors().keySet().stream()
                .filter(name -> name.startsWith("members."))
                .map(name -> name.split("\\.", -1)[1])
                .distinct()
                .count());
  }

  /**
   * Returns a network's parameters from a file of tensors.
   *
   * @throws IllegalArgumentException if a tensor is missing or of another shape
   */
  public static float[] parameters(Network network, Safetensors file) {
    List<NetworkTensors> expected = NetworkTensors.of(network);
    // All before memory is taken for what a damaged file may claim.
    expected.forEach(tensor -> tensor.requireFits(file));
    Check.argument(
        file.tensors().size() == expected.size(),
        "tensors",
        file.tensors().keySet(),
        "those of the network: " + expected.stream().map(NetworkTensors::name).toList());
    float[] parameters = new float[network.parameterCount()];
    expected.forEach(tensor -> tensor.load(file, parameters));
    return parameters;
  }

  private static ObjectNode description(TrainedModel model) {
    ObjectNode json = JSON.createObjectNode();
    var encoding = new EncoderFile(model.schema(), model.encoder());
    json.put("version", encoding.version());
    encoding.describe(json);
    ArrayNode layers = json.putArray("layers");
    model.network().layers().forEach(layer -> layers.add(describe(layer)));
    if (model.network().members() > 1) {
      json.put("members", model.network().members());
    }
    json.set("loss", describe(model.loss()));
    return json;
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
    } else if (layer instanceof LayerNorm norm) {
      node.put("type", "layer-norm")
          .put("units", norm.units())
          .put("activation", norm.activation().key());
    } else if (layer instanceof Embedding embedding) {
      node.put("type", "embedding").put("dense", embedding.dense());
      embedding.rows().forEach(node.putArray("rows")::add);
      node.put("size", embedding.size());
    } else if (layer instanceof Residual block) {
      node.put("type", "residual");
      ArrayNode layers = node.putArray("layers");
      block.layers().forEach(inner -> layers.add(describe(inner)));
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
    int members = json.has("members") ? JsonFields.whole(json, "members") : 1;
    var network = new Network(layers(json.path("layers")), members);
    EncoderFile encoding = EncoderFile.of(json);
    Loss loss = loss(json.path("loss"));
    requireConsistent(encoding.schema(), encoding.encoder(), network, loss);
    return new TrainedModel(
        encoding.schema(), encoding.encoder(), network, loss, parameters(network, file));
  }

  /** Throws unless rows of the schema fit the encoder, and the network's outputs the labels. */
  private static void requireConsistent(
      Schema schema, Encoder encoder, Network network, Loss loss) {
    boolean classifies = encoder.label().task() == Task.CLASSIFICATION;
    boolean binary = loss instanceof BinaryCrossEntropy;
    int labels = encoder.label().count();
    int outputs = labels;
    for (int i = 0; i < labels; i++) {
      if (encoder.label().each().get(i) instanceof LabelEncoding.Classes classes) {
        int names = classes.names().size();
        Check.argument(classes.indices().size() == names, "classes", classes.names(), "distinct");
        Check.argument(!binary || names == 2, "classes", classes.names(), "two for this loss");
        Check.argument(binary || labels == 1, "loss", loss.key(), "one for several labels");
        Column column = schema.labels().get(i);
        Check.argument(!classes.numeric() || column.isNumeric(), "label", column, "numeric");
        outputs = binary ? labels : names;
      }
    }
    boolean ofClasses = loss instanceof BinaryCrossEntropy || loss instanceof SoftmaxCrossEntropy;
    Check.argument(
        loss instanceof HalfMse || ofClasses == classifies, "loss", loss.key(), "one for the task");
    Check.argument(
        network.outputs() == outputs, "outputs of the network", network.outputs(), "" + outputs);
  }

  private static List<Layer> layers(JsonNode nodes) {
    List<Layer> layers = new ArrayList<>();
    nodes.forEach(node -> layers.add(layer(node)));
    return layers;
  }

  private static Layer layer(JsonNode node) {
    return switch (JsonFields.text(node, "type")) {
      case "dense" ->
          new Dense(
              JsonFields.whole(node, "inputs"),
              JsonFields.whole(node, "outputs"),
              Activation.of(JsonFields.text(node, "activation")));
      case "dropout" ->
          new Dropout(
              JsonFields.whole(node, "units"),
              JsonFields.number(node, "rate"),
              JsonFields.whole(node, "salt"));
      case "layer-norm" ->
          new LayerNorm(
              JsonFields.whole(node, "units"), Activation.of(JsonFields.text(node, "activation")));
      case "embedding" ->
          new Embedding(
              JsonFields.whole(node, "dense"),
              JsonFields.wholes(node.path("rows")),
              JsonFields.whole(node, "size"));
      case "residual" -> new Residual(layers(node.path("layers")));
      default ->
          throw Check.invalid(
              "layer",
              JsonFields.text(node, "type"),
              "dense, dropout, layer-norm, embedding or residual");
    };
  }

  private static Loss loss(JsonNode node) {
    return switch (JsonFields.text(node, "type")) {
      case "cross-entropy" -> new SoftmaxCrossEntropy(JsonFields.number(node, "label-smoothing"));
      case "binary-cross-entropy" ->
          new BinaryCrossEntropy(JsonFields.number(node, "label-smoothing"));
      case "half-mse" -> new HalfMse();
      case "huber" -> new Huber(JsonFields.number(node, "delta"));
      case "mae" -> new Mae();
      case "poisson" -> new Poisson();
      default ->
          throw Check.invalid("loss", JsonFields.text(node, "type"), "a loss of this version");
    };
  }
}
