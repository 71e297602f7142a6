package chainrule.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The metrics, the course of the training, and its time. */
final class ResultSections {
  /** Rows of the table of epochs; with more epochs, some are left out. */
  private static final int TABLE_ROWS = 120;

  private static final List<String> PARTS = List.of("train", "validation", "test");

  private ResultSections() {}

  /** The metrics of all parts. */
  static Section metrics(RunFiles run) {
    Set<String> keys = new LinkedHashSet<>();
    PARTS.forEach(part -> keys.addAll(run.part(part).keySet()));
    List<String> titles = new ArrayList<>(List.of(":part", "rows"));
    keys.forEach(key -> titles.add(Metric.title(key)));
    Table table = Table.of("Metrics by part of the data", titles.toArray(new String[0]));
    for (String part : PARTS) {
      Map<String, Double> metrics = run.part(part);
      if (!metrics.isEmpty()) {
        List<Table.Cell> cells = new ArrayList<>();
        cells.add(new Table.Cell(Texts.count(run.whole("/rows/" + part)), ""));
        keys.forEach(
            key ->
                cells.add(
                    new Table.Cell(Metric.text(key, metrics.getOrDefault(key, Double.NaN)), "")));
        table.row(partTitle(part), cells);
      }
    }
    Section section = new Section("metrics", "Metrics").add(table);
    if (run.isClassification()) {
      section.addText(
          "Loss is the value that training minimizes, without label smoothing"
              + (run.quality().equals("accuracy") ? "" : ", summed over the labels")
              + ". Log loss is the mean of −ln(probability of the true class). Macro F1 is the mean"
              + " of the F1 of all classes."
              + (run.quality().equals("accuracy")
                  ? ""
                  : " Log loss and macro F1 are means over the labels."));
    } else {
      section.addText(
          "Loss is the value that training minimizes, for the standardized label. RMSE and MAE are"
              + " in the unit of the label. R² is the share of the variance that the predictions"
              + " explain.");
    }
    if (run.metrics().path("refit").asBoolean()) {
      section.addText(
          String.format(
              "The first training chose the number of epochs (%s) by the validation rows. Then the"
                  + " network was trained again on all rows (refit). The validation metrics are"
                  + " from the first training, all others from the refit.",
              Texts.count(run.whole("/bestEpoch"))));
    }
    byLabel(run, section);
    return section;
  }

  static String partTitle(String part) {
    return part.equals("train") ? "training" : part;
  }

  /** Adds the metrics of each label, if there are several. */
  private static void byLabel(RunFiles run, Section section) {
    for (String part : List.of("test", "validation", "train")) {
      JsonNode labels = run.metrics().path(part).path("labels");
      if (labels.isObject() && !labels.isEmpty()) {
        Set<String> keys = new LinkedHashSet<>();
        labels.forEach(label -> label.fieldNames().forEachRemaining(keys::add));
        List<String> titles = new ArrayList<>(List.of(":label"));
        keys.forEach(key -> titles.add(Metric.title(key)));
        Table table =
            Table.of(
                "Metrics by label, on the " + partTitle(part) + " rows",
                titles.toArray(new String[0]));
        labels
            .properties()
            .forEach(
                label ->
                    table.row(
                        Texts.name(label.getKey()),
                        keys.stream()
                            .map(
                                key ->
                                    new Table.Cell(
                                        Metric.text(
                                            key, label.getValue().path(key).asDouble(Double.NaN)),
                                        ""))
                            .toList()));
        section.add(table);
        return;
      }
    }
  }

  /** Loss, main metric and learning rate by epoch. */
  static Section curves(RunFiles run) {
    List<JsonNode> fit = run.phase("fit");
    List<JsonNode> refit = run.phase("refit");
    Section section = new Section("training", "Training by epoch");
    if (fit.isEmpty()) {
      return section;
    }
    String metric = run.quality();
    section.add(loss(run, fit, refit));
    if (fit.get(0).at("/validation/" + metric).isNumber()) {
      section.add(validationMetric(run, fit, metric));
    }
    Chart rate = Chart.plane("epoch", "learning rate");
    rate.line("first training", "train", RunFiles.column(fit, "/epoch"), rate(fit));
    if (!refit.isEmpty()) {
      rate.dashes("refit", "refit", RunFiles.column(refit, "/epoch"), rate(refit));
    }
    section.add(
        Figure.of(
            "Learning rate",
            String.format(
                "In the last step of each epoch: from %s to %s.",
                Texts.number(rate(fit)[0]), Texts.number(rate(fit)[fit.size() - 1])),
            rate));
    section.addFolded(epochs(fit, refit));
    return section;
  }

