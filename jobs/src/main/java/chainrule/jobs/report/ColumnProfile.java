package chainrule.jobs.report;

import chainrule.data.CategoryCounts;
import chainrule.data.NumberStatistics;
import chainrule.data.RawRow;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The distribution of a column in the training rows and in the scored rows.
 *
 * @param name as in the table
 * @param numeric whether it holds numbers
 * @param trainMissing share of the training rows without a value
 * @param scoredMissing share of the scored rows without a value
 * @param unseen share of the scored rows with a category that no training row has
 * @param distinct number of categories in training; 0 for a number
 * @param constant whether all training rows have the same value
 * @param summary a description of the training rows
 * @param labels of the bars: the categories, or the middles of bins of numbers
 * @param train share of training rows by bar
 * @param scored share of scored rows by bar
 * @param shift the Kolmogorov-Smirnov distance of the two distributions; of categories, the total
 *     variation distance
 */
record ColumnProfile(
    String name,
    boolean numeric,
    double trainMissing,
    double scoredMissing,
    double unseen,
    int distinct,
    boolean constant,
    String summary,
    List<String> labels,
    List<Double> train,
    List<Double> scored,
    double shift) {
  private static final int BINS = 20;
  private static final int CATEGORIES = 12;

  /**
   * Values beyond these quantiles are counted in the outermost bars. Otherwise a few outliers would
   * hide the rest.
   */
  private static final double TAIL = 0.005;

  ColumnProfile {
    labels = List.copyOf(labels);
    train = List.copyOf(train);
    scored = List.copyOf(scored);
  }

  static ColumnProfile ofNumbers(
      String name, NumberStatistics numbers, List<RawRow> rows, int index) {
    double[] values = rows.stream().mapToDouble(row -> row.number(index)).toArray();
    double[] known = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
    boolean constant = numbers.count() == 0 || numbers.minimum() == numbers.maximum();
    Binning bins = bins(numbers, known);
    int[] counts = bins.counts(known);
    List<String> labels = new ArrayList<>();
    List<Double> train = new ArrayList<>();
    List<Double> scored = new ArrayList<>();
    double shift = 0;
    double distance = 0;
    for (int i = 0; i < bins.count(); i++) {
      double below = i == 0 ? 0 : numbers.shareBelow(bins.edge(i));
      double above = i == bins.count() - 1 ? 1 : numbers.shareBelow(bins.edge(i + 1));
      labels.add(Texts.number(bins.middle(i)));
      train.add(numbers.count() == 0 ? 0 : above - below);
      scored.add((double) counts[i] / Math.max(1, known.length));
      distance += train.get(i) - scored.get(i);
      shift = Math.max(shift, Math.abs(distance));
    }
    return new ColumnProfile(
        name,
        true,
        (double) numbers.missing() / Math.max(1, numbers.count() + numbers.missing()),
        (double) (values.length - known.length) / Math.max(1, values.length),
        0,
        0,
        constant,
        numbers.count() == 0
            ? "no values"
            : String.format(
                "mean %s, deviation %s, from %s to %s, median %s",
                Texts.number(numbers.mean()),
                Texts.number(numbers.deviation(numbers.mean())),
                Texts.number(numbers.minimum()),
                Texts.number(numbers.maximum()),
                Texts.number(numbers.quantile(0.5))),
        labels,
        train,
        scored,
        known.length == 0 || numbers.count() == 0 ? 0 : shift);
  }

  private static Binning bins(NumberStatistics numbers, double[] scored) {
    double range = numbers.maximum() - numbers.minimum();
    boolean whole =
        DoubleStream.of(scored).allMatch(ColumnProfile::isWhole)
            && isWhole(numbers.minimum())
            && isWhole(numbers.maximum())
            && isWhole(numbers.quantile(0.3));
    if (numbers.count() > 0 && whole && range < BINS) { // one bar for each whole number
      return new Binning(numbers.minimum() - 0.5, numbers.maximum() + 0.5, (int) range + 1);
    }
    double from = numbers.quantile(TAIL);
    double to = numbers.quantile(1 - TAIL);
    if (!(to > from)) {
      from = numbers.count() == 0 ? 0 : numbers.minimum();
      to = numbers.count() == 0 ? 0 : numbers.maximum();
    }
    return to > from && Double.isFinite(to - from)
        ? new Binning(from, to, BINS)
        : new Binning(from - 0.5, from + 0.5, 1);
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value);
  }

  static ColumnProfile ofCategories(
      String name, CategoryCounts counts, long trainRows, List<RawRow> rows, int index) {
    var seen = new CategoryCounts(Math.max(1, rows.size()));
    rows.forEach(row -> seen.add(row.category(index)));
    List<String> values = counts.byFrequency();
    List<String> shown = values.subList(0, Math.min(CATEGORIES, values.size()));
    double all = Math.max(1, trainRows);
    double allScored = Math.max(1, rows.size());
    List<String> labels = new ArrayList<>();
    List<Double> train = new ArrayList<>();
    List<Double> scored = new ArrayList<>();
    double trainRest = 1;
    double scoredRest = 1;
    double distance = 0;
    for (String value : shown) {
      labels.add(Texts.name(value));
      train.add(counts.count(value) / all);
      scored.add(seen.count(value) / allScored);
      trainRest -= counts.count(value) / all;
      scoredRest -= seen.count(value) / allScored;
      distance += Math.abs(counts.count(value) / all - seen.count(value) / allScored);
    }
    long unseen = rows.stream().filter(row -> counts.count(row.category(index)) == 0).count();
    double unseenShare = unseen / allScored;
    if (values.size() > shown.size()) {
      labels.add((values.size() - shown.size()) + " others");
      train.add(Math.max(0, trainRest));
      scored.add(Math.max(0, scoredRest - unseenShare));
      distance += Math.abs(trainRest - (scoredRest - unseenShare));
    }
    if (unseen > 0) {
      labels.add("not in training");
      train.add(0.0);
      scored.add(unseenShare);
    }
    distance += unseenShare;
    return new ColumnProfile(
        name,
        false,
        counts.count("") / all,
        seen.count("") / allScored,
        unseenShare,
        values.size(),
        values.size() <= 1,
        values.isEmpty()
            ? "no values"
            : Texts.counted(values.size(), "value")
                + ", the most frequent "
                + Texts.quoted(values.get(0))
                + " in "
                + Texts.percent(counts.count(values.get(0)) / all),
        labels,
        train,
        scored,
        distance / 2);
  }

  /** Returns the data that the page's script draws. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", Texts.name(name));
    ArrayNode texts = json.putArray("labels");
    labels.forEach(texts::add);
    ArrayNode trainValues = json.putArray("train");
    train.forEach(share -> addPercent(trainValues, share));
    ArrayNode scoredValues = json.putArray("scored");
    scored.forEach(share -> addPercent(scoredValues, share));
    return json;
  }

  private static void addPercent(ArrayNode array, double share) {
    array.add(Math.round(10_000 * share) / 100.0); // hundredths of a percent
  }
}
