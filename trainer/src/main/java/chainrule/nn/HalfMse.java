package chainrule.nn;

import chainrule.math.Key;
import chainrule.math.Matrix;
import java.util.EnumSet;
import java.util.Set;

/**
 * Half the squared error: {@code loss_r = ½ Σ_o (a_ro - y_ro)²}, with gradient {@code a - y}. The
 * half cancels the 2 of the derivative.
 *
 * <p>Shapes: targets are B × O values, or B × 1 indices of classes if O > 1; then y_r is the row of
 * 0 and a single 1 at the class. Units: the label's, squared.
 *
 * <p>Source: Rumelhart, Hinton, Williams, <i>Learning representations by back-propagating
 * errors</i>, Nature 323 (1986), equation 3.
 */
@Key("half-mse")
public record HalfMse() implements ElementwiseLoss {
  /** Numbers, or a class as a row of 0 and a single 1. */
  @Override
  public Set<LabelKind> labels() {
    return EnumSet.of(LabelKind.NUMBERS, LabelKind.CLASSES);
  }

  @Override
  public boolean allowsOutputActivation() {
    return true;
  }

  @Override
  public String formula() {
    return "½ Σ (A - y)²";
  }

  @Override
  public double value(double output, double target) {
    double error = output - target;
    return 0.5 * error * error;
  }

  @Override
  public double derivative(double output, double target) {
    return output - target;
  }

  @Override
  public void requireTargets(Matrix outputs, Matrix targets) {
    if (!areClasses(outputs, targets)) {
      ElementwiseLoss.super.requireTargets(outputs, targets);
      return;
    }
    targets.requireShape("targets", outputs.rows(), 1);
    for (int r = 0; r < targets.rows(); r++) {
      LossArguments.classIndex(targets, r, outputs.columns());
    }
  }

  @Override
  public double target(Matrix outputs, Matrix targets, int row, int output) {
    if (!areClasses(outputs, targets)) {
      return ElementwiseLoss.super.target(outputs, targets, row, output);
    }
    return targets.array()[targets.offset() + row] == output ? 1 : 0;
  }

  private static boolean areClasses(Matrix outputs, Matrix targets) {
    return outputs.columns() > 1 && targets.columns() == 1;
  }
}
