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
 * Which columns a model reads and how they become a network's inputs, in JSON: a separate file, or
 * a part of {@link ModelFile}'s description. Immutable.
 *
 * @param schema the columns to read, in the order of the encoder
 * @param encoder fitted to the training rows
 */
public record EncoderFile(Schema schema, Encoder encoder) {
  /** The file's name. */
  public static final String NAME = "encoder.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The version that files have, and those of several labels, which older code cannot read. */
  private static final int VERSION = 1;

  private static final int VERSION_OF_SEVERAL = 2;

  /**
   * @throws IllegalArgumentException if the encoder is of other columns
   */
  public EncoderFile {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(encoder, "encoder");
    int labels = schema.labels().size();
    Check.argument(encoder.label().count() == labels, "labels", encoder.label(), "" + labels);
    requireNames(schema.numericFeatures(), encoder.numerics().stream().map(Encoder.Numeric::name));
    requireNames(
        schema.categoricalFeatures(),
        encoder.categoricals().stream().map(Encoder.Categorical::name));
  }

  /** Returns a file's bytes. */
  public byte[] toBytes() {
    ObjectNode json = JSON.createObjectNode().put("version", version());
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
      requireVersion("encoder", json);
      return of(json);
    } catch (IOException e) {
      throw Check.invalid("encoder", e.getMessage(), "described in JSON");
    }
  }

  /** Returns the least version that has a place for all of this. */
  int version() {
    return schema.labels().size() == 1 ? VERSION : VERSION_OF_SEVERAL;
  }

  /** Throws unless a description's version is one that this code can read. */
  static void requireVersion(String what, JsonNode json) {
    int version = json.path("version").asInt();
    Check.argument(
        version >= VERSION && version <= VERSION_OF_SEVERAL,
        "version of the " + what,
        version,
        VERSION + " or " + VERSION_OF_SEVERAL);
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
    if (schema.labels().size() == 1) {
      columns.set("label", describe(schema.label()));
    } else {
      ArrayNode labels = columns.putArray("labels");
      schema.labels().forEach(column -> labels.add(describe(column)));
    }
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
    List<LabelEncoding> labels = encoder.label().each();
    if (labels.size() == 1) {
      json.set("label", describe(labels.get(0)));
    } else {
      ArrayNode each = json.putArray("labels");
      labels.forEach(label -> each.add(describe(label)));
    }
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
            features, labels(json.path("schema")), JsonFields.text(json.path("schema"), "weight"));
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
    return new EncoderFile(schema, new Encoder(numerics, categoricals, encoding(schema, json)));
  }

  private static List<Column> labels(JsonNode json) {
    if (!json.has("labels")) {
      return List.of(column(json.path("label")));
    }
    List<Column> labels = new ArrayList<>();
    json.path("labels").forEach(node -> labels.add(column(node)));
    return labels;
  }

  private static LabelEncoding encoding(Schema schema, JsonNode json) {
    if (!json.has("labels")) {
      return label(json.path("label"));
    }
    List<LabelEncoding> each = new ArrayList<>();
    json.path("labels").forEach(node -> each.add(label(node)));
    return new LabelEncoding.Several(schema.labelNames(), each);
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
