package chainrule.model;

import chainrule.math.Check;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import chainrule.train.history.PhaseReport;
import chainrule.train.sums.Metrics;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What a checkpoint has beside its arrays, as JSON. Numbers keep every bit; those that JSON has no
 * way to write are texts.
 *
 * <p>Errors: {@link IllegalArgumentException} naming a field that is missing or of another type.
 */
final class CheckpointJson {
  private static final int VERSION = 1;

  private CheckpointJson() {}

  static ObjectNode describe(CheckpointFile.Contents contents) {
    Checkpoint checkpoint = contents.checkpoint();
    LoopSnapshot loop = checkpoint.loop();
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", VERSION);
    contents.origin().forEach(json.putObject("origin")::put);
    checkpoint.facts().forEach(json.putObject("facts")::put);
    checkpoint.finished().forEach(report -> describe(json.withArray("/finished"), report));
    json.set("faults", faults(checkpoint.faults()));
    ObjectNode node = json.putObject("loop");
    node.put("phase", name(loop.phase()));
    node.put("step", loop.step());
    node.put("optimizerStep", loop.optimizer().step());
    node.put("moments", loop.optimizer().moments().size());
    loop.candidates().keySet().forEach(node.putArray("candidates")::add);
    put(node, "lossSum", loop.epoch().lossSum());
    put(node, "weightSum", loop.epoch().weightSum());
    put(node, "lossBefore", loop.epoch().lossBefore());
    put(node, "lineLength", loop.epoch().lineLength());
    put(node, "seconds", loop.epoch().seconds());
    put(node, "computeSeconds", loop.epoch().computeSeconds());
    put(node, "gradientNorms", loop.epoch().gradientNorms());
    loop.history().forEach(record -> describe(node.withArray("/history"), record));
    return json;
  }

