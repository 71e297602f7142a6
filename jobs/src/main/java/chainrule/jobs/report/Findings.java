package chainrule.jobs.report;

import chainrule.model.PermutationImportance.Rise;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What a person should look at, with what to do about it. */
final class Findings {
  private static final int FEW_ROWS = 200;
  private static final int NAMED = 5;
  private static final double VANISHED = 1e-3;

  private final Evidence evidence;
  private final RunFiles run;
  private final List<Finding> findings = new ArrayList<>();

  private Findings(Evidence evidence) {
    this.evidence = evidence;
    this.run = evidence.run();
  }

  static List<Finding> of(
      Evidence evidence, Scored scored, List<ColumnProfile> columns, List<LayerProfile> layers) {
    var findings = new Findings(evidence);
    findings.measuredOn();
    findings.overfitting();
    findings.training();
    if (scored.actualClass().length > 0) {
      findings.classes(scored);
    }
    findings.explained();
    findings.labels();
    findings.columns(columns);
    findings.leak(columns);
    findings.layers(layers);
    findings.time();
    if (findings.findings.isEmpty()) {
      findings.note("Nothing stands out", "None of the things this page looks for was found.");
    }
    return findings.findings;
  }

  private void warn(String title, String text) {
    findings.add(Finding.warning(title, text));
  }

  private void note(String title, String text) {
    findings.add(Finding.note(title, text));
  }

  private void measuredOn() {
    if (evidence.part().equals("train")) {
      warn(
          "No rows were set aside",
          "All figures are of rows the network was trained on, so they say little of others. Set"
              + " data.test.fraction = 0.2 or data.test.path.");
    } else if (evidence.seen()) {
      warn(
          "No test rows",
          "After the number of passes was chosen the network was trained again on all rows, the"
              + " validation rows too, so what this page shows on them flatters; the validation"
              + " metrics in the table are from before. Set data.test.fraction or data.test.path.");
    } else if (evidence.part().equals("validation")) {
      note(
          "No test rows",
          "The figures are of the validation rows, by which the pass was chosen, so they flatter a"
              + " little. Set data.test.fraction or data.test.path.");
    } else if (evidence.partRows() < FEW_ROWS) {
      note(
          "Few test rows",
          String.format(
              "%s tell the quality only roughly: another draw of as many may differ by several per"
                  + " cent. Repeat with other seeds, or set more rows aside.",
              Texts.counted(evidence.partRows(), "row")));
    }
    long dropped = run.whole("/rows/dropped");
    if (dropped > 0) {
      warn(
          "Rows were left out",
          String.format(
              "%s of %s could not be read or miss a feature. The log shows examples; data.missing and"
                  + " data.malformed say what is done with them.",
              Texts.count(dropped), Texts.count(run.whole("/rows/read"))));
    }
  }

  private void overfitting() {
    Map<String, Double> train = run.part("train");
    String part = run.part("test").isEmpty() ? "validation" : "test";
    Map<String, Double> other = run.part(part);
    long rows = run.whole("/rows/" + part);
    boolean overfits = false;
    String found = "";
    if (train.containsKey("accuracy") && other.containsKey("accuracy")) {
      double inTraining = train.get("accuracy");
      double outside = other.get("accuracy");
      double noise = 2 * Math.sqrt(Math.max(1e-9, outside * (1 - outside)) / Math.max(1, rows));
      overfits = inTraining - outside > Math.max(0.05, noise);
      found =
          String.format(
              "accuracy is %s on training and %s on %s rows",
              Texts.percent(inTraining), Texts.percent(outside), part);
    } else if (train.containsKey("rmse") && other.containsKey("rmse")) {
      overfits = other.get("rmse") > 1.5 * train.get("rmse");
      found =
          String.format(
              "RMSE is %s on training and %s on %s rows",
              Texts.number(train.get("rmse")), Texts.number(other.get("rmse")), part);
    }
    if (overfits) {
      warn(
          "Overfitting",
          String.format(
              "The %s. More rows help most; otherwise try more network.dropout, a smaller"
                  + " network.hidden, a greater training.optimizer.weight-decay, or leave out columns"
                  + " that matter little.",
              found));
    }
  }

