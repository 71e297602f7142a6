package chainrule.train.sums;

import chainrule.data.LabelEncoding;
import chainrule.math.Check;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * The sums over rows, in double, from which the metrics of one label are computed: by class, or of
 * errors in units of the target.
 *
 * <p>Not for sharing.
 */
final class LabelSums implements Serializable {
  private static final long serialVersionUID = 1;

  /** Lower bound of probabilities in the log loss: the least normal float. */
  private static final double LEAST_PROBABILITY = Float.MIN_NORMAL;

  private final int classes;
  private final boolean ranked;
  private final ScoreRanks ranks;
  // Classification: by class, the weight of rows that are predicted as it, that are of it, and
  // both.
  private final double[] predicted;
  private final double[] actual;
  private final double[] correct;
  private double logLossSum;
  // Regression, in units of the target.
  private double absoluteErrorSum;
  private double squaredErrorSum;
  private double targetMean;
  private double targetSquares; // Σ w (t − mean)², without cancellation

  /**
   * @param label how the label is encoded
   * @param ranked whether to keep the scores of a classification with two classes
   * @param labels number of labels, whose scores share the memory
   */
  LabelSums(LabelEncoding label, boolean ranked, int labels) {
    this.classes = label instanceof LabelEncoding.Classes of ? of.names().size() : 0;
    this.ranked = ranked && classes == 2;
    this.ranks = new ScoreRanks(labels);
    this.predicted = new double[classes];
    this.actual = new double[classes];
    this.correct = new double[classes];
  }

  boolean isRanked() {
    return ranked;
  }

  boolean isClassification() {
    return classes > 0;
  }

  /** Adds a row's score, which increases with the probability of the second class. */
  void addScore(float score, int target, double weight) {
    ranks.add(score, target > 0, weight);
  }

  /**
   * Adds a row of a classification.
   *
   * @param best the predicted class
   * @param probability the predicted probability of the target
   */
  void addClass(int best, int target, double probability, double weight) {
    predicted[best] += weight;
    actual[target] += weight;
    if (best == target) {
      correct[best] += weight;
    }
    logLossSum -= weight * StrictMath.log(Math.max(probability, LEAST_PROBABILITY));
  }

  /**
   * Adds a row of a regression.
   *
   * @param weightBefore sum of the weights of the rows that were added before
   */
  void addNumber(double prediction, double target, double weight, double weightBefore) {
    double error = prediction - target;
    absoluteErrorSum += weight * Math.abs(error);
    squaredErrorSum += weight * error * error;
    addTargets(weight, target, 0, weightBefore);
  }

  /**
   * Adds targets with this weight, mean and sum of squared deviations from the mean.
   *
   * <p>Source: Chan, Golub, LeVeque, <i>Updating Formulae and a Pairwise Algorithm for Computing
   * Sample Variances</i>, 1979.
   */
  private void addTargets(double weight, double mean, double squares, double weightBefore) {
    if (weight > 0) {
      double share = weight / (weightBefore + weight);
      double distance = mean - targetMean;
      targetMean += share * distance;
      targetSquares += squares + weightBefore * share * distance * distance;
    }
  }

  /**
   * Adds the sums of a sibling in the fixed tree of shards.
   *
   * @param weight sum of the weights of the sibling's rows
   * @param weightBefore sum of the weights of this one's rows
   */
  void merge(LabelSums sibling, double weight, double weightBefore) {
    Check.argument(sibling.classes == classes, "number of classes", sibling.classes, "" + classes);
    addTargets(weight, sibling.targetMean, sibling.targetSquares, weightBefore);
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
  void write(DataOutput out) throws IOException {
    for (double sum :
        new double[] {logLossSum, absoluteErrorSum, squaredErrorSum, targetMean, targetSquares}) {
      out.writeDouble(sum);
    }
    for (int i = 0; i < classes; i++) {
      out.writeDouble(predicted[i]);
      out.writeDouble(actual[i]);
      out.writeDouble(correct[i]);
    }
    ranks.write(out);
  }

  /** Replaces the sums by those that {@link #write} wrote. */
  void read(ByteBuffer in) {
    logLossSum = in.getDouble();
    absoluteErrorSum = in.getDouble();
    squaredErrorSum = in.getDouble();
    targetMean = in.getDouble();
    targetSquares = in.getDouble();
    for (int i = 0; i < classes; i++) {
      predicted[i] = in.getDouble();
      actual[i] = in.getDouble();
      correct[i] = in.getDouble();
    }
    ranks.read(in);
  }

  /** Returns the fraction of rows, by weight, whose class is predicted correctly. */
  double accuracy(double weightSum) {
    double sum = 0;
    for (double value : correct) {
      sum += value;
    }
    return sum / weightSum;
  }

  double logLoss(double weightSum) {
    return logLossSum / weightSum;
  }

  double areaUnderCurve() {
    return ranks.areaUnderCurve();
  }

  /** Returns the mean of 2·correct/(predicted + actual) over the classes that occur in either. */
  double macroF1() {
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

  /** Returns 2·correct/(predicted + actual) of the second of two classes; 0 if it never occurs. */
  double f1() {
    double both = predicted[1] + actual[1];
    return both > 0 ? 2 * correct[1] / both : 0;
  }

  /** Adds root-mean-square error and mean absolute error, in the label's unit, and R². */
  Metrics addRegression(Metrics metrics, LabelEncoding.Scale scale, double weightSum) {
    double meanSquaredError = squaredErrorSum / weightSum;
    double variance = targetSquares / weightSum;
    return metrics
        .with("rmse", Math.sqrt(meanSquaredError) * scale.deviation())
        .with("mae", absoluteErrorSum / weightSum * scale.deviation())
        .with("r2", variance > 0 ? 1 - meanSquaredError / variance : 0);
  }
}
