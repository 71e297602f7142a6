package chainrule.jobs.tune;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.output.Console;
import chainrule.jobs.output.RunResults;
import chainrule.jobs.report.RunFiles;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The trials as tuning.csv, tuning.json and a printed table, the best first. */
public final class TuningReport {
  /** The names of the files that a search writes. */
  public static final String CSV_FILE = "tuning.csv";

  public static final String JSON_FILE = RunFiles.TUNING;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Search search;
  private final String metric;
  private final List<Trial> ranked;

  /**
   * @param trials in any order
   */
  public TuningReport(Search search, String metric, List<Trial> trials) {
    this.search = search;
    this.metric = metric;
    this.ranked = Trial.ranked(trials, Search.isGreaterBetter(metric));
  }

  /** Returns the trials from best to worst. */
  public List<Trial> ranked() {
    return ranked;
  }

  /** Returns a heading and a line for each trial; a missing number is an empty cell. */
  public String csv() {
    List<String> heading = new ArrayList<>(List.of("rank", "trial"));
    heading.addAll(search.space().keySet());
    for (int fold = 1; fold <= search.folds(); fold++) {
      heading.add(metric + "_" + fold);
    }
    heading.addAll(List.of(metric, "diverged", "seconds"));
    StringBuilder text = new StringBuilder(line(heading));
    for (int i = 0; i < ranked.size(); i++) {
      Trial trial = ranked.get(i);
      List<String> cells = new ArrayList<>(List.of("" + (i + 1), "" + trial.number()));
      trial.values().values().forEach(value -> cells.add(plain(value)));
      for (int fold = 0; fold < search.folds(); fold++) {
        cells.add(fold < trial.scores().size() ? number(trial.scores().get(fold)) : "");
      }
      cells.add(number(trial.mean()));
      cells.add(Boolean.toString(trial.diverged()));
      cells.add(String.format(Locale.ROOT, "%.3f", trial.seconds()));
      text.append(line(cells));
    }
    return text.toString();
  }

  private static String line(List<String> cells) {
    List<String> quoted = new ArrayList<>();
    for (String cell : cells) {
      boolean plain = cell.chars().noneMatch(c -> ",\"\r\n".indexOf(c) >= 0);
      quoted.add(plain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
    }
    return String.join(",", quoted) + "\n";
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "";
  }

  /** Returns a text without quotes, and any other value in HOCON. */
  private static String plain(ConfigValue value) {
    return value.unwrapped() instanceof String text ? text : Configuration.text(value);
  }

  /**
   * Returns everything as JSON.
   *
   * @param run the facts that determine the search
   * @param complete whether the search is complete
   */
  public String json(Map<String, String> run, boolean complete) {
    ObjectNode json = JSON.createObjectNode();
    json.put("search", search.random() ? "random" : "grid");
    json.put("seed", search.seed());
    json.put("folds", search.folds());
    json.put("metric", metric);
    json.put("greaterIsBetter", Search.isGreaterBetter(metric));
    json.put("best", ranked.get(0).number());
    json.put("complete", complete);
    run.forEach(json.putObject("run")::put);
    ArrayNode trials = json.putArray("trials");
    for (int i = 0; i < ranked.size(); i++) {
      Trial trial = ranked.get(i);
      ObjectNode node = trials.addObject();
      node.put("rank", i + 1);
      node.put("trial", trial.number());
      ObjectNode values = node.putObject("values");
      for (Map.Entry<String, ConfigValue> entry : trial.values().entrySet()) {
        try {
          values.set(entry.getKey(), JSON.readTree(Configuration.text(entry.getValue())));
        } catch (IOException e) {
          throw new UncheckedIOException("Cannot write " + entry + ": " + e.getMessage(), e);
        }
      }
      ArrayNode scores = node.putArray("scores");
      for (double score : trial.scores()) {
        add(scores, score);
      }
      if (trial.isRanked()) {
        node.put("mean", trial.mean());
      } else {
        node.putNull("mean");
      }
      node.put("diverged", trial.diverged());
      node.put("seconds", trial.seconds());
    }
    return RunResults.pretty(json);
  }

  private static void add(ArrayNode scores, double score) {
    if (Double.isFinite(score)) {
      scores.add(score);
    } else {
      scores.addNull();
    }
  }

  /** Prints a heading and a line for each trial. */
  public void print() {
    Console.print("%6s%7s%12s%10s  %s", "rank", "trial", metric, "seconds", "with");
    for (int i = 0; i < ranked.size(); i++) {
      Trial trial = ranked.get(i);
      Console.print(
          "%6d%7d%12s%10.1f  %s",
          i + 1, trial.number(), score(trial), trial.seconds(), trial.overrides());
    }
  }

  /** Returns the score of a trial as text. */
  public static String score(Trial trial) {
    return trial.diverged() ? "diverged" : String.format(Locale.ROOT, "%.5g", trial.mean());
  }
}
