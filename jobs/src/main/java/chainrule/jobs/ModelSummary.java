package chainrule.jobs;

import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.jobs.output.OutputFolder;
import chainrule.jobs.output.RunResults;
import chainrule.jobs.report.RunFiles;
import chainrule.model.ModelFile;
import chainrule.model.Safetensors;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Residual;
import chainrule.train.TrainedModel;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A trained network as JSON: {@code labels}, {@code columns} (name, kind, inputs, encoding), {@code
 * network} (its layers with widths and parameters), {@code run} (the content of metrics.json, if
 * the file exists), {@code weightsSha256}, {@code files} with their sizes in bytes.
 */
final class ModelSummary {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Category values that are listed. */
  private static final int VALUES = 6;

  private ModelSummary() {}

  /** Reads the folder of a run. */
  static ObjectNode of(OutputFolder folder) {
    byte[] file = folder.read(SavedModel.NETWORK_FILE);
    TrainedModel model = ModelFile.of(file);
    ObjectNode json = JSON.createObjectNode();
    json.put("folder", folder.toString());
    json.put("task", model.encoder().label().task().key());
    ArrayNode labels = json.putArray("labels");
    for (int i = 0; i < model.encoder().label().count(); i++) {
      String name = model.schema().labelNames().get(i);
      labels.add(label(name, model.encoder().label().each().get(i)));
    }
    ArrayNode columns = json.putArray("columns");
    for (Encoder.Numeric column : model.encoder().numerics()) {
      columns
          .addObject()
          .put("name", column.name())
          .put("kind", "number")
          .put("inputs", 1 + (column.indicator() ? 1 : 0) + column.piecewise().inputs())
          .put("encoding", encoding(column));
    }
    for (Encoder.Categorical column : model.encoder().categoricals()) {
      columns
          .addObject()
          .put("name", column.name())
          .put("kind", "category")
          .put("inputs", column.embedded() ? 1 : column.values().size())
          .put("encoding", encoding(column));
    }
    json.set("network", network(model.network(), description(file).path("layers")));
    json.put("loss", model.loss().key());
    json.put("weightsSha256", RunResults.sha256(model.parameters()));
    if (folder.has(RunFiles.METRICS)) {
      json.set("run", read(folder.read(RunFiles.METRICS), RunFiles.METRICS));
    }
    ObjectNode files = json.putObject("files");
    folder.sizes().forEach(files::put);
    return json;
  }

  /** Returns the description in the file, which has every property of every kind of layer. */
  private static JsonNode description(byte[] file) {
    try {
      return JSON.readTree(Safetensors.of(file).metadata().get("chainrule"));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Cannot read the model: " + e.getOriginalMessage(), e);
    }
  }

  private static JsonNode read(byte[] json, String name) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read " + name + ": " + e.getMessage(), e);
    }
  }

  private static ObjectNode label(String name, LabelEncoding label) {
    ObjectNode json = JSON.createObjectNode().put("name", name);
    if (label instanceof LabelEncoding.Classes classes) {
      classes.names().forEach(json.putArray("classes")::add);
    } else if (label instanceof LabelEncoding.Scale scale) {
      json.put("mean", scale.mean()).put("deviation", scale.deviation());
    }
    return json;
  }

  private static ObjectNode network(Network network, JsonNode descriptions) {
    ObjectNode json = JSON.createObjectNode();
    json.put("inputs", network.inputs());
    json.put("outputs", network.outputs());
    json.put("members", network.members());
    json.put("parameters", network.parameterCount());
    ArrayNode layers = json.putArray("layers");
    for (int i = 0; i < network.layers().size(); i++) {
      layers.add(layer(network.layers().get(i), descriptions.path(i)));
    }
    return json;
  }

  private static ObjectNode layer(Layer layer, JsonNode description) {
    ObjectNode json = JSON.createObjectNode();
    json.setAll((ObjectNode) description);
    json.remove(List.of("units", "salt", "dense", "layers"));
    json.put("inputs", layer.inputs()).put("outputs", layer.outputs());
    json.put("parameters", layer.parameterCount());
    if (layer instanceof Residual block) {
      ArrayNode inner = json.putArray("layers");
      for (int i = 0; i < block.layers().size(); i++) {
        inner.add(layer(block.layers().get(i), description.path("layers").path(i)));
      }
    }
    return json;
  }

  private static String encoding(Encoder.Numeric column) {
    List<String> parts = new ArrayList<>();
    if (column.clipped()) {
      parts.add(format("mean %.5g, deviation %.5g", column.mean(), column.deviation()));
    } else {
      parts.add("not standardized");
    }
    parts.add(
        format("missing replaced by %.5g", column.imputed())
            + (column.indicator() ? ", with an indicator input" : ""));
    List<Double> edges = column.piecewise().edges();
    if (!edges.isEmpty()) {
      parts.add(
          format(
              "%d bins from %.5g to %.5g",
              column.piecewise().inputs(), edges.get(0), edges.get(edges.size() - 1)));
    }
    return String.join("; ", parts);
  }

  private static String encoding(Encoder.Categorical column) {
    List<String> shown =
        column.values().stream()
            .limit(VALUES)
            .map(value -> value.isEmpty() ? "(missing)" : value)
            .toList();
    int more = column.values().size() - shown.size();
    return (column.embedded() ? "embedded: " : "")
        + String.join(", ", shown)
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
