package chainrule.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A page that compares several runs: metrics, curves, settings that differ, and times. */
public final class ComparisonPage {
  private static final List<String> PARTS = List.of("test", "validation", "train");

  private final List<RunFiles> runs;

  private ComparisonPage(List<RunFiles> runs) {
    this.runs = List.copyOf(runs);
  }

  /**
   * Returns the page, in HTML.
   *
   * @param runs at least one, their names distinct
   */
  public static String html(List<RunFiles> runs) {
    var page = new ComparisonPage(runs);
    return Page.html(
        "Comparison of " + Texts.counted(runs.size(), "run"),
        List.of(page.result()),
        List.of(page.findings(), page.metrics(), page.curves(), page.settings(), page.time()),
        JsonNodeFactory.instance.objectNode());
  }

  /** Returns the part on which the runs are compared: the first that all runs have. */
  private String part() {
    return PARTS.stream()
        .filter(part -> runs.stream().noneMatch(run -> run.part(part).isEmpty()))
        .findFirst()
        .orElse("train");
  }

  private boolean sameTask() {
    return distinct("/task") == 1;
  }

  private long distinct(String pointer) {
    return runs.stream().map(run -> run.text(pointer)).distinct().count();
  }

  private String result() {
    String part = part();
    String key = runs.get(0).quality();
    List<Integer> best = sameTask() ? best(part, key) : List.of();
    if (best.isEmpty()) {
      return "The runs have no common metric, so none is best.";
    }
    RunFiles run = runs.get(best.get(0));
    String value = Metric.text(key, run.part(part).get(key));
    String rows = part.equals("train") ? "training" : part;
    return best.size() == 1
        ? String.format(
            "%s is best on the %s rows: %s %s.",
            Texts.quoted(run.name()), rows, Metric.title(key), value)
        : String.format(
            "%s runs are equally good on the %s rows: %s %s.",
            Texts.count(best.size()), rows, Metric.title(key), value);
  }

