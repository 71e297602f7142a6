package chainrule.nn;

import chainrule.math.Elementary;
import chainrule.math.Key;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import java.util.Set;

/**
 * The cross-entropy of two classes, in nats, fused with the sigmoid of one logit z: {@code loss =
 * ln(1 + e^z) - t z}, with gradient {@code σ(z) - t}. The target t is 1 for class 1 and 0 for class
 * 0; with label smoothing s it is 1 - s/2 and s/2. With several labels a row's loss is the sum over
 * them: {@code loss_r = Σ_o ln(1 + e^z_ro) - t_ro z_ro}.
 *
 * <p>Shapes: outputs B × O logits, one for each label, targets B × O indices of classes, 0 or 1.
 * Predictions are the probabilities of class 1. For the rest see {@link Loss}.
 *
 * <p>Source: Goodfellow, Bengio, Courville, <i>Deep Learning</i> (2016), section 6.2.2.2; label
 * smoothing: Szegedy et al., arXiv 1512.00567, section 7.
 *
 * @param labelSmoothing s, from 0 to below 1
 */
@Key("binary-cross-entropy")
public record BinaryCrossEntropy(double labelSmoothing) implements Loss {
  public BinaryCrossEntropy {
    LossArguments.requireSmoothing(labelSmoothing);
  }

  @Override
  public Set<LabelKind> labels() {
    return Set.of(LabelKind.TWO_CLASSES);
  }

  @Override
  public OutputFunction outputFunction() {
    return OutputFunction.SIGMOID;
  }

  @Override
  public String formula() {
    return "-Σ y·log sigmoid(A) + (1 - y)·log(1 - sigmoid(A))";
  }

  @Override
  public double sumAndGradient(
      Matrix outputs, Matrix targets, Slice weights, Matrix outputGradient) {
    requireShapes(outputs, targets, weights);
    LossArguments.requireGradient(outputs, outputGradient);
    double sum = 0;
    for (int r = 0; r < outputs.rows(); r++) {
      double weight = weights.get(r);
      double rowLoss = 0;
      int at = r * outputs.columns();
      for (int end = at + outputs.columns(); at < end; at++) {
        double logit = logit(outputs, at);
        double target = target(targets, at);
        double power = Elementary.exp(-Math.abs(logit));
        double derivative = Elementary.sigmoid(logit, power) - target;
        rowLoss += loss(logit, target, power);
        outputGradient.array()[outputGradient.offset() + at] = (float) (weight * derivative);
      }
      sum += weight * rowLoss;
    }
    return sum;
  }

  @Override
  public double sum(Matrix outputs, Matrix targets, Slice weights) {
    requireShapes(outputs, targets, weights);
    double sum = 0;
    for (int r = 0; r < outputs.rows(); r++) {
      double rowLoss = 0;
      int at = r * outputs.columns();
      for (int end = at + outputs.columns(); at < end; at++) {
        double logit = logit(outputs, at);
        double power = Elementary.exp(-Math.abs(logit));
        rowLoss += loss(logit, target(targets, at), power);
      }
      sum += weights.get(r) * rowLoss;
    }
    return sum;
  }

  /** Returns the loss of a logit, where e^-|z| is known. */
  private static double loss(double logit, double target, double power) {
    // ln(1 + e^z) = ln(1 + e^-|z|) + max(z, 0), and where t is 0 or 1 the rest is exact.
    double rest = Math.max(logit, 0) - target * logit;
    return Elementary.softplus(-Math.abs(logit), power) + rest;
  }

  private static void requireShapes(Matrix outputs, Matrix targets, Slice weights) {
    targets.requireShape("targets", outputs.rows(), outputs.columns());
    LossArguments.requireWeights(outputs, weights);
  }

  private static double logit(Matrix outputs, int at) {
    return outputs.array()[outputs.offset() + at];
  }

  private double target(Matrix targets, int at) {
    return LossArguments.classIndex(targets, at, 2) == 1
        ? 1 - labelSmoothing / 2
        : labelSmoothing / 2;
  }

  @Override
  public Loss forEvaluation() {
    return new BinaryCrossEntropy(0);
  }
}
