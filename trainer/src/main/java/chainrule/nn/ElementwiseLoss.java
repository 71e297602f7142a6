package chainrule.nn;

import chainrule.math.Matrix;
import chainrule.math.Slice;
import java.util.Set;

/**
 * A loss that is a sum over the outputs, each compared with its own target: {@code loss_r = Σ_o
 * ℓ(a_ro, y_ro)}. Implementations give ℓ and its derivative; the loops are here.
 *
 * <p>Shapes: outputs and targets B × O. For the rest see {@link Loss}.
 */
public sealed interface ElementwiseLoss extends Loss permits HalfMse, Huber, Mae, LogCosh, Poisson {
  /** Numbers, unless the loss overrides this. */
  @Override
  default Set<LabelKind> labels() {
    return Set.of(LabelKind.NUMBERS);
  }

  /** Returns ℓ(a, y). */
  double value(double output, double target);

  /** Returns dℓ/da. */
  double derivative(double output, double target);

  /** Throws unless targets of this shape go with these outputs. */
  default void requireTargets(Matrix outputs, Matrix targets) {
    targets.requireShape("targets", outputs.rows(), outputs.columns());
  }

  /** Returns y_ro. */
  default double target(Matrix outputs, Matrix targets, int row, int output) {
    return targets.array()[targets.offset() + row * targets.columns() + output];
  }

  @Override
  default double sumAndGradient(
      Matrix outputs, Matrix targets, Slice weights, Matrix outputGradient) {
    LossArguments.requireWeights(outputs, weights);
    LossArguments.requireGradient(outputs, outputGradient);
    requireTargets(outputs, targets);
    double sum = 0;
    for (int r = 0; r < outputs.rows(); r++) {
      double weight = weights.get(r);
      double rowLoss = 0;
      int at = r * outputs.columns();
      for (int o = 0; o < outputs.columns(); o++, at++) {
        double output = outputs.array()[outputs.offset() + at];
        double target = target(outputs, targets, r, o);
        rowLoss += value(output, target);
        outputGradient.array()[outputGradient.offset() + at] =
            (float) (weight * derivative(output, target));
      }
      sum += weight * rowLoss;
    }
    return sum;
  }

  @Override
  default double sum(Matrix outputs, Matrix targets, Slice weights) {
    LossArguments.requireWeights(outputs, weights);
    requireTargets(outputs, targets);
    double sum = 0;
    for (int r = 0; r < outputs.rows(); r++) {
      double rowLoss = 0;
      for (int o = 0; o < outputs.columns(); o++) {
        rowLoss += value(outputs.get(r, o), target(outputs, targets, r, o));
      }
      sum += weights.get(r) * rowLoss;
    }
    return sum;
  }
}
