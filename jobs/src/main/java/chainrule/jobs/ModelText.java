package chainrule.jobs;

import chainrule.jobs.output.RunResults;
import chainrule.train.sums.Metrics;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A {@link ModelSummary} as lines of text. */
final class ModelText {
  /** Columns that are listed; the JSON has all of them. */
  private static final int COLUMNS = 40;

  private static final Set<String> SHOWN_BESIDE =
      Set.of("type", "inputs", "outputs", "parameters", "layers"); // of a layer

  private final JsonNode summary;
  private final List<String> lines = new ArrayList<>();

  ModelText(JsonNode summary) {
    this.summary = summary;
  }

  List<String> lines() {
    heading();
    network();
    columns();
    JsonNode run = summary.path("run");
    if (run.isObject()) {
      run(run);
    }
    add("");
    add("weights  SHA-256 %s", summary.path("weightsSha256").asText());
    add("files    %s", files());
    return lines;
  }

  /**
   * Names and values come from a table. Control characters, which could steer a terminal, become
   * "?".
   */
  private void add(String format, Object... values) {
    String line = String.format(Locale.ROOT, format, values).replaceAll("\\p{Cntrl}", "?");
    lines.add(line.stripTrailing());
  }

  private void heading() {
    add(
        "%s: %s of %s, loss %s",
        summary.path("folder").asText(),
        summary.path("task").asText(),
        String.join(", ", summary.path("labels").findValuesAsText("name")),
        summary.path("loss").asText());
    JsonNode labels = summary.path("labels");
    for (JsonNode label : labels) {
      String which = labels.size() > 1 ? label.path("name").asText() + ": " : "";
      if (label.has("classes")) {
        add("%s%d classes: %s", which, label.path("classes").size(), texts(label.path("classes")));
      } else {
        add(
            "label standardized: (%s - %.6g) / %.6g",
            label.path("name").asText(),
            label.path("mean").asDouble(),
            label.path("deviation").asDouble());
      }
    }
  }

  private static String texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(", "));
  }

  private void network() {
    JsonNode network = summary.path("network");
    int members = network.path("members").asInt();
    add("");
    add(
        "%-11s %8s %8s %12s%s",
        "layer", "inputs", "outputs", "parameters", members > 1 ? " per member" : "");
    layers(network.path("layers"), "");
    add(
        "%,d parameters%s",
        network.path("parameters").asInt(),
        members > 1 ? " in " + members + " members; their predictions are averaged" : "");
  }

  private void layers(JsonNode layers, String indent) {
    for (JsonNode layer : layers) {
      String rest =
          layer.properties().stream()
              .filter(field -> !SHOWN_BESIDE.contains(field.getKey()))
              .map(field -> field.getKey() + " " + text(field.getValue()))
              .collect(Collectors.joining(", "));
      add(
          "%-11s %8d %8d %12d  %s",
          indent + layer.path("type").asText(),
          layer.path("inputs").asInt(),
          layer.path("outputs").asInt(),
          layer.path("parameters").asInt(),
          rest);
      layers(layer.path("layers"), indent + "  ");
    }
  }

  private static String text(JsonNode value) {
    return value.isArray() ? texts(value) : value.asText();
  }

  private void columns() {
    JsonNode columns = summary.path("columns");
    int width = 6;
    for (int i = 0; i < Math.min(COLUMNS, columns.size()); i++) {
      width = Math.max(width, columns.path(i).path("name").asText().length());
    }
    String format = "%-" + width + "s  %-8s %6s  %s";
    add("");
    add(format, "column", "kind", "inputs", "encoding");
    for (int i = 0; i < Math.min(COLUMNS, columns.size()); i++) {
      JsonNode column = columns.path(i);
      add(
          format,
          column.path("name").asText(),
          column.path("kind").asText(),
          column.path("inputs").asText(),
          column.path("encoding").asText());
    }
    if (columns.size() > COLUMNS) {
      add("and %d more columns (use --json to show all)", columns.size() - COLUMNS);
    }
  }

  private void run(JsonNode run) {
    add("");
    Map<String, Metrics> parts = new LinkedHashMap<>();
    for (String part : List.of("train", "validation", "test")) {
      if (run.has(part)) {
        parts.put(part, metrics(run.path("rows").path(part).asLong(), run.path(part)));
      }
    }
    lines.addAll(RunResults.table(parts));
    add(
        "epoch %d of %d, %d steps in %.1f s; engine %s, kernels %s, %d shards, seed %d",
        run.path("bestEpoch").asInt(),
        run.path("epochs").asInt(),
        run.path("steps").asLong(),
        run.path("trainSeconds").asDouble(),
        run.path("engine").asText(),
        run.path("blas").asText(),
        run.path("shards").asInt(),
        run.path("seed").asLong());
    add("");
    add("data     fingerprint %s", run.path("dataFingerprint").asText());
    add(
        "versions %s",
        run.path("versions").properties().stream()
            .map(version -> version.getKey() + " " + version.getValue().asText())
            .collect(Collectors.joining(", ")));
  }

  /** Reads what {@link RunResults#json} wrote. */
  private static Metrics metrics(long rows, JsonNode json) {
    Map<String, Double> values = new LinkedHashMap<>();
    Map<String, Metrics> labels = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> metric : json.properties()) {
      if (metric.getValue().isNumber() || metric.getValue().isNull()) {
        values.put(metric.getKey(), metric.getValue().asDouble(Double.NaN));
      }
    }
    for (Map.Entry<String, JsonNode> label : json.path("labels").properties()) {
      labels.put(label.getKey(), metrics(rows, label.getValue()));
    }
    return new Metrics(rows, values, labels);
  }

  private String files() {
    return summary.path("files").properties().stream()
        .map(
            file -> String.format(Locale.ROOT, "%s (%,d)", file.getKey(), file.getValue().asLong()))
        .collect(Collectors.joining(", "));
  }
}