  private static double[] rate(List<JsonNode> lines) {
    return RunFiles.column(lines, "/learningRate");
  }

  private static Figure loss(RunFiles run, List<JsonNode> fit, List<JsonNode> refit) {
    Chart chart = Chart.plane("epoch", "loss");
    double[] x = RunFiles.column(fit, "/epoch");
    double[] train = RunFiles.column(fit, "/train/loss");
    double[] validation = RunFiles.column(fit, "/validation/loss");
    chart.line("training", "train", x, train);
    boolean validated = fit.get(0).at("/validation/loss").isNumber();
    if (validated) {
      chart.line("validation", "validation", x, validation);
    }
    if (!refit.isEmpty()) {
      chart.dashes(
          "training, refit on all rows",
          "refit",
          RunFiles.column(refit, "/epoch"),
          RunFiles.column(refit, "/train/loss"));
    }
    int best = (int) run.whole("/bestEpoch");
    if (best > 0) {
      chart.dashes("best epoch", "mark", new double[] {best, best}, range(train, validation));
    }
    String smoothed =
        String.format(
            "The training loss is measured during the epoch, with dropout%s, so it may be higher"
                + " than the validation loss.",
            run.isClassification() ? " and label smoothing" : "");
    return Figure.of(
        "Loss",
        (validated
                ? String.format(
                    "Validation loss: %s in the first epoch, %s in the best epoch (%d), %s in the"
                        + " last epoch. ",
                    Texts.number(validation[0]),
                    Texts.number(best > 0 && best <= validation.length ? validation[best - 1] : 0),
                    best,
                    Texts.number(validation[validation.length - 1]))
                : String.format(
                    "Training loss: from %s to %s. ",
                    Texts.number(train[0]), Texts.number(train[train.length - 1])))
            + smoothed,
        chart);
  }