  private void training() {
    List<JsonNode> fit = run.phase("fit");
    double[] loss = RunFiles.column(fit, "/validation/loss");
    int best = (int) run.whole("/bestEpoch");
    if (loss.length < 10 || Double.isNaN(loss[0]) || best < 1 || best > loss.length) {
      return;
    }
    double last = loss[loss.length - 1];
    double before = loss[loss.length - 1 - loss.length / 10];
    if (best >= loss.length - 1 && before - last > 0.02 * Math.abs(before)) {
      note(
          "Training may have ended too soon",
          String.format(
              "The validation loss was still falling, from %s to %s over the last tenth of the passes."
                  + " Try more training.epochs.",
              Texts.number(before), Texts.number(last)));
    }
    double chosen = loss[best - 1];
    if (last > 1.1 * chosen && best < 0.7 * loss.length) {
      note(
          "The validation loss rose again",
          String.format(
              "It was %s in the chosen pass %d and %s in the last. The chosen pass's weights are kept,"
                  + " so nothing is lost but time: training.early-stopping.patience ends sooner.",
              Texts.number(chosen), best, Texts.number(last)));
    }
  }

  private void classes(Scored scored) {
    Confusion confusion = Headline.confusion(scored);
    List<String> names = scored.classes();
    int most = confusion.mostFrequent();
    int least = most;
    for (int i = 0; i < names.size(); i++) {
      boolean rarer = confusion.support(i) > 0 && confusion.support(i) < confusion.support(least);
      least = rarer ? i : least;
    }
    if (confusion.support(most) >= 8 * Math.max(1, confusion.support(least))) {
      warn(
          "Classes of very unequal size",
          String.format(
              "%s has %s of %s rows, %s only %s. Accuracy says little of a rare class: look at its"
                  + " recall (%s). training.class-weights = balanced makes rare rows count more.",
              Texts.quoted(names.get(most)),
              Texts.count(confusion.support(most)),
              Texts.count(confusion.rows()),
              Texts.quoted(names.get(least)),
              Texts.count(confusion.support(least)),
              Texts.percent(confusion.recall(least))));
    }
    List<String> never = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (confusion.support(i) > 0 && confusion.predicted(i) == 0) {
        never.add(names.get(i));
      }
    }
    if (!never.isEmpty()) {
      warn(
          "Classes that are never predicted",
          String.format(
              "%s. They may have too few rows, or look like another class: see the confusion matrix,"
                  + " and try training.class-weights = balanced.",
              listed(never)));
    }
    double share = (double) confusion.support(most) / confusion.rows();
    double noise = 2 * Math.sqrt(share * (1 - share) / confusion.rows());
    if (confusion.accuracy() < share + noise) {
      warn(
          "Hardly better than guessing",
          String.format(
              "Always saying %s is right in %s, the network in %s. The columns may not tell, or"
                  + " training was too short.",
              Texts.quoted(names.get(most)),
              Texts.percent(share),
              Texts.percent(confusion.accuracy())));
    }
    if (names.size() == 2) {
      calibration(scored);
    }
  }

  private void calibration(Scored scored) {
    var curves = new BinaryCurves(scored.secondProbability(), scored.actualClass());
    // Below this many rows a tenth has too few for its share to mean much.
    if (scored.actualClass().length >= 300 && curves.calibrationError() > 0.05) {
      note(
          "Probabilities don't mean what they say",
          String.format(
              "They are off by %s in the mean. For decisions by expected cost set"
                  + " training.label-smoothing = 0, which draws probabilities towards the middle, or"
                  + " choose the threshold by the curves below.",
              Texts.percent(curves.calibrationError())));
    }
  }

  private void explained() {
    double r2 = run.part(evidence.part()).getOrDefault("r2", Double.NaN);
    if (r2 < 0.05) {
      warn(
          "Hardly better than the mean",
          String.format(
              "R² is %s on the %s. The columns may not tell, or training was too short.",
              Texts.number(r2), evidence.rowsName()));
    }
  }

  private void labels() {
    List<String> guessed = new ArrayList<>();
    for (Map.Entry<String, JsonNode> label :
        run.metrics().path(evidence.part()).path("labels").properties()) {
      double auc = label.getValue().path("auc").asDouble(Double.NaN);
      double r2 = label.getValue().path("r2").asDouble(Double.NaN);
      if (auc < 0.55 || r2 < 0.05) {
        guessed.add(label.getKey());
      }
    }
    if (!guessed.isEmpty()) {
      warn(
          "Labels that are hardly better than guessed",
          listed(guessed)
              + ": AUC is below 0.55, or R² below 0.05. The columns may not tell, or training was too"
              + " short.");
    }
  }

  private void columns(List<ColumnProfile> columns) {
    some(
        columns,
        ColumnProfile::constant,
        "Columns of one value",
        " have one value in all training rows and tell nothing; data.features.exclude leaves them"
            + " out.");
    some(
        columns,
        column -> column.trainMissing() > 0.5 && !column.constant(),
        "Columns that are mostly missing",
        " have no value in more than half of the training rows.");
    some(
        columns,
        column -> column.distinct() > 50 && column.distinct() > 0.5 * evidence.statistics().rows(),
        "Columns that look like identifiers",
        " have another value in almost every row, by which rows can be learnt by heart;"
            + " data.features.exclude leaves them out.");
    some(
        columns,
        column -> column.unseen() > 0.05,
        "Many values that training never saw",
        " have such values in more than 5 % of the scored rows, and count as unknown there. Train"
            + " on rows that have them, or group rare values.");
    double chance = 1.63 / Math.sqrt(Math.max(1, evidence.rows().size()));
    some(
        columns,
        column -> column.shift() > Math.max(0.15, 1.5 * chance),
        "Columns with another distribution",
        " differ much between the training and the scored rows; see their charts. Metrics on rows"
            + " of another kind may differ too.");
  }

  private void some(
      List<ColumnProfile> columns, Predicate<ColumnProfile> test, String title, String text) {
    List<String> names = columns.stream().filter(test).map(ColumnProfile::name).toList();
    if (!names.isEmpty()) {
      warn(title, listed(names) + text);
    }
  }

  /**
   * A column that alone carries a network that is hardly ever wrong may be the label in disguise.
   */
  private void leak(List<ColumnProfile> columns) {
    List<Rise> ranked = ColumnSections.ranked(evidence);
    Map<String, Double> metrics = run.part(evidence.part());
    double quality = metrics.getOrDefault("accuracy", metrics.getOrDefault("r2", 0.0));
    boolean alone =
        ranked.size() > 1 && ranked.get(0).mean() > 10 * Math.max(0, ranked.get(1).mean());
    if (alone && quality > 0.98) {
      note(
          "One column tells almost all",
          String.format(
              "%s alone carries the network. Make sure that it is known when a prediction is needed,"
                  + " and no consequence of the label.",
              Texts.quoted(columns.get(ranked.get(0).column()).name())));
    }
  }

  private void layers(List<LayerProfile> layers) {
    vanishing(layers);
    for (LayerProfile layer : layers) {
      if (layer.units() > 0 && layer.dead() > 0.1 * layer.units()) {
        warn(
            "Units that do nothing",
            String.format(
                "In %s, %s of %s units have the same output for all scored rows (of relu: they are"
                    + " dead). Try network.activation = silu, a smaller learning rate, or fewer units.",
                layer.name(), Texts.count(layer.dead()), Texts.count(layer.units())));
      }
    }
  }

  /** Compares the layers' gradients in the pass that was chosen. */
  private void vanishing(List<LayerProfile> layers) {
    List<JsonNode> fit = run.phase("fit");
    int best = (int) run.whole("/bestEpoch");
    int last = layers.size() - 1;
    if (last < 1 || best < 1 || best > fit.size()) {
      return;
    }
    JsonNode norms = fit.get(best - 1).path("gradientNorms");
    double atOutputs = norms.path(last).asDouble(Double.NaN);
    for (int i = 0; i < last; i++) {
      if (norms.path(i).asDouble(Double.NaN) < VANISHED * atOutputs) {
        warn(
            "The gradient vanishes",
            String.format(
                "Of the gradient of %s hardly a thousandth reaches %s, which so learns next to nothing."
                    + " Try network.residual or network.layer-norm, fewer layers, or another"
                    + " network.activation.",
                layers.get(last).name(), layers.get(i).name()));
        return;
      }
    }
  }

  private void time() {
    double[] compute = RunFiles.column(run.history(), "/computeSeconds");
    double[] exchange = RunFiles.column(run.history(), "/exchangeSeconds");
    double computed = 0;
    double exchanged = 0;
    for (int i = 0; i < compute.length; i++) {
      computed += compute[i];
      exchanged += exchange[i];
    }
    if (exchanged > computed && exchanged > 10) {
      note(
          "Most of the time was spent on moving and waiting",
          String.format(
              "%s, and %s on computing. A greater training.batch-size has fewer exchanges; fewer"
                  + " executors have less to exchange.",
              Texts.seconds(exchanged), Texts.seconds(computed)));
    }
  }

  private static String listed(List<String> names) {
    List<String> quoted = names.stream().limit(NAMED).map(Texts::quoted).toList();
    int more = names.size() - quoted.size();
    return String.join(", ", quoted) + (more > 0 ? " and " + Texts.count(more) + " more" : "");
  }
}
