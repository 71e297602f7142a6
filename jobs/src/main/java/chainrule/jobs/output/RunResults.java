package chainrule.jobs.output;

import chainrule.data.Sha256;
import chainrule.spark.ShardedTable;
import chainrule.spark.store.Cpu;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.TrainingReport;
import chainrule.train.history.EpochRecord;
import chainrule.train.sums.Metrics;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the results of a run as JSON and as a table. */
public final class RunResults {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NAME_WIDTH = 12;

  /** The number of labels that are printed; the files have all labels. */
  private static final int PRINTED_LABELS = 20;

  private RunResults() {}

  /** Returns the text of history.jsonl: a line for each epoch. */
  public static String history(List<EpochRecord> history) {
    StringBuilder lines = new StringBuilder();
    for (EpochRecord epoch : history) {
      ObjectNode line = JSON.createObjectNode();
      line.put("phase", epoch.phase().name().toLowerCase(Locale.ROOT));
      line.put("epoch", epoch.epoch());
      line.put("step", epoch.step());
      line.put("learningRate", epoch.learningRate());
      line.putObject("train").put("loss", epoch.trainLoss());
      if (epoch.validation().rows() > 0) {
        line.set("validation", json(epoch.validation()));
      }
      line.put("computeSeconds", epoch.computeSeconds());
      line.put("exchangeSeconds", epoch.exchangeSeconds());
      line.put("rowsPerSecond", epoch.rowsPerSecond());
      put(line, "gradientNorms", epoch.norms().gradient());
      put(line, "parameterNorms", epoch.norms().parameters());
      lines.append(line).append('\n');
    }
    return lines.toString();
  }

  private static void put(ObjectNode line, String name, List<Double> norms) {
    if (!norms.isEmpty()) {
      norms.forEach(line.putArray(name)::add);
    }
  }

  /**
   * Returns the text of metrics.json.
   *
   * @param usable rows of data.train that were not dropped
   * @param kernels name of the kernels that were used
   * @param test metrics of the test table; without rows if there is none
   */
  public static String metrics(
      Trainer.Outcome outcome,
      ShardedTable table,
      long usable,
      String kernels,
      long seed,
      Metrics test) {
    TrainingReport report = outcome.report();
    TrainedModel model = outcome.model();
    ObjectNode json = JSON.createObjectNode();
    json.put("task", report.plan().task().key());
    json.put("engine", table.engine().key());
    json.put("blas", kernels);
    json.put("cpu", Cpu.name());
    json.put("seed", seed);
    json.put("shards", report.plan().shards());
    long dropped = table.droppedMissing() + table.droppedMalformed();
    json.putObject("rows")
        .put("read", usable + dropped)
        .put("dropped", dropped)
        .put("train", report.trainingRows())
        .put("validation", report.validationRows())
        .put("test", test.rows());
    json.put("inputs", model.network().inputs());
    json.put("ensembleSize", model.network().members());
    json.put("parameters", model.network().parameterCount());
    json.put("batchSize", report.plan().batchSize());
    json.put("epochs", report.epochs());
    json.put("bestEpoch", report.bestEpoch());
    json.put("refit", report.plan().refit());
    json.put("steps", report.steps());
    json.put("trainSeconds", report.trainSeconds());
    json.put("rowsPerSecond", report.rowsPerSecond());
    json.put("dataFingerprint", report.fingerprint().toHex());
    json.put("weightsSha256", sha256(model.parameters()));
    json.put("loss", model.loss().key());
    json.set("train", json(report.training()));
    if (report.validation().rows() > 0) {
      json.set("validation", json(report.validation()));
    }
    if (test.rows() > 0) {
      json.set("test", json(test));
    }
    json.set("faults", FaultText.json(report.faults()));
    ObjectNode versions = json.putObject("versions");
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("java", System.getProperty("java.version"));
    return pretty(json);
  }

  /**
   * Returns metrics as JSON; with several labels, the object {@code labels} has the metrics of
   * each. A value that is undefined, for example because a class is missing, is null.
   */
  public static ObjectNode json(Metrics metrics) {
    ObjectNode json = JSON.createObjectNode();
    for (Map.Entry<String, Double> entry : metrics.values().entrySet()) {
      if (Double.isFinite(entry.getValue())) {
        json.put(entry.getKey(), entry.getValue());
      } else {
        json.putNull(entry.getKey());
      }
    }
    if (!metrics.labels().isEmpty()) {
      ObjectNode labels = json.putObject("labels");
      metrics.labels().forEach((name, own) -> labels.set(name, json(own)));
    }
    return json;
  }

  /** Returns JSON with line breaks, as files have it. */
  public static String pretty(ObjectNode json) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write JSON: " + e.getMessage(), e);
    }
  }

  /** Returns the SHA-256 of the flat parameter vector, little endian, in hexadecimal digits. */
  public static String sha256(float[] parameters) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * parameters.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(parameters);
    return Sha256.hex(bytes.array());
  }

  /**
   * Prints a table with a row of metrics for each part. With several labels, a second table has a
   * row for each label, for the last part that has rows.
   */
  public static void print(Map<String, Metrics> parts) {
    table(parts).forEach(line -> Console.print("%s", line));
  }

  /** Returns the lines of the table. */
  public static List<String> table(Map<String, Metrics> parts) {
    List<String> lines = new ArrayList<>();
    Map<String, Metrics> full = new LinkedHashMap<>(parts);
    full.values().removeIf(metrics -> metrics.rows() == 0);
    lines.addAll(table("", full, true));
    String last = full.keySet().stream().reduce("", (a, b) -> b);
    Map<String, Metrics> labels =
        full.isEmpty() ? Map.of() : new LinkedHashMap<>(full.get(last).labels());
    if (!labels.isEmpty()) {
      lines.add("");
      int left = labels.size() - PRINTED_LABELS;
      labels.keySet().removeAll(labels.keySet().stream().skip(PRINTED_LABELS).toList());
      lines.addAll(table(last, labels, false));
      if (left > 0) {
        lines.add("… and " + left + " more labels");
      }
    }
    return lines;
  }

  private static List<String> table(String title, Map<String, Metrics> parts, boolean withRows) {
    int width = parts.keySet().stream().mapToInt(String::length).max().orElse(0);
    String first = "%-" + Math.max(NAME_WIDTH, width + 1) + "s";
    List<String> lines = new ArrayList<>();
    parts.forEach(
        (part, metrics) -> {
          StringBuilder heading = new StringBuilder(String.format(first, title));
          StringBuilder row = new StringBuilder(String.format(first, part));
          if (withRows) {
            heading.append(String.format("%10s", "rows"));
            row.append(String.format("%10d", metrics.rows()));
          }
          metrics
              .values()
              .forEach(
                  (name, value) -> {
                    int column = Math.max(12, name.length() + 2);
                    heading.append(String.format("%" + column + "s", name));
                    row.append(String.format(Locale.ROOT, "%" + column + ".5g", value));
                  });
          if (lines.isEmpty()) {
            lines.add(heading.toString());
          }
          lines.add(row.toString());
        });
    return lines;
  }
}
