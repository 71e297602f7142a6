package chainrule.jobs.report;

import java.util.List;
import java.util.Map;

/** The first sentences of a report: the model, its data and its quality. */
final class Headline {
  private static final double NORMAL_95 = 1.96;
  private static final int NAMED_LABELS = 4;

  private Headline() {}

  /** Returns the title of the page. */
  static String title(List<String> labels) {
    List<String> named = labels.stream().limit(NAMED_LABELS).map(Texts::name).toList();
    int last = named.size() - 1;
    int more = labels.size() - named.size();
    String text = String.join(", ", named.subList(0, last));
    String end =
        more > 0 ? ", " + named.get(last) + " and " + more + " more" : " and " + named.get(last);
    return "Predicting " + (last > 0 ? text + end : named.get(last));
  }

  /** Returns a sentence about the model and its training data. */
  static String subject(Evidence evidence) {
    RunFiles run = evidence.run();
    int columns = evidence.model().schema().features().size();
    String table = run.setting("data.train");
    return String.format(
        "%s by %s with %s, trained on %s with %s%s.",
        run.isClassification() ? "Classification" : "Regression",
        run.whole("/ensembleSize") > 1
            ? "an ensemble of " + Texts.count(run.whole("/ensembleSize")) + " networks"
            : "a network",
        Texts.counted(evidence.model().network().parameterCount(), "parameter"),
        Texts.counted(run.whole("/rows/train"), "row"),
        Texts.counted(columns, "column"),
        table.isEmpty() ? "" : " of " + Texts.name(table.substring(table.lastIndexOf('/') + 1)));
  }

  /** Returns a sentence about the quality. */
  static String result(Evidence evidence, Scored scored) {
    Map<String, Double> metrics = evidence.run().part(evidence.part());
    double accuracy = metrics.getOrDefault("accuracy", Double.NaN);
    // Validation metrics are from before a refit, so the model was not trained on these rows.
    boolean trainedOn = evidence.part().equals("train");
    String seen =
        trainedOn ? " (on which it was trained, so expect worse results on new rows)" : "";
    if (Double.isFinite(accuracy)) {
      return classification(evidence, scored, accuracy, seen);
    }
    int labels = evidence.model().schema().labels().size();
    double subset = metrics.getOrDefault("subsetAccuracy", Double.NaN);
    if (Double.isFinite(subset)) {
      return String.format(
          "On the %s%s it predicts %s of the labels correctly, and all %s labels of a row for %s of"
              + " the rows.",
          evidence.counted(evidence.partRows()),
          seen,
          Texts.percent(1 - metrics.getOrDefault("hammingLoss", Double.NaN)),
          Texts.count(labels),
          Texts.percent(subset));
    }
    double rmse = metrics.getOrDefault("rmse", Double.NaN);
    if (Double.isFinite(rmse)) {
      return String.format(
          "On the %s%s the mean absolute error is %s and the root mean square error is %s (%s). The"
              + " predictions explain %s of the variance.",
          evidence.counted(evidence.partRows()),
          seen,
          Texts.number(metrics.getOrDefault("mae", Double.NaN)),
          Texts.number(rmse),
          labels > 1 ? "means over the labels" : "in the unit of the label",
          Texts.percent(metrics.getOrDefault("r2", Double.NaN)));
    }
    return String.format(
        "The loss on the %s%s is %s.",
        evidence.rowsName(), seen, Texts.number(metrics.getOrDefault("loss", Double.NaN)));
  }

  private static String classification(
      Evidence evidence, Scored scored, double accuracy, String seen) {
    String sentence =
        String.format(
            "It predicts the class correctly for %s of the %s%s",
            Texts.percent(accuracy), evidence.counted(evidence.partRows()), seen);
    double[] range = interval(accuracy, evidence.partRows());
    sentence +=
        String.format(
            " (95 %% confidence interval: %s to %s)",
            Texts.percent(range[0]), Texts.percent(range[1]));
    if (scored.actualClass().length == 0) {
      return sentence + ".";
    }
    Confusion confusion = confusion(scored);
    int most = confusion.mostFrequent();
    return sentence
        + String.format(
            ". Always predicting %s would be correct for %s.",
            Texts.quoted(scored.classes().get(most)),
            Texts.percent((double) confusion.support(most) / confusion.rows()));
  }

  static Confusion confusion(Scored scored) {
    return new Confusion(scored.classes().size(), scored.actualClass(), scored.predictedClass());
  }

  /**
   * Returns the 95 % confidence interval of a share.
   *
   * <p>Source: Wilson 1927, JASA 22, 209–212.
   */
  static double[] interval(double share, long rows) {
    double squared = NORMAL_95 * NORMAL_95 / rows;
    double middle = (share + squared / 2) / (1 + squared);
    double half =
        NORMAL_95 / (1 + squared) * Math.sqrt(share * (1 - share) / rows + squared / (4 * rows));
    return new double[] {Math.max(0, middle - half), Math.min(1, middle + half)};
  }
}