  private static double[] range(double[]... series) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double[] values : series) {
      for (double value : values) {
        if (Double.isFinite(value)) {
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
    }
    return new double[] {least, most};
  }

  private static Figure validationMetric(RunFiles run, List<JsonNode> fit, String metric) {
    boolean percent = Metric.isShare(metric);
    String unit =
        percent
            ? Metric.title(metric) + ", % of rows"
            : Metric.title(metric) + ", unit of the label";
    double[] values = RunFiles.column(fit, "/validation/" + metric);
    double[] shown = values.clone();
    for (int i = 0; i < shown.length && percent; i++) {
      shown[i] *= 100;
    }
    Chart chart = Chart.plane("epoch", unit);
    chart.line("validation", "validation", RunFiles.column(fit, "/epoch"), shown);
    double trained = run.part("train").getOrDefault(metric, Double.NaN) * (percent ? 100 : 1);
    double epochs = fit.size();
    if (Double.isFinite(trained)) {
      chart.dashes(
          "training rows, final model",
          "train",
          new double[] {1, epochs},
          new double[] {trained, trained});
    }
    int best = (int) run.whole("/bestEpoch");
    if (best > 0) {
      chart.dashes("best epoch", "mark", new double[] {best, best}, range(shown));
    }
    return Figure.of(
        percent ? Texts.capitalized(Metric.title(metric)) : Metric.title(metric),
        String.format(
            "On the validation rows: %s in the first epoch, %s in the last epoch.",
            Metric.text(metric, values[0]), Metric.text(metric, values[values.length - 1])),
        chart);
  }

  private static Table epochs(List<JsonNode> fit, List<JsonNode> refit) {
    Set<String> keys = new LinkedHashSet<>();
    fit.get(0).path("validation").fieldNames().forEachRemaining(keys::add);
    List<String> titles =
        new ArrayList<>(List.of(":epoch", "step", "learning rate", "training loss"));
    keys.forEach(key -> titles.add("validation " + Metric.title(key)));
    titles.addAll(List.of("compute, s", "exchange, s", "rows/s"));
    Table table = Table.of("All epochs", titles.toArray(new String[0]));
    List<JsonNode> all = new ArrayList<>(fit);
    all.addAll(refit);
    int every = (all.size() + TABLE_ROWS - 1) / TABLE_ROWS;
    for (int i = 0; i < all.size(); i++) {
      JsonNode line = all.get(i);
      boolean ends = i == fit.size() - 1 || i == all.size() - 1;
      if (i % every == 0 || ends) {
        List<String> cells = new ArrayList<>();
        cells.add(Texts.count(line.path("step").asLong()));
        cells.add(Texts.number(line.path("learningRate").asDouble(Double.NaN)));
        cells.add(Texts.number(line.at("/train/loss").asDouble(Double.NaN)));
        keys.forEach(
            key ->
                cells.add(
                    Metric.text(key, line.path("validation").path(key).asDouble(Double.NaN))));
        cells.add(Texts.number(line.path("computeSeconds").asDouble(Double.NaN)));
        cells.add(Texts.number(line.path("exchangeSeconds").asDouble(Double.NaN)));
        cells.add(Texts.count(Math.round(line.path("rowsPerSecond").asDouble(0))));
        String phase = i >= fit.size() ? "refit " : "";
        table.row(phase + line.path("epoch").asText(""), cells.toArray(new String[0]));
      }
    }
    return table;
  }

  /** The time of the training. */
  static Section time(RunFiles run) {
    List<JsonNode> lines = run.history();
    Section section = new Section("time", "Time");
    if (lines.isEmpty()) {
      return section;
    }
    double[] compute = RunFiles.column(lines, "/computeSeconds");
    double[] exchange = RunFiles.column(lines, "/exchangeSeconds");
    double[] epoch = new double[lines.size()];
    for (int i = 0; i < epoch.length; i++) {
      epoch[i] = i + 1;
    }
    double computed = sum(compute);
    double exchanged = sum(exchange);
    double all = run.number("/trainSeconds");
    double other = Math.max(0, all - computed - exchanged);
    Table table = Table.of("Training time", ":part", "time", "share");
    table.row("computing gradients and validation", Texts.seconds(computed), share(computed, all));
    table.row(
        "exchange: sending, merging, waiting", Texts.seconds(exchanged), share(exchanged, all));
    table.row("optimizer and other", Texts.seconds(other), share(other, all));
    table.row("total", Texts.seconds(all), Texts.percent(1));
    section.add(table);
    section.addText(
        String.format(
            "Engine %s, kernels %s: %s in %s epochs, %s rows/s on average. The time of reading the"
                + " data is not included.",
            run.text("/engine"),
            run.text("/blas"),
            Texts.counted(run.whole("/steps"), "step"),
            Texts.count(lines.size()),
            Texts.count(Math.round(run.number("/rowsPerSecond")))));
    section.add(
        Figure.of(
            "Seconds by epoch",
            "The time in which the slowest worker computed, and all other time."
                + refitNote(run, lines),
            Chart.plane("epoch, both trainings", "seconds")
                .line("compute", "train", epoch, compute)
                .line("exchange", "validation", epoch, exchange)));
    double[] speed = RunFiles.column(lines, "/rowsPerSecond");
    section.add(
        Figure.of(
            "Speed by epoch",
            String.format(
                "Training rows of an epoch divided by the time of its steps: %s rows/s in the last"
                    + " epoch. The first epochs are slower, because Java has not compiled the code"
                    + " yet.",
                Texts.count(Math.round(speed[speed.length - 1]))),
            Chart.plane("epoch, both trainings", "rows/s").line("rows/s", "train", epoch, speed)));
    return section;
  }

  private static String refitNote(RunFiles run, List<JsonNode> lines) {
    int first = run.phase("fit").size();
    return first < lines.size() ? " The refit starts at epoch " + (first + 1) + "." : "";
  }

  private static String share(double part, double all) {
    return Texts.percent(part / all);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += Double.isFinite(value) ? value : 0;
    }
    return sum;
  }
}
