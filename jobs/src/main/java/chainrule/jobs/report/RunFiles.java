package chainrule.jobs.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run wrote of itself. Immutable as long as nobody changes the JSON.
 *
 * <p>Values are looked for, not relied on: a run of another version may lack some.
 *
 * @param name by which a page tells it from others
 * @param metrics of metrics.json
 * @param history of history.jsonl, by line
 * @param configuration of configuration.json, by key with dots, values as JSON texts
 * @param tuning of tuning.json; missing if the run's settings were not searched for
 */
public record RunFiles(
    String name,
    JsonNode metrics,
    List<JsonNode> history,
    Map<String, String> configuration,
    JsonNode tuning) {
  public static final String METRICS = "metrics.json";
  public static final String HISTORY = "history.jsonl";
  public static final String CONFIGURATION = "configuration.json";
  public static final String TUNING = "tuning.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  public RunFiles {
    history = List.copyOf(history);
    configuration = new TreeMap<>(configuration);
  }

  /**
   * Reads the texts of the three files.
   *
   * @throws IllegalArgumentException that names the file, and the line, if one cannot be read
   */
  public static RunFiles of(String name, String metrics, String history, String configuration) {
    List<JsonNode> lines = new ArrayList<>();
    int number = 0;
    for (String line : history.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        lines.add(object(line, HISTORY + ":" + number));
      }
    }
    Map<String, String> keys = new TreeMap<>();
    flatten("", object(configuration, CONFIGURATION), keys);
    JsonNode none = JsonNodeFactory.instance.missingNode();
    return new RunFiles(name, object(metrics, METRICS), lines, keys, none);
  }

  /**
   * Returns these with the text of tuning.json.
   *
   * @throws IllegalArgumentException that names the file if it cannot be read
   */
  public RunFiles withTuning(String text) {
    return new RunFiles(name, metrics, history, configuration, object(text, TUNING));
  }

  private static JsonNode object(String text, String file) {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read " + file + ": " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
    if (!node.isObject()) {
      throw new IllegalArgumentException("Cannot read " + file + ": it has no JSON object");
    }
    return node;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> keys) {
    node.properties()
        .forEach(
            entry -> {
              String key = prefix + entry.getKey();
              JsonNode value = entry.getValue();
              if (value.isObject() && !value.isEmpty()) {
                flatten(key + ".", value, keys);
              } else {
                keys.put(key, value.isTextual() ? value.textValue() : value.toString());
              }
            });
  }

  /** Returns a number of metrics.json, NaN if it is not there. */
  double number(String pointer) {
    return metrics.at(pointer).asDouble(Double.NaN);
  }

  /** Returns a whole number of metrics.json, 0 if it is not there. */
  long whole(String pointer) {
    return metrics.at(pointer).asLong();
  }

  /** Returns a text of metrics.json, empty if it is not there. */
  String text(String pointer) {
    return metrics.at(pointer).asText("");
  }

  /** Returns a setting as a text, empty if it is not there or null. */
  String setting(String key) {
    String value = configuration.getOrDefault(key, "");
    return value.equals("null") ? "" : value;
  }

  boolean isClassification() {
    return text("/task").equals("classification");
  }

  /** Returns the name of the metric that people look at first. */
  String quality() {
    boolean several = part("train").containsKey("subsetAccuracy");
    return isClassification() ? (several ? "subsetAccuracy" : "accuracy") : "rmse";
  }

  /** Returns the metrics of a part, by name; none if there are no such rows. */
  Map<String, Double> part(String part) {
    Map<String, Double> values = new LinkedHashMap<>();
    JsonNode node = metrics.path(part);
    (node.isObject() ? node : JsonNodeFactory.instance.objectNode())
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isNumber() || entry.getValue().isNull()) {
                values.put(entry.getKey(), entry.getValue().asDouble(Double.NaN));
              }
            });
    return values;
  }

  /** Returns the lines of a phase, "fit" or "refit". */
  List<JsonNode> phase(String phase) {
    return history.stream().filter(line -> phase.equals(line.path("phase").asText("fit"))).toList();
  }

  /** Returns a number of each line, NaN where it is not there. */
  static double[] column(List<JsonNode> lines, String pointer) {
    return lines.stream().mapToDouble(line -> line.at(pointer).asDouble(Double.NaN)).toArray();
  }
}
