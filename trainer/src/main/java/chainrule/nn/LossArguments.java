package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.Slice;

/** What all losses ask of their arguments. */
final class LossArguments {
  private LossArguments() {}

  static void requireWeights(Matrix outputs, Slice weights) {
    if (weights.length() != outputs.rows()) {
      throw Check.invalid("number of weights", weights.length(), outputs.rows() + ", one a row");
    }
  }

  static void requireGradient(Matrix outputs, Matrix outputGradient) {
    outputGradient.requireShape("output gradient", outputs.rows(), outputs.columns());
  }

  /** Returns a target that is the index of a class; of targets B × 1 it is a row's. */
  static int classIndex(Matrix targets, int at, int classes) {
    float target = targets.array()[targets.offset() + at];
    int index = (int) target;
    if (!(index == target && index >= 0 && index < classes)) {
      throw Check.invalid("class index", target, "a whole number from 0 to " + (classes - 1));
    }
    return index;
  }

  static void requireSmoothing(double labelSmoothing) {
    Check.argument(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "label smoothing",
        labelSmoothing,
        ">= 0 and < 1");
  }
}
