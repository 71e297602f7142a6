package chainrule.nn;

import chainrule.math.Key;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import java.util.Set;

/**
 * The cross-entropy of C classes, in nats, fused with the softmax of C logits z: {@code loss = ln
 * Σ_c e^(z_c) - Σ_c t_c z_c}, with gradient {@code softmax(z) - t}. The target t is 1 for the row's
 * class and 0 otherwise; with label smoothing s it is 1 - s + s/C and s/C.
 *
 * <p>Shapes: outputs B × C logits, targets B × 1 indices of classes. Predictions are probabilities.
 * For the rest see {@link Loss}.
 *
 * <p>Source: Goodfellow, Bengio, Courville, <i>Deep Learning</i> (2016), section 6.2.2.3; label
 * smoothing: Szegedy et al., arXiv 1512.00567, section 7.
 *
 * @param labelSmoothing s, from 0 to below 1
 */
@Key("cross-entropy")
public record SoftmaxCrossEntropy(double labelSmoothing) implements Loss {
  public SoftmaxCrossEntropy {
    LossArguments.requireSmoothing(labelSmoothing);
  }

  @Override
  public Set<LabelKind> labels() {
    return Set.of(LabelKind.CLASSES);
  }

  @Override
  public OutputFunction outputFunction() {
    return OutputFunction.SOFTMAX;
  }

  @Override
  public String formula() {
    return "-Σ y·log softmax(A)";
  }

  @Override
  public double sumAndGradient(
      Matrix outputs, Matrix targets, Slice weights, Matrix outputGradient) {
    requireShapes(outputs, targets, weights);
    LossArguments.requireGradient(outputs, outputGradient);
    int classes = outputs.columns();
    float[] gradient = outputGradient.array();
    double sum = 0;
    for (int r = 0; r < outputs.rows(); r++) {
      int target = LossArguments.classIndex(targets, r, classes);
      int from = outputs.offset() + r * classes;
      int to = outputGradient.offset() + r * classes;
      double logSumExp = Softmax.apply(outputs.array(), from, gradient, to, classes);
      double weight = weights.get(r);
      sum += weight * (logSumExp - meanLogit(outputs.array(), from, classes, target));
      double share = labelSmoothing / classes;
      for (int c = 0; c < classes; c++) {
        double goal = c == target ? 1 - labelSmoothing + share : share;
        gradient[to + c] = (float) (weight * (gradient[to + c] - goal));
      }
    }
    return sum;
  }

  @Override
  public double sum(Matrix outputs, Matrix targets, Slice weights) {
    requireShapes(outputs, targets, weights);
    int classes = outputs.columns();
    double sum = 0;
    for (int r = 0; r < outputs.rows(); r++) {
      int target = LossArguments.classIndex(targets, r, classes);
      int from = outputs.offset() + r * classes;
      double logSumExp = Softmax.logSumExp(outputs.array(), from, classes);
      sum += weights.get(r) * (logSumExp - meanLogit(outputs.array(), from, classes, target));
    }
    return sum;
  }

  /** Returns Σ_c t_c z_c, the logit that the targets' probabilities expect. */
  private double meanLogit(float[] logits, int from, int classes, int target) {
    double mean = (1 - labelSmoothing) * logits[from + target];
    if (labelSmoothing > 0) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += logits[from + c];
      }
      mean += labelSmoothing / classes * sum;
    }
    return mean;
  }

  private static void requireShapes(Matrix outputs, Matrix targets, Slice weights) {
    targets.requireShape("targets", outputs.rows(), 1);
    LossArguments.requireWeights(outputs, weights);
  }

  @Override
  public Loss forEvaluation() {
    return new SoftmaxCrossEntropy(0);
  }
}
