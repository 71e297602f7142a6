package chainrule.jobs.tune;

import chainrule.data.LabelEncoding;
import chainrule.data.Task;
import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.math.Check;
import chainrule.math.RandomStream;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The search of the command {@code tune}: the group {@code tune} of a configuration. Immutable.
 *
 * @param random whether trials are drawn at random; otherwise all combinations are tried
 * @param trials the number of random draws
 * @param seed of the draws
 * @param folds of the cross-validation; 0: the validation rows of one training
 * @param metric by which trials are compared, as in metrics.json; empty: derived from the task
 * @param space the values of each key, by name
 */
public record Search(
    boolean random,
    int trials,
    long seed,
    int folds,
    String metric,
    Map<String, SearchRange> space) {
  /** A larger grid is probably a mistake. */
  static final int GREATEST_GRID = 10_000;

  private static final Set<String> GREATER_IS_BETTER =
      Set.of("accuracy", "subsetAccuracy", "macroF1", "auc", "r2");

  private static final List<String> METRICS =
      List.of(
          "loss",
          "accuracy",
          "subsetAccuracy",
          "hammingLoss",
          "logLoss",
          "macroF1",
          "auc",
          "rmse",
          "mae",
          "r2");

  /** Keys that do not change the quality of the model: tuning them would select by chance. */
  private static final Set<String> NOT_TUNED =
      Set.of(
          "training.seed",
          "training.shards",
          "training.engine",
          "training.blas",
          "training.refit",
          "network.initial-weights");

  /** Keys that change the definition of the loss, so that losses are not comparable. */
  private static final Set<String> LOSS_KEYS =
      Set.of("training.loss", "training.huber-delta", "training.label-smoothing");

  private static final Set<String> TUNED_DATA =
      Set.of("data.features.standardize", "data.features.encoding", "data.standardize-label");

  public Search {
    space = new TreeMap<>(space);
  }

  /**
   * Reads the search of a configuration.
   *
   * @throws ConfigurationException if a key of the group is invalid
   */
  public static Search of(Configuration configuration) {
    String search = configuration.text("tune.search");
    if (!search.equals("grid") && !search.equals("random")) {
      throw configuration.invalid("tune.search", "grid or random");
    }
    int folds = configuration.integer("tune.folds", 0);
    if (folds == 1) {
      throw configuration.invalid("tune.folds", "0 (validation rows) or a whole number >= 2");
    }
    if (folds > 0 && configuration.has("data.validation.path")) {
      throw configuration.invalid("tune.folds", "0 with data.validation.path");
    }
    String metric = configuration.isGiven("tune.metric") ? configuration.text("tune.metric") : "";
    if (!metric.isEmpty() && !METRICS.contains(metric)) {
      throw configuration.invalid("tune.metric", "auto or one of " + METRICS);
    }
    Map<String, SearchRange> space = new TreeMap<>();
    configuration
        .overridden("tune.space", Search::isTuned)
        .forEach(
            (key, value) ->
                space.put(
                    key,
                    SearchRange.of(
                        value, rule -> configuration.invalid("tune.space." + key, rule))));
    if (space.isEmpty()) {
      throw configuration.invalid("tune.space", "a group of at least one key");
    }
    Search found =
        new Search(
            search.equals("random"),
            configuration.integer("tune.trials", 1),
            configuration.whole("tune.seed", Long.MIN_VALUE),
            folds,
            metric,
            space);
    found.check(configuration);
    return found;
  }

  private static boolean isTuned(String key) {
    boolean tuned = key.startsWith("network.") || key.startsWith("training.");
    return (tuned && !NOT_TUNED.contains(key)) || TUNED_DATA.contains(key);
  }

  private void check(Configuration configuration) {
    space.forEach(
        (key, range) -> {
          if (!random && range.grid().isEmpty()) {
            throw configuration.invalid(
                "tune.space." + key,
                "a list, or a range with points = 2 or more, unless tune.search = random");
          }
        });
    if (metric.equals("loss") && space.keySet().stream().anyMatch(LOSS_KEYS::contains)) {
      throw configuration.invalid("tune.metric", "another metric if the loss itself is tuned");
    }
    if (random ? trials > GREATEST_GRID : combinations() > GREATEST_GRID) {
      throw configuration.invalid(
          random ? "tune.trials" : "tune.space",
          "at most " + GREATEST_GRID + " trials" + (random ? "" : "; or set tune.search = random"));
    }
  }

  /** Returns the number of combinations; infinite if a range is drawn from. */
  private double combinations() {
    double product = 1;
    for (SearchRange range : space.values()) {
      product *= random && !range.isList() ? Double.POSITIVE_INFINITY : range.grid().size();
    }
    return product;
  }

  /**
   * Returns the values of each trial, by key; no two trials are equal. Keys are in alphabetical
   * order, and in a grid the last one changes fastest. Random draws are a function of the seed and
   * the space: a larger number of trials keeps the first ones.
   */
  public List<Map<String, ConfigValue>> draws() {
    if (!random || trials >= combinations()) {
      return grid();
    }
    var stream = new RandomStream(seed);
    Set<Map<String, ConfigValue>> draws = new LinkedHashSet<>();
    // Ranges of whole numbers may have fewer values than trials.
    for (int i = 0; draws.size() < trials && i < 1000L * trials; i++) {
      Map<String, ConfigValue> values = new TreeMap<>();
      space.forEach((key, range) -> values.put(key, range.draw(stream)));
      draws.add(values);
    }
    return List.copyOf(draws);
  }

  private List<Map<String, ConfigValue>> grid() {
    List<Map<String, ConfigValue>> grid = List.of(Map.of());
    for (Map.Entry<String, SearchRange> entry : space.entrySet()) {
      List<Map<String, ConfigValue>> longer = new ArrayList<>();
      for (Map<String, ConfigValue> values : grid) {
        for (ConfigValue value : entry.getValue().grid()) {
          Map<String, ConfigValue> more = new TreeMap<>(values);
          more.put(entry.getKey(), value);
          longer.add(more);
        }
      }
      grid = longer;
    }
    return grid;
  }

  /**
   * Returns the metric by which trials are compared.
   *
   * @throws IllegalArgumentException if the labels do not have this metric
   */
  public String metric(LabelEncoding label) {
    List<String> measured = new ArrayList<>(List.of("loss"));
    if (label instanceof LabelEncoding.Classes classes) {
      measured.addAll(List.of("accuracy", "logLoss", "macroF1"));
      if (classes.names().size() == 2) {
        measured.add("auc");
      }
    } else if (label.task() == Task.CLASSIFICATION) {
      measured.addAll(List.of("subsetAccuracy", "hammingLoss", "logLoss", "macroF1", "auc"));
    } else {
      measured.addAll(List.of("rmse", "mae", "r2"));
    }
    if (metric.isEmpty()) {
      return measured.contains("rmse") ? "rmse" : "logLoss";
    }
    Check.argument(measured.contains(metric), "tune.metric", metric, "auto or one of " + measured);
    return metric;
  }

  static boolean isGreaterBetter(String metric) {
    return GREATER_IS_BETTER.contains(metric);
  }

  /** Returns a short description for the log. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s over %s, %s",
        random ? "random search" : "grid search",
        space.keySet(),
        folds == 0 ? "on the validation rows" : folds + " folds");
  }
}
