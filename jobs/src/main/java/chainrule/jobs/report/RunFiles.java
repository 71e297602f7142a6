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
 * The files of a run. Immutable, if nobody changes the JSON.
 *
 * <p>Every value may be missing, because another version may have written the files.
 *
 * @param name name of the run on pages
 * @param metrics content of metrics.json
 * @param history lines of history.jsonl
 * @param configuration content of configuration.json: JSON values by full key
 * @param tuning content of tuning.json; missing if the run was not a search
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
   * Parses the three files.
   *
   * @throws IllegalArgumentException with the file and the line, if a file cannot be parsed
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
   * Returns these files with tuning.json.
   *
   * @throws IllegalArgumentException if the text cannot be parsed
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
      throw new IllegalArgumentException("Cannot read " + file + ": it is not a JSON object");
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

  /** Returns a number of metrics.json, NaN if it is missing. */
  double number(String pointer) {
    return metrics.at(pointer).asDouble(Double.NaN);
  }

  /** Returns a whole number of metrics.json, 0 if it is missing. */
  long whole(String pointer) {
    return metrics.at(pointer).asLong();
  }

  /** Returns a text of metrics.json, empty if it is missing. */
  String text(String pointer) {
    return metrics.at(pointer).asText("");
  }

  /** Returns a setting as a text, empty if it is missing or null. */
  String setting(String key) {
    String value = configuration.getOrDefault(key, "");
    return value.equals("null") ? "" : value;
  }

  boolean isClassification() {
    return text("/task").equals("classification");
  }

  /** Returns the key of the main metric. */
  String quality() {
    boolean several = part("train").containsKey("subsetAccuracy");
    return isClassification() ? (several ? "subsetAccuracy" : "accuracy") : "rmse";
  }

  /** Returns the metrics of a part, by key; none if the part has no rows. */
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

  /** Returns a number of each line, NaN where it is missing. */
  static double[] column(List<JsonNode> lines, String pointer) {
    return lines.stream().mapToDouble(line -> line.at(pointer).asDouble(Double.NaN)).toArray();
  }
}
