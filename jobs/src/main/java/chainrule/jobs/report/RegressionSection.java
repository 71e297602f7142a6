package chainrule.jobs.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How far a regression is off, and where. */
final class RegressionSection {
  /** Points that are drawn: the sample's first, which are as good as any. */
  private static final int POINTS = 2_000;

  private static final int BINS = 25;
  private static final int WORST = 10;

  private RegressionSection() {}

  static Section of(Evidence evidence, Scored scored) {
    Section section = new Section("errors", "Predicted and actual");
    double[] actual = scored.actual();
    double[] predicted = scored.predicted();
    double[] residual = new double[actual.length];
    for (int i = 0; i < residual.length; i++) {
      residual[i] = actual[i] - predicted[i];
    }
    int drawn = Math.min(POINTS, actual.length);
    section.say(
        String.format(
            "On %s%s. A residual is the actual value less the predicted one.",
            evidence.coverage(),
            drawn < actual.length
                ? ", of which the first " + Texts.count(drawn) + " are drawn"
                : ""));
    String label = Texts.name(evidence.run().setting("data.label"));
    double[] x = Arrays.copyOf(predicted, drawn);
    double least = Math.min(least(predicted), least(actual));
    double most = -Math.min(least(negated(predicted)), least(negated(actual)));
    double[] ends = {least, most};
    section.show(
        Figure.of(
            "Predicted and actual",
            "On the dashed line predictions are right; above it they are too low.",
            Chart.plane("predicted " + label, "actual " + label)
                .square()
                .dots("rows", "train", x, Arrays.copyOf(actual, drawn))
                .dashes("right", "mark", ends, ends)));
    section.show(
        Figure.of(
            "Residuals",
            "A cloud of even height around 0 is best; a bend says that something is missed, a"
                + " funnel that errors grow with the prediction.",
            Chart.plane("predicted " + label, "residual, unit of " + label)
                .square()
                .dots("rows", "train", x, Arrays.copyOf(residual, drawn))
                .dashes(
                    "0",
                    "mark",
                    new double[] {least(x), -least(negated(x))},
                    new double[] {0, 0})));
    section.show(histogram(residual, label));
    section.fold(worst(actual, predicted, residual));
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
            "Half of them lie between %s and %s, nine of ten between %s and %s.",
            Texts.number(quantile(sorted, 0.25)),
            Texts.number(quantile(sorted, 0.75)),
            Texts.number(quantile(sorted, 0.05)),
            Texts.number(quantile(sorted, 0.95))),
        Chart.bars("residual, unit of " + label, "rows", labels)
            .bar("rows", "train", Arrays.stream(counts).asDoubleStream().toArray()),
        table);
  }

  private static Table worst(double[] actual, double[] predicted, double[] residual) {
    Table table =
        Table.of("The rows that are furthest off", ":rank", "actual", "predicted", "residual");
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
