package chainrule.train;

import chainrule.data.LabelEncoding;
import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What metrics are made from, summed over rows in double: loss, weights, and by class or of errors.
 *
 * <p>Not for sharing.
 */
public final class MetricSums implements Sums<MetricSums> {
  private static final long serialVersionUID = 1;

  /** Log loss of a probability below this is that of this: the least normal float. */
  private static final double LEAST_PROBABILITY = Float.MIN_NORMAL;

  private final int classes;
  private final ScoreRanks ranks;
  private final boolean ranked;
  private long rows;
  private double weightSum;
  private double lossSum;
  // Classification: by class, the weight of rows predicted as it, of it, and both.
  private final double[] predicted;
  private final double[] actual;
  private final double[] correct;
  private double logLossSum;
  // Regression, in units of the target.
  private double absoluteErrorSum;
  private double squaredErrorSum;
  private double targetMean;
  private double targetSquares; // Σ w (t − mean)², which no cancellation can spoil

  private MetricSums(int classes, boolean ranked) {
    this.classes = classes;
    this.ranked = ranked && classes == 2;
    this.ranks = new ScoreRanks();
    this.predicted = new double[classes];
    this.actual = new double[classes];
    this.correct = new double[classes];
  }

  /**
   * Makes sums of nothing.
   *
   * @param ranked whether the scores of a classification with two classes are kept
   */
  public static MetricSums of(Objective objective, boolean ranked) {
    return new MetricSums(
        objective.label() instanceof LabelEncoding.Classes classes ? classes.names().size() : 0,
        ranked);
  }

  /**
   * Adds rows.
   *
   * @param outputs B × O, the network's; overwritten with predictions
   * @param targets B × 1
   * @param weights B values
   */
  void add(Objective objective, Matrix outputs, Matrix targets, Slice weights) {
    rows += outputs.rows();
    lossSum += objective.loss().forEvaluation().sum(outputs, targets, weights);
    if (ranked) {
      for (int row = 0; row < outputs.rows(); row++) {
        ranks.add(score(outputs, row), targets.get(row, 0) > 0, weights.get(row));
      }
    }
    objective.loss().toPredictions(outputs);
    for (int row = 0; row < outputs.rows(); row++) {
      double weight = weights.get(row);
      if (classes > 0) {
        addClass(outputs, row, (int) targets.get(row, 0), weight);
      } else {
        addNumber(outputs.get(row, 0), targets.get(row, 0), weight);
      }
      weightSum += weight;
    }
  }

  /** Returns what orders rows by the probability of the second class, without its rounding. */
  private static float score(Matrix outputs, int row) {
    return outputs.columns() == 1 ? outputs.get(row, 0) : outputs.get(row, 1) - outputs.get(row, 0);
  }

  private void addClass(Matrix predictions, int row, int target, double weight) {
    int best = ClassPrediction.classOf(predictions, row);
    predicted[best] += weight;
    actual[target] += weight;
    if (best == target) {
      correct[best] += weight;
    }
    double probability = ClassPrediction.probability(predictions, row, target);
    logLossSum -= weight * StrictMath.log(Math.max(probability, LEAST_PROBABILITY));
  }

  private void addNumber(double prediction, double target, double weight) {
    double error = prediction - target;
    absoluteErrorSum += weight * Math.abs(error);
    squaredErrorSum += weight * error * error;
    addTargets(weight, target, 0);
  }

  /**
   * Adds targets of this weight, mean and sum of squares around it; before their weight is added.
   *
   * <p>Source: Chan, Golub, LeVeque, <i>Updating Formulae and a Pairwise Algorithm for Computing
   * Sample Variances</i>, 1979.
   */
  private void addTargets(double weight, double mean, double squares) {
    if (weight > 0) {
      double share = weight / (weightSum + weight);
      double distance = mean - targetMean;
      targetMean += share * distance;
      targetSquares += squares + weightSum * share * distance * distance;
    }
  }

  @Override
  public void merge(MetricSums sibling) {
    Check.argument(sibling.classes == classes, "number of classes", sibling.classes, "" + classes);
    rows += sibling.rows;
    addTargets(sibling.weightSum, sibling.targetMean, sibling.targetSquares);
    weightSum += sibling.weightSum;
    lossSum += sibling.lossSum;
    logLossSum += sibling.logLossSum;
    absoluteErrorSum += sibling.absoluteErrorSum;
    squaredErrorSum += sibling.squaredErrorSum;
    for (int i = 0; i < classes; i++) {
      predicted[i] += sibling.predicted[i];
      actual[i] += sibling.actual[i];
      correct[i] += sibling.correct[i];
    }
    ranks.merge(sibling.ranks);
  }

  /** Writes the sums for another JVM. */
  public void write(DataOutput out) throws IOException {
    out.writeLong(rows);
    for (double sum :
        new double[] {
          weightSum,
          lossSum,
          logLossSum,
          absoluteErrorSum,
          squaredErrorSum,
          targetMean,
          targetSquares
        }) {
      out.writeDouble(sum);
    }
    for (int i = 0; i < classes; i++) {
      out.writeDouble(predicted[i]);
      out.writeDouble(actual[i]);
      out.writeDouble(correct[i]);
    }
    ranks.write(out);
  }

  /**
   * Returns sums that {@link #write} wrote.
   *
   * @param ranked as in {@link #of}
   * @throws java.nio.BufferUnderflowException if there are fewer bytes than they say
   */
  public static MetricSums read(Objective objective, boolean ranked, ByteBuffer in) {
    MetricSums sums = of(objective, ranked);
    sums.rows = in.getLong();
    sums.weightSum = in.getDouble();
    sums.lossSum = in.getDouble();
    sums.logLossSum = in.getDouble();
    sums.absoluteErrorSum = in.getDouble();
    sums.squaredErrorSum = in.getDouble();
    sums.targetMean = in.getDouble();
    sums.targetSquares = in.getDouble();
    for (int i = 0; i < sums.classes; i++) {
      sums.predicted[i] = in.getDouble();
      sums.actual[i] = in.getDouble();
      sums.correct[i] = in.getDouble();
    }
    sums.ranks.read(in);
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
    if (label instanceof LabelEncoding.Scale scale) {
      return regression(metrics, scale);
    }
    metrics =
        metrics
            .with("accuracy", sum(correct) / weightSum)
            .with("logLoss", logLossSum / weightSum)
            .with("macroF1", macroF1());
    return ranked ? metrics.with("auc", ranks.areaUnderCurve()) : metrics;
  }

  private Metrics regression(Metrics metrics, LabelEncoding.Scale scale) {
    double meanSquaredError = squaredErrorSum / weightSum;
    double variance = targetSquares / weightSum;
    return metrics
        .with("rmse", Math.sqrt(meanSquaredError) * scale.deviation())
        .with("mae", absoluteErrorSum / weightSum * scale.deviation())
        .with("r2", variance > 0 ? 1 - meanSquaredError / variance : 0);
  }

  /** The mean over the classes that occur, in labels or predictions, of 2·correct/(both counts). */
  private double macroF1() {
    double sum = 0;
    int occurring = 0;
    for (int i = 0; i < classes; i++) {
      if (predicted[i] + actual[i] > 0) {
        sum += 2 * correct[i] / (predicted[i] + actual[i]);
        occurring++;
      }
    }
    return sum / occurring;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
