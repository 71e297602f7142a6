package chainrule.jobs.report;

import chainrule.train.history.EpochRecord;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * The live page of a run: the current state, and a script that polls {@link #json} every second and
 * updates the page.
 */
public final class LivePage {
  /** The address that the page polls, relative to the page. */
  public static final String JSON_PATH = "run.json";

  /** The address that the page opens at the end, if there is a report. */
  public static final String REPORT_PATH = "report.html";

  /** Epochs that are drawn; with more, some are left out. */
  private static final int MOST_EPOCHS = 500;

  /** With more epochs the line by step adds nothing to the line by epoch. */
  private static final int FEW_EPOCHS = 20;

  private LivePage() {}

  /** A number with its name. */
  private record Tile(String name, String text) {}

  /**
   * Returns the page, in HTML.
   *
   * @param number number of the page, which it sends with each request
   */
  public static String html(LiveState state, int number) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.putObject("live")
        .put("url", JSON_PATH + "?page=" + number)
        .put("report", REPORT_PATH + "?page=" + number);
    Section section = new Section("curves", "Curves");
    for (Figure figure : figures(state)) {
      section.add(figure);
    }
    Map<String, Object> live = new TreeMap<>();
    live.put("sentence", sentence(state));
    live.put("done", String.format(Locale.ROOT, "%.4f", state.progress().done()));
    live.put("tiles", tiles(state));
    live.put("faults", state.faults());
    return Page.live(
        title(state), List.of(Texts.clipped(state.source())), live, List.of(section), data);
  }

  /** Returns the values that change, as JSON. */
  public static String json(LiveState state) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("sentence", sentence(state));
    json.put("end", state.end().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    json.put("done", state.progress().done());
    ArrayNode tiles = json.putArray("tiles");
    tiles(state).forEach(tile -> tiles.addArray().add(tile.name).add(tile.text));
    ArrayNode faults = json.putArray("faults");
    state.faults().forEach(faults::add);
    ArrayNode charts = json.putArray("charts");
    figures(state).forEach(figure -> charts.add(figure.chart().json()));
    return json.toString();
  }

  private static String title(LiveState state) {
    return "Predicting " + String.join(", ", state.labels().stream().map(Texts::name).toList());
  }

  private static String sentence(LiveState state) {
    LiveState.Progress progress = state.progress();
    boolean trains = progress.steps() > 0 && progress.done() < 1 && !state.isOver();
    return state.sentence()
        + (trains
            ? String.format(Locale.ROOT, ", %d\u202f%% done", (int) (100 * progress.done()))
            : "");
  }

  private static List<Tile> tiles(LiveState state) {
    LiveState.Progress progress = state.progress();
    List<Tile> tiles = new ArrayList<>();
    if (progress.steps() > 0) {
      long epochs = progress.epochs();
      long epoch = Math.min(epochs, progress.step() * epochs / progress.steps() + 1);
      tiles.add(new Tile("epoch", Texts.count(epoch) + " of " + Texts.count(epochs)));
      tiles.add(
          new Tile("step", Texts.count(progress.step()) + " of " + Texts.count(progress.steps())));
      boolean ends = state.isOver() || progress.step() == progress.steps();
      tiles.add(new Tile("time left", ends ? "none" : wholeSeconds(progress.secondsLeft())));
      tiles.add(new Tile("loss of the last step", Texts.number(progress.loss())));
    }
    List<EpochRecord> history = state.history();
    if (!history.isEmpty()) {
      EpochRecord last = history.get(history.size() - 1);
      tiles.add(new Tile("training loss, epoch " + last.epoch(), Texts.number(last.trainLoss())));
    }
    List<EpochRecord> validated = validated(history);
    if (!validated.isEmpty()) {
      EpochRecord last = validated.get(validated.size() - 1);
      EpochRecord best = validated.get(0);
      for (EpochRecord record : validated) {
        best = loss(record) < loss(best) ? record : best;
      }
      last.validation()
          .values()
          .forEach(
              (name, value) -> {
                String text = Metric.text(name, value);
                if (!name.equals("logLoss") || !text.equals(Texts.number(loss(last)))) {
                  tiles.add(new Tile("validation " + Metric.title(name), text));
                }
              });
      tiles.add(
          new Tile(
              "best validation loss",
              Texts.number(loss(best)) + " in epoch " + Texts.count(best.epoch())));
    }
    if (progress.steps() > 0) {
      tiles.add(new Tile("learning rate", Texts.number(progress.learningRate())));
      double rate = progress.rowsPerSecond();
      tiles.add(new Tile("rows per second", Texts.number(rate >= 1000 ? Math.rint(rate) : rate)));
    }
    if (!state.where().isEmpty()) {
      tiles.add(new Tile("engine", state.where()));
    }
    return tiles;
  }

  private static String wholeSeconds(double seconds) {
    return seconds < 120
        ? String.format(Locale.ROOT, "%.0f\u202fs", Math.ceil(seconds))
        : Texts.seconds(seconds);
  }

  private static double loss(EpochRecord record) {
    return record.validation().values().getOrDefault("loss", Double.NaN);
  }

  private static List<EpochRecord> validated(List<EpochRecord> history) {
    return history.stream().filter(record -> record.validation().rows() > 0).toList();
  }

  /** Returns always the same figures. The page hides a figure without series. */
  private static List<Figure> figures(LiveState state) {
    List<EpochRecord> fit = phase(state, EpochRecord.Phase.FIT);
    List<EpochRecord> refit = phase(state, EpochRecord.Phase.REFIT);
    return List.of(
        Figure.wide(
            "Loss",
            "The training loss is measured during the epoch, with dropout and label smoothing if"
                + " they are on, so it may be higher than the validation loss.",
            losses(state, fit, refit)),
        Figure.of(
            "Trials", "The score of each trial on the validation rows.", trials(state.trials())),
        Figure.of("Validation metric", "On the validation rows, after each epoch.", metric(fit)),
        Figure.of("Learning rate", "The rate of each step.", rates(state)),
        Figure.of(
            "Speed",
            "Training rows of an epoch divided by the time of its steps.",
            lines("rows per second", fit, refit, EpochRecord::rowsPerSecond)),
        Figure.of(
            "Time",
            "Seconds of each epoch, with validation: computing, and exchanging (sending, merging,"
                + " waiting).",
            seconds(refit.isEmpty() ? fit : refit)));
  }

  private static List<EpochRecord> phase(LiveState state, EpochRecord.Phase phase) {
    return state.history().stream().filter(record -> record.phase() == phase).toList();
  }

  private static Chart losses(LiveState state, List<EpochRecord> fit, List<EpochRecord> refit) {
    Chart chart = Chart.plane("epoch", "loss");
    List<EpochRecord> current = refit.isEmpty() ? fit : refit;
    if (!state.curves().isEmpty() && current.size() < FEW_EPOCHS) {
      StepCurve last = state.curves().get(state.curves().size() - 1);
      chart.line("training, by step", "mark", last.epochs(), last.losses());
    }
    line(chart, "training", "train", false, fit, EpochRecord::trainLoss);
    line(chart, "validation", "validation", false, validated(fit), LivePage::loss);
    line(chart, "training on all rows", "refit", true, refit, EpochRecord::trainLoss);
    return chart;
  }

  private static Chart trials(LiveState.Trials trials) {
    Chart chart = Chart.plane("trial", Metric.title(trials.metric()));
    if (!trials.scores().isEmpty()) {
      double[] x = new double[trials.scores().size()];
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = i + 1;
        y[i] = trials.scores().get(i);
      }
      chart.dottedLine("score", "validation", x, y);
    }
    return chart;
  }

  private static Chart metric(List<EpochRecord> fit) {
    List<EpochRecord> validated = validated(fit);
    String name =
        validated.stream()
            .flatMap(record -> record.validation().values().keySet().stream())
            .filter(key -> !key.equals("loss"))
            .findFirst()
            .orElse("");
    Chart chart = Chart.plane("epoch", Metric.title(name));
    if (!name.isEmpty()) {
      line(
          chart,
          Metric.title(name),
          "validation",
          false,
          validated,
          record -> record.validation().values().getOrDefault(name, Double.NaN));
    }
    return chart;
  }

  private static Chart rates(LiveState state) {
    Chart chart = Chart.plane("epoch", "learning rate");
    double most =
        state.curves().stream()
            .flatMapToDouble(curve -> Arrays.stream(curve.rates()))
            .max()
            .orElse(0);
    if (most > 0) { // from 0 on, so that small changes do not look large
      chart.range("y", 0, most);
    }
    for (int i = 0; i < state.curves().size(); i++) {
      StepCurve curve = state.curves().get(i);
      if (i == 0) {
        chart.line("first training", "train", curve.epochs(), curve.rates());
      } else {
        chart.dashes("training on all rows", "refit", curve.epochs(), curve.rates());
      }
    }
    return chart;
  }

  private static Chart seconds(List<EpochRecord> history) {
    Chart chart = Chart.plane("epoch", "seconds");
    List<EpochRecord> drawn = thinned(history);
    if (!drawn.isEmpty()) {
      double[] x = values(drawn, EpochRecord::epoch);
      chart.line("computing", "train", x, values(drawn, EpochRecord::computeSeconds));
      chart.line("exchanging", "validation", x, values(drawn, EpochRecord::exchangeSeconds));
    }
    return chart;
  }

  private static Chart lines(
      String unit,
      List<EpochRecord> fit,
      List<EpochRecord> refit,
      ToDoubleFunction<EpochRecord> value) {
    Chart chart = Chart.plane("epoch", unit);
    line(chart, "first training", "train", false, fit, value);
    line(chart, "training on all rows", "refit", true, refit, value);
    return chart;
  }

  private static void line(
      Chart chart,
      String name,
      String role,
      boolean dashed,
      List<EpochRecord> history,
      ToDoubleFunction<EpochRecord> value) {
    List<EpochRecord> drawn = thinned(history);
    if (drawn.isEmpty()) {
      return;
    }
    double[] x = values(drawn, EpochRecord::epoch);
    if (dashed) {
      chart.dashes(name, role, x, values(drawn, value));
    } else {
      chart.line(name, role, x, values(drawn, value));
    }
  }

  private static double[] values(List<EpochRecord> history, ToDoubleFunction<EpochRecord> value) {
    return history.stream().mapToDouble(value).toArray();
  }

  /** Leaves out epochs evenly until few enough remain; the last one stays. */
  private static List<EpochRecord> thinned(List<EpochRecord> history) {
    int every = (history.size() + MOST_EPOCHS - 1) / MOST_EPOCHS;
    if (every <= 1) {
      return history;
    }
    List<EpochRecord> thinned = new ArrayList<>();
    for (int i = (history.size() - 1) % every; i < history.size(); i += every) {
      thinned.add(history.get(i));
    }
    return thinned;
  }
}
