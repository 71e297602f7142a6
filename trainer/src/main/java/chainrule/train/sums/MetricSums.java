package chainrule.train.sums;

import chainrule.data.LabelEncoding;
import chainrule.data.Task;
import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The sums over rows, in double, from which metrics are computed: loss, weights, and for each label
 * {@link LabelSums}.
 *
 * <p>Not for sharing.
 */
public final class MetricSums implements Sums<MetricSums> {
  private static final long serialVersionUID = 1;

  private final List<LabelSums> labels = new ArrayList<>();
  private long rows;
  private double weightSum;
  private double lossSum;
  // Several labels that are classes: the weight of rows whose classes are all predicted correctly.
  private double allCorrectSum;

  private MetricSums(LabelEncoding label, boolean ranked) {
    label.each().forEach(each -> labels.add(new LabelSums(each, ranked, label.count())));
  }

  /**
   * Makes the sums over no rows.
   *
   * @param ranked whether to keep the scores of classifications with two classes
   */
  public static MetricSums of(Objective objective, boolean ranked) {
    return new MetricSums(objective.label(), ranked);
  }

  /**
   * Adds rows.
   *
   * @param outputs B × O, of the network; overwritten with predictions
   * @param targets B × T
   * @param weights B values
   */
  public void add(Objective objective, Matrix outputs, Matrix targets, Slice weights) {
    rows += outputs.rows();
    lossSum += objective.loss().forEvaluation().sum(outputs, targets, weights);
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i).isRanked()) {
        addScores(i, outputs, targets, weights);
      }
    }
    objective.loss().toPredictions(outputs);
    boolean classification = labels.get(0).isClassification();
    for (int row = 0; row < outputs.rows(); row++) {
      if (classification) {
        addClasses(outputs, targets, row, weights.get(row));
      } else {
        for (int i = 0; i < labels.size(); i++) {
          labels
              .get(i)
              .addNumber(outputs.get(row, i), targets.get(row, i), weights.get(row), weightSum);
        }
      }
      weightSum += weights.get(row);
    }
  }

  /** Adds scores that order rows as the probability of the second class does, before rounding. */
  private void addScores(int label, Matrix outputs, Matrix targets, Slice weights) {
    boolean ofClasses = labels.size() == 1 && outputs.columns() == 2;
    for (int row = 0; row < outputs.rows(); row++) {
      float score = ofClasses ? outputs.get(row, 1) - outputs.get(row, 0) : outputs.get(row, label);
      labels.get(label).addScore(score, (int) targets.get(row, label), weights.get(row));
    }
  }

  private void addClasses(Matrix predictions, Matrix targets, int row, double weight) {
    if (labels.size() == 1) {
      int target = (int) targets.get(row, 0);
      int best = ClassPrediction.classOf(predictions, row);
      double probability = ClassPrediction.probability(predictions, row, target);
      labels.get(0).addClass(best, target, probability, weight);
      return;
    }
    boolean allCorrect = true;
    for (int i = 0; i < labels.size(); i++) {
      int target = (int) targets.get(row, i);
      float second = predictions.get(row, i);
      int best = ClassPrediction.classOf(second);
      labels.get(i).addClass(best, target, ClassPrediction.probability(second, target), weight);
      allCorrect &= best == target;
    }
    allCorrectSum += allCorrect ? weight : 0;
  }

  @Override
  public void merge(MetricSums sibling) {
    int count = labels.size();
    Check.argument(sibling.labels.size() == count, "labels", sibling.labels.size(), "" + count);
    rows += sibling.rows;
    for (int i = 0; i < count; i++) {
      labels.get(i).merge(sibling.labels.get(i), sibling.weightSum, weightSum);
    }
    weightSum += sibling.weightSum;
    lossSum += sibling.lossSum;
    allCorrectSum += sibling.allCorrectSum;
  }

  /** Writes the sums for another JVM. */
  public void write(DataOutput out) throws IOException {
    out.writeLong(rows);
    out.writeDouble(weightSum);
    out.writeDouble(lossSum);
    out.writeDouble(allCorrectSum);
    for (LabelSums label : labels) {
      label.write(out);
    }
  }

  /**
   * Returns sums that {@link #write} wrote.
   *
   * @param ranked as in {@link #of}
   * @throws java.nio.BufferUnderflowException if there are too few bytes
   */
  public static MetricSums read(Objective objective, boolean ranked, ByteBuffer in) {
    MetricSums sums = of(objective, ranked);
    sums.rows = in.getLong();
    sums.weightSum = in.getDouble();
    sums.lossSum = in.getDouble();
    sums.allCorrectSum = in.getDouble();
    sums.labels.forEach(label -> label.read(in));
    return sums;
  }

  public long rows() {
    return rows;
  }

  /** Returns the mean loss, without label smoothing; NaN if there are no rows. */
  public double loss() {
    return lossSum / weightSum;
  }

  /**
   * Returns the metrics.
   *
   * @throws IllegalStateException if there are no rows
   */
  public Metrics metrics(LabelEncoding label) {
    if (!(weightSum > 0)) {
      throw new IllegalStateException("Cannot compute metrics: the rows weigh " + weightSum);
    }
    Metrics metrics = new Metrics(rows).with("loss", loss());
    if (label instanceof LabelEncoding.Several several) {
      return label.task() == Task.CLASSIFICATION
          ? multiLabel(metrics, several)
          : multiOutput(metrics, several);
    }
    LabelSums sums = labels.get(0);
    if (label instanceof LabelEncoding.Scale scale) {
      return sums.addRegression(metrics, scale, weightSum);
    }
    metrics =
        metrics
            .with("accuracy", sums.accuracy(weightSum))
            .with("logLoss", sums.logLoss(weightSum))
            .with("macroF1", sums.macroF1());
    return sums.isRanked() ? metrics.with("auc", sums.areaUnderCurve()) : metrics;
  }

  /** Adds the metrics of each label, and their means. */
  private Metrics multiLabel(Metrics metrics, LabelEncoding.Several several) {
    Metrics all = metrics;
    for (int i = 0; i < labels.size(); i++) {
      LabelSums sums = labels.get(i);
      Metrics own =
          new Metrics(rows)
              .with("accuracy", sums.accuracy(weightSum))
              .with("logLoss", sums.logLoss(weightSum))
              .with("f1", sums.f1());
      own = sums.isRanked() ? own.with("auc", sums.areaUnderCurve()) : own;
      all = all.withLabel(several.names().get(i), own);
    }
    Collection<Metrics> each = all.labels().values();
    all =
        all.with("subsetAccuracy", allCorrectSum / weightSum)
            .with("hammingLoss", Math.max(0, 1 - mean(each, "accuracy")))
            .with("logLoss", mean(each, "logLoss"))
            .with("macroF1", mean(each, "f1"));
    return labels.get(0).isRanked() ? all.with("auc", mean(each, "auc")) : all;
  }

  /** Adds the metrics of each label, and their means. */
  private Metrics multiOutput(Metrics metrics, LabelEncoding.Several several) {
    Metrics all = metrics;
    for (int i = 0; i < labels.size(); i++) {
      var scale = (LabelEncoding.Scale) several.each().get(i);
      Metrics own = labels.get(i).addRegression(new Metrics(rows), scale, weightSum);
      all = all.withLabel(several.names().get(i), own);
    }
    Map<String, Metrics> each = all.labels();
    for (String name : List.of("rmse", "mae", "r2")) {
      all = all.with(name, mean(each.values(), name));
    }
    return all;
  }

  private static double mean(Collection<Metrics> each, String name) {
    double sum = 0;
    for (Metrics metrics : each) {
      sum += metrics.get(name);
    }
    return sum / each.size();
  }
}
