package chainrule.jobs.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The errors of a regression. */
final class RegressionSection {
  /** Points that are drawn: the first rows of the sample, which is in random order. */
  private static final int POINTS = 2_000;

  private static final int BINS = 25;
  private static final int WORST = 10;

  private RegressionSection() {}

  static Section of(Evidence evidence, Scored scored) {
    Section section = new Section("errors", "Predictions and residuals");
    double[] actual = scored.actual();
    double[] predicted = scored.predicted();
    double[] residual = new double[actual.length];
    for (int i = 0; i < residual.length; i++) {
      residual[i] = actual[i] - predicted[i];
    }
    int drawn = Math.min(POINTS, actual.length);
    section.addText(
        String.format(
            "The charts use %s%s. A residual is the actual value minus the predicted value.",
            evidence.coverage(),
            drawn < actual.length ? "; the first " + Texts.count(drawn) + " are drawn" : ""));
    String label = Texts.name(evidence.run().setting("data.label"));
    double[] x = Arrays.copyOf(predicted, drawn);
    double least = Math.min(least(predicted), least(actual));
    double most = -Math.min(least(negated(predicted)), least(negated(actual)));
    double[] ends = {least, most};
    section.add(
        Figure.of(
            "Predicted and actual",
            "Predictions on the dashed line are exact. Above the line they are too low, below it"
                + " too high.",
            Chart.plane("predicted " + label, "actual " + label)
                .square()
                .dots("rows", "train", x, Arrays.copyOf(actual, drawn))
                .dashes("exact", "mark", ends, ends)));
    section.add(
        Figure.of(
            "Residuals",
            "The residuals should be spread evenly around 0. A bend shows a relation that the"
                + " network misses. A funnel shows that errors grow with the prediction.",
            Chart.plane("predicted " + label, "residual, unit of " + label)
                .square()
                .dots("rows", "train", x, Arrays.copyOf(residual, drawn))
                .dashes(
                    "0",
                    "mark",
                    new double[] {least(x), -least(negated(x))},
                    new double[] {0, 0})));
    section.add(histogram(residual, label));
    section.addFolded(worst(actual, predicted, residual));
    return section;
  }

  private static Figure histogram(double[] residual, String label) {
    double[] sorted = residual.clone();
    Arrays.sort(sorted);
    Binning bins = Binning.over(residual, BINS);
    int[] counts = bins.counts(residual);
    List<String> labels =
        IntStream.range(0, BINS).mapToObj(i -> Texts.number(bins.middle(i))).toList();
    Table table = Table.of("Residuals by quantile", ":share of rows below", "residual");
    for (double share : new double[] {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1}) {
      table.row(Texts.percent(share), Texts.number(quantile(sorted, share)));
    }
    return Figure.of(
        "Distribution of residuals",
        String.format(
            "Half of the residuals are between %s and %s, and 90 %% are between %s and %s.",
            Texts.number(quantile(sorted, 0.25)),
            Texts.number(quantile(sorted, 0.75)),
            Texts.number(quantile(sorted, 0.05)),
            Texts.number(quantile(sorted, 0.95))),
        Chart.bars("residual, unit of " + label, "rows", labels)
            .bar("rows", "train", Arrays.stream(counts).asDoubleStream().toArray()),
        table);
  }

  private static Table worst(double[] actual, double[] predicted, double[] residual) {
    Table table = Table.of("Largest errors", ":rank", "actual", "predicted", "residual");
    List<Integer> order =
        IntStream.range(0, residual.length)
            .boxed()
            .sorted((a, b) -> Double.compare(Math.abs(residual[b]), Math.abs(residual[a])))
            .limit(WORST)
            .toList();
    for (int i = 0; i < order.size(); i++) {
      int row = order.get(i);
      table.row(
          Integer.toString(i + 1),
          Texts.number(actual[row]),
          Texts.number(predicted[row]),
          Texts.number(residual[row]));
    }
    return table;
  }

  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  private static double least(double[] values) {
    return Arrays.stream(values).min().orElse(0);
  }

  private static double[] negated(double[] values) {
    return Arrays.stream(values).map(value -> -value).toArray();
  }
}