  /** Returns the runs with the best value of a metric. */
  private List<Integer> best(String part, String key) {
    double sign = Metric.isCost(key) ? -1 : 1;
    double most = Double.NEGATIVE_INFINITY;
    List<Integer> best = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      double value = sign * runs.get(i).part(part).getOrDefault(key, Double.NaN);
      if (value > most) {
        best.clear();
        most = value;
      }
      if (value == most) {
        best.add(i);
      }
    }
    return best;
  }

  private Section findings() {
    List<Finding> findings = new ArrayList<>();
    if (!sameTask()) {
      findings.add(
          Finding.warning(
              "Different tasks",
              "Some runs are classifications, others regressions. Their metrics cannot be"
                  + " compared."));
    }
    if (distinct("/dataFingerprint") > 1) {
      findings.add(
          Finding.warning(
              "Different training data",
              "The fingerprints of the training tables differ. Differences between metrics may come"
                  + " from the data."));
    }
    if (distinct("/rows/" + part()) > 1) {
      findings.add(
          Finding.warning(
              "Different " + part() + " rows",
              "The runs were measured on different numbers of rows. Compare the metrics with"
                  + " care."));
    }
    if (distinct("/loss") > 1) {
      findings.add(
          Finding.note(
              "Different losses", "The runs minimize different losses. Compare other metrics."));
    }
    if (runs.size() > 1 && distinct("/weightsSha256") == 1) {
      findings.add(
          Finding.note("The same network", "The weights of all runs are the same, bit for bit."));
    }
    return new Section("findings", "Findings").addFindings(findings);
  }

  private Section metrics() {
    Section section = new Section("metrics", "Metrics");
    section.addText("The best value of each column is marked with a star.");
    for (String part : PARTS) {
      Set<String> keys = new LinkedHashSet<>();
      runs.forEach(run -> keys.addAll(run.part(part).keySet()));
      if (!keys.isEmpty()) {
        section.add(metrics(part, new ArrayList<>(keys)));
      }
    }
    return section;
  }

  private Table metrics(String part, List<String> keys) {
    List<String> titles = new ArrayList<>(List.of(":run", "rows"));
    keys.forEach(key -> titles.add(Metric.title(key)));
    String rows = ResultSections.partTitle(part);
    Table table = Table.of("On the " + rows + " rows", titles.toArray(new String[0]));
    for (int i = 0; i < runs.size(); i++) {
      RunFiles run = runs.get(i);
      if (run.part(part).isEmpty()) {
        continue;
      }
      List<Table.Cell> cells = new ArrayList<>();
      cells.add(new Table.Cell(Texts.count(run.whole("/rows/" + part)), ""));
      for (String key : keys) {
        boolean best = runs.size() > 1 && sameTask() && best(part, key).contains(i);
        double value = run.part(part).getOrDefault(key, Double.NaN);
        cells.add(new Table.Cell(Metric.text(key, value), best ? "best" : ""));
      }
      table.row(Texts.name(run.name()), cells);
    }
    return table;
  }

  private Section curves() {
    Section section = new Section("training", "Training by epoch");
    curve(section, "Validation loss", "/validation/loss", "validation loss");
    if (sameTask()) {
      String key = runs.get(0).quality();
      String unit = Metric.isShare(key) ? "share of rows" : "unit of the label";
      curve(
          section,
          "Validation " + Metric.title(key),
          "/validation/" + key,
          Metric.title(key) + ", " + unit);
    }
    curve(section, "Training loss", "/train/loss", "training loss");
    curve(section, "Learning rate", "/learningRate", "learning rate");
    return section;
  }

  private void curve(Section section, String title, String pointer, String unit) {
    Chart chart = Chart.plane("epoch", unit);
    Table table = Table.of(title + " in numbers", ":run", "first", "minimum", "maximum", "last");
    for (int i = 0; i < runs.size(); i++) {
      List<JsonNode> lines =
          runs.get(i).phase("fit").stream().filter(line -> line.at(pointer).isNumber()).toList();
      if (!lines.isEmpty()) {
        double[] values = RunFiles.column(lines, pointer);
        String name = Texts.name(runs.get(i).name());
        chart.line(name, "run-" + i, RunFiles.column(lines, "/epoch"), values);
        table.row(
            name,
            Texts.number(values[0]),
            Texts.number(Arrays.stream(values).min().orElse(Double.NaN)),
            Texts.number(Arrays.stream(values).max().orElse(Double.NaN)),
            Texts.number(values[values.length - 1]));
      }
    }
    if (!table.isEmpty()) {
      section.add(
          Figure.of(title, "The first training of each run, without the refit.", chart, table));
    }
  }

  private Section settings() {
    Section section = new Section("settings", "Differences");
    Set<String> keys = new TreeSet<>();
    runs.forEach(run -> keys.addAll(run.configuration().keySet()));
    List<String> titles = new ArrayList<>(List.of(":key"));
    runs.forEach(run -> titles.add(":" + Texts.name(run.name())));
    Table table = Table.of("Settings that differ", titles.toArray(new String[0]));
    for (String key : keys) {
      List<String> values =
          runs.stream().map(run -> run.configuration().getOrDefault(key, "–")).toList();
      boolean folder = key.startsWith("output.");
      if (!folder && values.stream().distinct().count() > 1) {
        table.row(key, values.stream().map(Texts::clipped).toArray(String[]::new));
      }
    }
    for (String pointer :
        List.of("/engine", "/blas", "/dataFingerprint", "/weightsSha256", "/loss")) {
      if (distinct(pointer) > 1) {
        table.row(
            pointer.substring(1),
            runs.stream().map(run -> Texts.clipped(run.text(pointer))).toArray(String[]::new));
      }
    }
    return table.isEmpty()
        ? section.addText("None: the configurations, the data and the weights are the same.")
        : section.add(table);
  }

  private Section time() {
    Table table =
        Table.of(
            "Size and time",
            ":run",
            "parameters",
            "epochs",
            "best epoch",
            "steps",
            "time",
            "rows/s");
    List<String> names = new ArrayList<>();
    for (RunFiles run : runs) {
      names.add(Texts.name(run.name()));
      table.row(
          Texts.name(run.name()),
          Texts.count(run.whole("/parameters")),
          Texts.count(run.whole("/epochs")),
          Texts.count(run.whole("/bestEpoch")),
          Texts.count(run.whole("/steps")),
          Texts.seconds(run.number("/trainSeconds")),
          Texts.count(Math.round(run.number("/rowsPerSecond"))));
    }
    double[] seconds = runs.stream().mapToDouble(run -> run.number("/trainSeconds")).toArray();
    return new Section("time", "Time")
        .add(table)
        .add(
            Figure.wide(
                "Training time",
                "With validation, without reading the data.",
                Chart.lyingBars("seconds", "", names).bar("seconds", "train", seconds)));
  }
}
