package chainrule.model;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Schema;
import chainrule.math.Check;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which columns a model reads and how they become a network's inputs, in JSON: a file of its own,
 * or a part of {@link ModelFile}'s description. Immutable.
 */
public record EncoderFile(Schema schema, Encoder encoder) {
  /** The file's name. */
  public static final String NAME = "encoder.json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;

  /**
   * @throws IllegalArgumentException if the encoder is of other columns
   */
  public EncoderFile {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(encoder, "encoder");
    requireNames(schema.numericFeatures(), encoder.numerics().stream().map(Encoder.Numeric::name));
    requireNames(
        schema.categoricalFeatures(),
        encoder.categoricals().stream().map(Encoder.Categorical::name));
  }

  /** Returns a file's bytes. */
  public byte[] toBytes() {
    ObjectNode json = JSON.createObjectNode().put("version", VERSION);
    describe(json);
    return json.toPrettyString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if the bytes are none, or a damaged or a newer version's
   */
  public static EncoderFile of(byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      int version = json.path("version").asInt();
      Check.argument(version == VERSION, "version of the encoder", version, "" + VERSION);
      return of(json);
    } catch (IOException e) {
      throw Check.invalid("encoder", e.getMessage(), "described in JSON");
    }
  }

  private static void requireNames(List<Column> columns, Stream<String> encoded) {
    List<String> names = columns.stream().map(Column::name).toList();
    List<String> encodedNames = encoded.toList();
    Check.argument(encodedNames.equals(names), "encoded columns", encodedNames, "" + names);
  }

  /** Adds the description to a node. */
  void describe(ObjectNode json) {
    json.put("task", encoder.label().task().key());
    ObjectNode columns = json.putObject("schema");
    ArrayNode features = columns.putArray("features");
    schema.features().forEach(column -> features.add(describe(column)));
    columns.set("label", describe(schema.label()));
    columns.put("weight", schema.weight());
    ArrayNode numerics = json.putArray("numerics");
    for (Encoder.Numeric numeric : encoder.numerics()) {
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
    for (Encoder.Categorical categorical : encoder.categoricals()) {
      ObjectNode node = categoricals.addObject().put("name", categorical.name());
      categorical.values().forEach(node.putArray("values")::add);
      if (categorical.embedded()) {
        node.put("embedded", true);
      }
    }
    json.set("label", describe(encoder.label()));
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

  /** Reads what {@link #describe} added to a node. */
  static EncoderFile of(JsonNode json) {
    List<Column> features = new ArrayList<>();
    json.path("schema").path("features").forEach(node -> features.add(column(node)));
    var schema =
        new Schema(
            features,
            column(json.path("schema").path("label")),
            JsonFields.text(json.path("schema"), "weight"));
    List<Encoder.Numeric> numerics = new ArrayList<>();
    for (JsonNode node : json.path("numerics")) {
      numerics.add(
          new Encoder.Numeric(
              JsonFields.text(node, "name"),
              JsonFields.number(node, "mean"),
              JsonFields.number(node, "deviation"),
              JsonFields.number(node, "imputed"),
              JsonFields.flag(node, "indicator"),
              JsonFields.flag(node, "clipped"),
              piecewise(node)));
    }
    List<Encoder.Categorical> categoricals = new ArrayList<>();
    for (JsonNode node : json.path("categoricals")) {
      categoricals.add(
          new Encoder.Categorical(
              JsonFields.text(node, "name"),
              JsonFields.texts(node.path("values")),
              node.has("embedded") && JsonFields.flag(node, "embedded")));
    }
    return new EncoderFile(schema, new Encoder(numerics, categoricals, label(json.path("label"))));
  }

  private static Column column(JsonNode node) {
    return switch (JsonFields.text(node, "kind")) {
      case "numeric" -> Column.numeric(JsonFields.text(node, "name"));
      case "categorical" -> Column.categorical(JsonFields.text(node, "name"));
      default ->
          throw Check.invalid("kind", JsonFields.text(node, "kind"), "numeric or categorical");
    };
  }

  private static PiecewiseLinear piecewise(JsonNode node) {
    double[] edges = JsonFields.numbers(node.path("edges"));
    double[] means = JsonFields.numbers(node.path("means"));
    float[] floats = new float[means.length];
    for (int t = 0; t < means.length; t++) {
      floats[t] = (float) means[t];
    }
    return PiecewiseLinear.of(edges, floats);
  }

  private static LabelEncoding label(JsonNode node) {
    return node.has("classes")
        ? LabelEncoding.Classes.of(
            JsonFields.texts(node.path("classes")), JsonFields.flag(node, "numeric"))
        : new LabelEncoding.Scale(
            JsonFields.number(node, "mean"), JsonFields.number(node, "deviation"));
  }
}
