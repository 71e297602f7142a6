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
 * What a search that did not end left in tuning.json: its trials, which need not be done again, and
 * what they are a function of, so that another search is refused and not mixed with it. Immutable.
 */
public final class UnfinishedSearch {
  private static final Logger LOG = LoggerFactory.getLogger(UnfinishedSearch.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String FINGERPRINT = "dataFingerprint";

  /** What may change between the parts of a training, but not between trials to be compared. */
  private static final Set<String> FIXED = Set.of("tune.", "training.epochs");

  private final String path;
  private final JsonNode json;

  private UnfinishedSearch(String path, JsonNode json) {
    this.path = path;
    this.json = json;
  }

  /**
   * Returns the search to go on with, if there is one.
   *
   * @param origin what this run is a function of ({@link Resume#origin})
   * @throws ConfigurationException if it is another search, or there must be one and is none
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
        LOG.warn("Skipping {}, which is damaged: {}", path, e.getCause().getMessage());
        return Optional.empty();
      }
      throw e;
    } catch (IOException e) {
      LOG.warn("Skipping {}, which is damaged: {}", path, e.getMessage());
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

  /** Returns what is written of a search, by which {@link #find} knows it again. */
  public static Map<String, String> run(Map<String, String> origin, Fingerprint data) {
    Map<String, String> run = new TreeMap<>(origin);
    run.put(FINGERPRINT, data.toHex());
    return run;
  }

  /**
   * Returns the trials that are done, from the first on.
   *
   * @param draws the values of all trials
   * @param data of the table they are to be compared on
   * @throws ConfigurationException if the table is another
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
