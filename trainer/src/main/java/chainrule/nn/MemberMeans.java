package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.Elementary;
import chainrule.math.Matrix;
import java.util.function.ToDoubleFunction;

/** Means over the members of an ensemble, of outputs or of what outputs stand for. */
final class MemberMeans {
  private MemberMeans() {}

  /**
   * Writes a mean of each output over the members.
   *
   * @param members B × (M · O), a row being the outputs of the first member, the second and so on
   * @param outputs B × O, overwritten
   * @param mean of the M values of an output
   */
  static void write(Matrix members, Matrix outputs, ToDoubleFunction<double[]> mean) {
    int width = outputs.columns();
    double[] values = new double[count(members, outputs)];
    for (int row = 0; row < outputs.rows(); row++) {
      for (int o = 0; o < width; o++) {
        for (int m = 0; m < values.length; m++) {
          values[m] = members.get(row, m * width + o);
        }
        outputs.set(row, o, (float) mean.applyAsDouble(values));
      }
    }
  }

  /** Returns how many members there are, M. */
  static int count(Matrix members, Matrix outputs) {
    int count = members.columns() / outputs.columns();
    Check.argument(
        members.rows() == outputs.rows() && count * outputs.columns() == members.columns(),
        "outputs of members",
        members,
        outputs.rows() + " rows of a multiple of " + outputs.columns());
    return count;
  }

  /** Returns the mean. */
  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Returns ln(Σ e^v / M), where no exponent is above 0. */
  static double logMeanExp(double[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (double value : values) {
      sum += Elementary.exp(value - max);
    }
    return max + Elementary.log(sum / values.length);
  }
}
