package chainrule.nn;

import chainrule.math.Key;

/**
 * The absolute error: {@code loss_r = Σ_o |a_ro - y_ro|}, with gradient {@code sign(a - y)}, 0
 * where they are equal. Its best constant is the median.
 */
@Key("mae")
public record Mae() implements ElementwiseLoss {
  @Override
  public String formula() {
    return "Σ |A - y|";
  }

  @Override
  public double value(double output, double target) {
    return Math.abs(output - target);
  }

  @Override
  public double derivative(double output, double target) {
    return Math.signum(output - target);
  }
}
