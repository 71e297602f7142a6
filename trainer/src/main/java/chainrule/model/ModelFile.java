package chainrule.model;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.Schema;
import chainrule.data.Sha256;
import chainrule.data.Task;
import chainrule.math.Check;
import chainrule.math.Kinds;
import chainrule.nn.CustomLoss;
import chainrule.nn.LabelKind;
import chainrule.nn.Loss;
import chainrule.nn.Network;
import chainrule.train.TrainedModel;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
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
    // Checked before memory is allocated, since the sizes in a damaged file may be arbitrary.
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
    model.network().layers().forEach(layer -> layers.add(LayerJson.describe(layer)));
    if (model.network().members() > 1) {
      json.put("members", model.network().members());
    }
    json.set("loss", describe(model.loss()));
    return json;
  }

  private static ObjectNode describe(Loss loss) {
    if (loss instanceof CustomLoss) {
      throw Check.invalid("loss to write", loss.key(), "one of " + Loss.KINDS.keys());
    }
    ObjectNode node = JSON.createObjectNode().put("type", loss.key());
    Kinds.numbers(loss).forEach(node::put);
    return node;
  }

  private static TrainedModel model(JsonNode json, Safetensors file) {
    int members = json.has("members") ? JsonFields.whole(json, "members") : 1;
    var network = new Network(LayerJson.layers(json.path("layers")), members);
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
    boolean binary = loss.labels().contains(LabelKind.TWO_CLASSES);
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
    boolean fits =
        classifies
            ? binary || loss.labels().contains(LabelKind.CLASSES)
            : loss.labels().contains(LabelKind.NUMBERS);
    Check.argument(fits, "loss", loss.key(), "one for the task");
    Check.argument(
        network.outputs() == outputs, "outputs of the network", network.outputs(), "" + outputs);
  }

  private static Loss loss(JsonNode node) {
    String type = JsonFields.text(node, "type");
    Check.argument(Loss.KINDS.keys().contains(type), "loss", type, "a loss of this version");
    return Loss.KINDS.make(type, name -> JsonFields.number(node, name));
  }
}
