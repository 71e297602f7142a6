package chainrule.jobs.report;

import chainrule.model.PermutationImportance.Rise;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The findings about a run, with advice. */
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
      findings.note("Nothing stands out", "The checks of this page found nothing unusual.");
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
          "No test rows and no validation rows",
          "All metrics are measured on training rows, so they do not show the quality on new rows."
              + " Set data.test.fraction = 0.2 or data.test.path.");
    } else if (evidence.seen()) {
      warn(
          "No test rows",
          "After choosing the number of epochs, the network was trained again on all rows,"
              + " including the validation rows. The charts on this page use validation rows, so"
              + " they look too good. The validation metrics in the table are from the first"
              + " training. Set data.test.fraction or data.test.path.");
    } else if (evidence.part().equals("validation")) {
      note(
          "No test rows",
          "The charts use the validation rows, which also selected the best epoch, so they look"
              + " slightly too good. Set data.test.fraction or data.test.path.");
    } else if (evidence.partRows() < FEW_ROWS) {
      note(
          "Few test rows",
          String.format(
              "With only %s the metrics are rough: another sample of this size may differ by"
                  + " several percent. Repeat with other seeds, or use more test rows.",
              Texts.counted(evidence.partRows(), "row")));
    }
    long dropped = run.whole("/rows/dropped");
    if (dropped > 0) {
      warn(
          "Rows were dropped",
          String.format(
              "%s of %s rows cannot be read or lack a feature. The log has examples. data.missing"
                  + " and data.malformed control what happens with such rows.",
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
              "The %s. More training rows help most. Otherwise try more network.dropout, a smaller"
                  + " network.hidden, a larger training.optimizer.weight-decay, or remove"
                  + " unimportant columns.",
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
              "The validation loss was still falling, from %s to %s over the last tenth of the"
                  + " epochs. Try more training.epochs.",
              Texts.number(before), Texts.number(last)));
    }
    double chosen = loss[best - 1];
    if (last > 1.1 * chosen && best < 0.7 * loss.length) {
      note(
          "The validation loss rose again",
          String.format(
              "It was %s in the best epoch, %d, and %s in the last. The model has the weights of"
                  + " the best epoch, so only time was lost. training.early-stopping.patience ends"
                  + " the training sooner.",
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
          "Imbalanced classes",
          String.format(
              "%s has %s of %s rows, %s only %s. Accuracy hides errors on a rare class; see its"
                  + " recall (%s). training.class-weights = balanced gives rows of rare classes"
                  + " more weight.",
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
              "%s. They may have too few rows, or be too similar to another class. See the"
                  + " confusion matrix, and try training.class-weights = balanced.",
              listed(never)));
    }
    double share = (double) confusion.support(most) / confusion.rows();
    double noise = 2 * Math.sqrt(share * (1 - share) / confusion.rows());
    if (confusion.accuracy() < share + noise) {
      warn(
          "Hardly better than the most frequent class",
          String.format(
              "Always predicting %s has an accuracy of %s, the network %s. The columns may not"
                  + " determine the label, or the training was too short.",
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
    // With fewer rows the observed share of a tenth is too noisy.
    if (scored.actualClass().length >= 300 && curves.calibrationError() > 0.05) {
      note(
          "Probabilities are not calibrated",
          String.format(
              "The expected calibration error is %s. Label smoothing moves probabilities towards"
                  + " the middle. If you use them as expected costs, set training.label-smoothing ="
                  + " 0, or choose a threshold from the curves below.",
              Texts.percent(curves.calibrationError())));
    }
  }

  private void explained() {
    double r2 = run.part(evidence.part()).getOrDefault("r2", Double.NaN);
    if (r2 < 0.05) {
      warn(
          "Hardly better than the mean",
          String.format(
              "R² is %s on the %s. The columns may not determine the label, or the training was too"
                  + " short.",
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
          "Labels that are hardly better than guessing",
          listed(guessed)
              + ": AUC is below 0.55, or R² is below 0.05. The columns may not determine these"
              + " labels, or the training was too short.");
    }
  }

  private void columns(List<ColumnProfile> columns) {
    some(
        columns,
        ColumnProfile::constant,
        "Constant columns",
        "All training rows have the same value in %s, so the network learns nothing from it."
            + " data.features.exclude removes such columns.");
    some(
        columns,
        column -> column.trainMissing() > 0.5 && !column.constant(),
        "Columns that are mostly missing",
        "More than half of the training rows have no value in %s.");
    some(
        columns,
        column -> column.distinct() > 50 && column.distinct() > 0.5 * evidence.statistics().rows(),
        "Columns that look like identifiers",
        "Almost every row has a different value in %s, so the network can memorize rows."
            + " data.features.exclude removes such columns.");
    some(
        columns,
        column -> column.unseen() > 0.05,
        "Many categories that are not in the training rows",
        "More than 5 %% of the scored rows have a category in %s that no training row has. The"
            + " network treats it as unknown. Train on rows with these categories, or group rare"
            + " ones.");
    double chance = 1.63 / Math.sqrt(Math.max(1, evidence.rows().size()));
    some(
        columns,
        column -> column.shift() > Math.max(0.15, 1.5 * chance),
        "Columns with a different distribution",
        "The training rows and the scored rows differ in the distribution of %s; see the charts."
            + " The metrics may differ on other rows, too.");
  }

  private void some(
      List<ColumnProfile> columns, Predicate<ColumnProfile> test, String title, String text) {
    List<String> names = columns.stream().filter(test).map(ColumnProfile::name).toList();
    if (!names.isEmpty()) {
      warn(title, String.format(text, listed(names)));
    }
  }

  /** If one column alone makes a network almost perfect, it may leak the label. */
  private void leak(List<ColumnProfile> columns) {
    List<Rise> ranked = ColumnSections.ranked(evidence);
    Map<String, Double> metrics = run.part(evidence.part());
    double quality = metrics.getOrDefault("accuracy", metrics.getOrDefault("r2", 0.0));
    boolean alone =
        ranked.size() > 1 && ranked.get(0).mean() > 10 * Math.max(0, ranked.get(1).mean());
    if (alone && quality > 0.98) {
      note(
          "One column may leak the label",
          String.format(
              "The predictions depend almost only on %s. Check that it is known before the label"
                  + " is, and that it is not a consequence of the label.",
              Texts.quoted(columns.get(ranked.get(0).column()).name())));
    }
  }

  private void layers(List<LayerProfile> layers) {
    vanishing(layers);
    for (LayerProfile layer : layers) {
      if (layer.units() > 0 && layer.dead() > 0.1 * layer.units()) {
        warn(
            "Dead units",
            String.format(
                "In %s, %s of %s units have the same output for all scored rows. Try"
                    + " network.activation = silu, a smaller learning rate, or fewer units.",
                layer.name(), Texts.count(layer.dead()), Texts.count(layer.units())));
      }
    }
  }

  /** Compares the gradients of the layers in the best epoch. */
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
            "Vanishing gradient",
            String.format(
                "The gradient norm of %2$s is less than a thousandth of that of %1$s, so this layer"
                    + " hardly learns. Try network.residual or network.layer-norm, fewer layers, or"
                    + " another network.activation.",
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
          "Most of the time was communication",
          String.format(
              "Exchanging data and waiting took %s, computing %s. A larger training.batch-size"
                  + " needs fewer exchanges. Fewer executors exchange less data.",
              Texts.seconds(exchanged), Texts.seconds(computed)));
    }
  }

  private static String listed(List<String> names) {
    List<String> quoted = names.stream().limit(NAMED).map(Texts::quoted).toList();
    int more = names.size() - quoted.size();
    return String.join(", ", quoted) + (more > 0 ? " and " + Texts.count(more) + " more" : "");
  }
}
