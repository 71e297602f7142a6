package chainrule.jobs.tune;

import chainrule.data.Fingerprint;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.Resume;
import chainrule.jobs.output.OutputFolder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.ChecksumException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tuning.json of an unfinished search: its finished trials, and the facts that determine them,
 * so that the trials of different searches are never mixed. Immutable.
 */
public final class UnfinishedSearch {
  private static final Logger LOG = LoggerFactory.getLogger(UnfinishedSearch.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String FINGERPRINT = "dataFingerprint";

  /** Keys that may change when a training resumes, but not between trials that are compared. */
  private static final Set<String> FIXED = Set.of("tune.", "training.epochs");

  private final String path;
  private final JsonNode json;

  private UnfinishedSearch(String path, JsonNode json) {
    this.path = path;
    this.json = json;
  }

  /**
   * Returns the search to resume, if there is one.
   *
   * @param origin the facts that determine this run ({@link Resume#origin})
   * @throws ConfigurationException if the file belongs to another search, or if one is required and
   *     there is none
   */
  public static Optional<UnfinishedSearch> find(
      OutputFolder output, Resume.Mode mode, Map<String, String> origin) {
    Optional<UnfinishedSearch> found =
        mode == Resume.Mode.NEVER || !output.has(TuningReport.JSON_FILE)
            ? Optional.empty()
            : read(output);
    if (found.isEmpty() && mode == Resume.Mode.REQUIRED) {
      throw new ConfigurationException("Cannot resume: there is no unfinished search in " + output);
    }
    found.ifPresent(search -> Resume.requireSame(search.path, search.origin(), origin, FIXED));
    return found;
  }

  private static Optional<UnfinishedSearch> read(OutputFolder output) {
    String path = output.path(TuningReport.JSON_FILE).toString();
    JsonNode json;
    try {
      json = JSON.readTree(new String(output.read(TuningReport.JSON_FILE), StandardCharsets.UTF_8));
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof ChecksumException) {
        LOG.warn("Ignoring {}, which is damaged: {}", path, e.getCause().getMessage());
        return Optional.empty();
      }
      throw e;
    } catch (IOException e) {
      LOG.warn("Ignoring {}, which is damaged: {}", path, e.getMessage());
      return Optional.empty();
    }
    boolean unfinished = json.path("complete").isBoolean() && !json.path("complete").asBoolean();
    return unfinished ? Optional.of(new UnfinishedSearch(path, json)) : Optional.empty();
  }

  private Map<String, String> origin() {
    Map<String, String> origin = new TreeMap<>();
    json.path("run").properties().forEach(e -> origin.put(e.getKey(), e.getValue().asText()));
    return origin;
  }

  /** Returns the facts about a search that tuning.json stores and {@link #find} compares. */
  public static Map<String, String> run(Map<String, String> origin, Fingerprint data) {
    Map<String, String> run = new TreeMap<>(origin);
    run.put(FINGERPRINT, data.toHex());
    return run;
  }

  /**
   * Returns the finished trials, from the first on.
   *
   * @param draws the values of all trials
   * @param data of the training table
   * @throws ConfigurationException if the table has changed
   */
  public List<Trial> trials(List<Map<String, ConfigValue>> draws, Fingerprint data) {
    String was = json.path("run").path(FINGERPRINT).asText();
    if (!was.equals(data.toHex())) {
      throw Resume.refused(
          path,
          "Cannot resume: the rows of data.train had the fingerprint "
              + was
              + ", now it is "
              + data.toHex());
    }
    Map<Integer, JsonNode> byNumber = new TreeMap<>();
    json.path("trials").forEach(node -> byNumber.put(node.path("trial").asInt(), node));
    List<Trial> trials = new ArrayList<>();
    while (trials.size() < draws.size() && byNumber.containsKey(trials.size() + 1)) {
      JsonNode node = byNumber.get(trials.size() + 1);
      List<Double> scores = new ArrayList<>();
      node.path("scores").forEach(score -> scores.add(score.asDouble(Double.NaN)));
      trials.add(
          new Trial(
              trials.size() + 1,
              draws.get(trials.size()),
              scores,
              node.path("diverged").asBoolean(),
              node.path("seconds").asDouble()));
    }
    return trials;
  }
}
