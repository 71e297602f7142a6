package chainrule.jobs.report;

import java.util.ArrayList;
import java.util.List;

/** ROC, precision-recall curve and calibration of a binary classification. */
final class BinarySection {
  /** Points of a curve that are drawn; more could not be seen. */
  private static final int POINTS = 400;

  private static final int TABLE_ROWS = 20;

  private BinarySection() {}

  static Section of(Evidence evidence, Scored scored) {
    var curves = new BinaryCurves(scored.secondProbability(), scored.actualClass());
    Section section = new Section("thresholds", "Thresholds and probabilities");
    String second = Texts.quoted(scored.classes().get(1));
    if (!curves.isDefined()) {
      return section.addText(
          "All " + evidence.rowsName() + " have the same class, so these curves are undefined.");
    }
    section.addText(
        String.format(
            "A row is predicted as %s if its probability reaches a threshold. The default threshold"
                + " is 0.5. The curves use %s.",
            second, evidence.coverage()));
    section.add(roc(curves, second));
    section.add(precisionRecall(curves, second));
    section.add(calibration(curves, second));
    section.addFolded(table(curves, second));
    return section;
  }

  private static Figure roc(BinaryCurves curves, String second) {
    List<BinaryCurves.Threshold> shown = some(curves.thresholds());
    double[] x = new double[shown.size() + 1];
    double[] y = new double[shown.size() + 1];
    for (int i = 0; i < shown.size(); i++) {
      x[i + 1] = 100 * curves.falsePositiveRate(shown.get(i));
      y[i + 1] = 100 * curves.truePositiveRate(shown.get(i));
    }
    double[] ends = {0, 100};
    return Figure.of(
        "ROC",
        String.format(
            "Area under the curve: %s. This is the probability that a random row of %s has a higher"
                + " score than a random row of the other class.",
            Texts.number(curves.areaUnderCurve()), second),
        Chart.plane("false positive rate, %", "true positive rate (recall), %")
            .range("x", 0, 100)
            .range("y", 0, 100)
            .square()
            .line("network", "train", x, y)
            .dashes("random", "mark", ends, ends));
  }

  private static Figure precisionRecall(BinaryCurves curves, String second) {
    List<BinaryCurves.Threshold> shown = some(curves.thresholds());
    double[] x = new double[shown.size()];
    double[] y = new double[shown.size()];
    for (int i = 0; i < shown.size(); i++) {
      x[i] = 100 * curves.truePositiveRate(shown.get(i));
      y[i] = 100 * curves.precision(shown.get(i));
    }
    double share = 100 * curves.prevalence();
    return Figure.of(
        "Precision and recall",
        String.format(
            "For %s: average precision %s. %s of the rows have this class, which is the precision"
                + " of random guessing.",
            second, Texts.number(curves.averagePrecision()), Texts.percent(curves.prevalence())),
        Chart.plane("recall, %", "precision, %")
            .range("x", 0, 100)
            .range("y", 0, 100)
            .square()
            .line("network", "train", x, y)
            .dashes("random", "mark", new double[] {0, 100}, new double[] {share, share}));
  }

  private static Figure calibration(BinaryCurves curves, String second) {
    List<BinaryCurves.Bin> bins = curves.calibration();
    double[] predicted = bins.stream().mapToDouble(bin -> 100 * bin.mean()).toArray();
    double[] observed = bins.stream().mapToDouble(bin -> 100 * bin.observed()).toArray();
    double[] ends = {0, 100};
    Table table =
        Table.of("Calibration by tenths", ":probability", "rows", "mean predicted", "observed");
    for (BinaryCurves.Bin bin : bins) {
      table.row(
          Texts.percent(bin.from()) + " to " + Texts.percent(bin.to()),
          Texts.count(bin.rows()),
          Texts.percent(bin.mean()),
          Texts.percent(bin.observed()));
    }
    return Figure.of(
        "Calibration",
        String.format(
            "The observed share of %s by predicted probability, in tenths. On the dashed line the"
                + " probabilities are well calibrated. Expected calibration error: %s.",
            second, Texts.percent(curves.calibrationError())),
        Chart.plane("predicted probability, %", "observed, %")
            .range("x", 0, 100)
            .range("y", 0, 100)
            .square()
            .dottedLine("network", "train", predicted, observed)
            .dashes("perfect", "mark", ends, ends),
        table);
  }

  private static Table table(BinaryCurves curves, String second) {
    Table table =
        Table.of(
            "Thresholds for " + second,
            ":probability at least",
            "predicted as " + second,
            "precision",
            "recall",
            "false positive rate");
    List<BinaryCurves.Threshold> all = curves.thresholds();
    int every = Math.max(1, all.size() / TABLE_ROWS);
    for (int i = 0; i < all.size(); i += every) {
      BinaryCurves.Threshold at = all.get(i);
      table.row(
          Texts.percent(at.probability()),
          Texts.count(at.truePositives() + at.falsePositives()),
          Texts.percent(curves.precision(at)),
          Texts.percent(curves.truePositiveRate(at)),
          Texts.percent(curves.falsePositiveRate(at)));
    }
    return table;
  }

  private static List<BinaryCurves.Threshold> some(List<BinaryCurves.Threshold> all) {
    int every = (all.size() + POINTS - 1) / POINTS;
    List<BinaryCurves.Threshold> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (i % every == 0 || i == all.size() - 1) {
        some.add(all.get(i));
      }
    }
    return some;
  }
}