  /**
   * @param snapshots makes the loop's snapshot of its description
   */
  static CheckpointFile.Contents contents(
      JsonNode json, Function<JsonNode, LoopSnapshot> snapshots) {
    int version = JsonFields.whole(json, "version");
    Check.argument(version == VERSION, "version of the checkpoint", version, "" + VERSION);
    List<PhaseReport> finished = new ArrayList<>();
    json.path("finished").forEach(node -> finished.add(report(node)));
    return new CheckpointFile.Contents(
        texts(json.path("origin")),
        new Checkpoint(
            texts(json.path("facts")),
            finished,
            snapshots.apply(json.path("loop")),
            faults(json.path("faults"))));
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      texts.put(entry.getKey(), JsonFields.text(node, entry.getKey()));
    }
    return texts;
  }

  private static void describe(ArrayNode array, PhaseReport report) {
    ObjectNode node = array.addObject();
    node.put("trainingRows", report.trainingRows());
    node.put("validationRows", report.validationRows());
    node.put("bestEpoch", report.bestEpoch());
    node.put("steps", report.steps());
    node.set("training", describe(report.training()));
    node.set("validation", describe(report.validation()));
    ArrayNode history = node.putArray("history");
    report.history().forEach(record -> describe(history, record));
  }

  private static PhaseReport report(JsonNode node) {
    return new PhaseReport(
        whole(node, "trainingRows"),
        whole(node, "validationRows"),
        JsonFields.whole(node, "bestEpoch"),
        whole(node, "steps"),
        history(node.path("history")),
        metrics(node.path("training")),
        metrics(node.path("validation")));
  }

  private static void describe(ArrayNode array, EpochRecord record) {
    ObjectNode node = array.addObject();
    node.put("phase", name(record.phase()));
    node.put("epoch", record.epoch());
    node.put("step", record.step());
    put(node, "learningRate", record.learningRate());
    put(node, "trainLoss", record.trainLoss());
    node.set("validation", describe(record.validation()));
    put(node, "computeSeconds", record.computeSeconds());
    put(node, "exchangeSeconds", record.exchangeSeconds());
    put(node, "rowsPerSecond", record.rowsPerSecond());
    put(node, "gradientNorms", record.norms().gradient());
    put(node, "parameterNorms", record.norms().parameters());
  }

  static List<EpochRecord> history(JsonNode array) {
    List<EpochRecord> history = new ArrayList<>();
    for (JsonNode node : array) {
      history.add(
          new EpochRecord(
              phase(node),
              JsonFields.whole(node, "epoch"),
              whole(node, "step"),
              number(node, "learningRate"),
              number(node, "trainLoss"),
              metrics(node.path("validation")),
              number(node, "computeSeconds"),
              number(node, "exchangeSeconds"),
              number(node, "rowsPerSecond"),
              new EpochRecord.Norms(
                  numbers(node, "gradientNorms"), numbers(node, "parameterNorms"))));
    }
    return history;
  }

  static LoopSnapshot.Epoch epoch(JsonNode node) {
    return new LoopSnapshot.Epoch(
        number(node, "lossSum"),
        number(node, "weightSum"),
        number(node, "lossBefore"),
        number(node, "lineLength"),
        number(node, "seconds"),
        number(node, "computeSeconds"),
        numbers(node, "gradientNorms"));
  }

  private static ObjectNode describe(Metrics metrics) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("rows", metrics.rows());
    ObjectNode values = node.putObject("values");
    metrics.values().forEach((name, value) -> put(values, name, value));
    ObjectNode labels = node.putObject("labels");
    metrics.labels().forEach((name, label) -> labels.set(name, describe(label)));
    return node;
  }

  private static Metrics metrics(JsonNode node) {
    Map<String, Double> values = new LinkedHashMap<>();
    JsonNode named = node.path("values");
    for (Map.Entry<String, JsonNode> entry : named.properties()) {
      values.put(entry.getKey(), number(named, entry.getKey()));
    }
    Map<String, Metrics> labels = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.path("labels").properties()) {
      labels.put(entry.getKey(), metrics(entry.getValue()));
    }
    return new Metrics(whole(node, "rows"), values, labels);
  }

  private static ObjectNode faults(Faults faults) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("executorsLost", faults.executorsLost());
    node.put("attemptsFailed", faults.attemptsFailed());
    node.put("stepsRepeated", faults.stepsRepeated());
    put(node, "secondsLost", faults.secondsLost());
    node.put("checkpointsFailed", faults.checkpointsFailed());
    ArrayNode resumed = node.putArray("resumed");
    for (Faults.Place place : faults.resumed()) {
      resumed
          .addObject()
          .put("phase", name(place.phase()))
          .put("epoch", place.epoch())
          .put("step", place.step());
    }
    ArrayNode slow = node.putArray("slow");
    for (Faults.SlowExecutor executor : faults.slow()) {
      ObjectNode entry = slow.addObject().put("name", executor.name());
      put(entry, "times", executor.times());
      put(entry, "share", executor.share());
    }
    faults.fallbacks().forEach(node.putArray("fallbacks")::add);
    return node;
  }

  private static Faults faults(JsonNode node) {
    List<Faults.Place> resumed = new ArrayList<>();
    for (JsonNode place : node.path("resumed")) {
      resumed.add(
          new Faults.Place(phase(place), JsonFields.whole(place, "epoch"), whole(place, "step")));
    }
    List<Faults.SlowExecutor> slow = new ArrayList<>();
    for (JsonNode entry : node.path("slow")) {
      slow.add(
          new Faults.SlowExecutor(
              JsonFields.text(entry, "name"), number(entry, "times"), number(entry, "share")));
    }
    List<String> fallbacks = new ArrayList<>();
    node.path("fallbacks").forEach(reason -> fallbacks.add(reason.asText()));
    return new Faults(
        JsonFields.whole(node, "executorsLost"),
        JsonFields.whole(node, "attemptsFailed"),
        whole(node, "stepsRepeated"),
        number(node, "secondsLost"),
        JsonFields.whole(node, "checkpointsFailed"),
        resumed,
        slow,
        fallbacks);
  }

  static EpochRecord.Phase phase(JsonNode node) {
    String name = JsonFields.text(node, "phase");
    for (EpochRecord.Phase phase : EpochRecord.Phase.values()) {
      if (name(phase).equals(name)) {
        return phase;
      }
    }
    throw Check.invalid("phase", name, "fit or refit");
  }

  private static String name(EpochRecord.Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  static long whole(JsonNode node, String name) {
    JsonNode value = node.path(name);
    Check.argument(value.isIntegralNumber() && value.canConvertToLong(), name, value, "an integer");
    return value.asLong();
  }

  private static void put(ObjectNode node, String name, double value) {
    node.set(name, exact(value));
  }

  private static void put(ObjectNode node, String name, List<Double> values) {
    ArrayNode array = node.putArray(name);
    values.forEach(value -> array.add(exact(value)));
  }

  /** Returns a number so that each double comes back as it was. */
  private static JsonNode exact(double value) {
    return Double.isFinite(value)
        ? DoubleNode.valueOf(value)
        : TextNode.valueOf(Double.toString(value));
  }

  private static double number(JsonNode node, String name) {
    return exact(node.path(name), name);
  }

  private static List<Double> numbers(JsonNode node, String name) {
    JsonNode array = node.path(name);
    Check.argument(array.isArray(), name, array, "a list");
    List<Double> numbers = new ArrayList<>();
    array.forEach(value -> numbers.add(exact(value, name)));
    return numbers;
  }

  private static double exact(JsonNode value, String name) {
    return switch (value.asText()) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> {
        Check.argument(value.isNumber(), name, value, "a number");
        yield value.asDouble();
      }
    };
  }
}
