package chainrule.nn;

/**
 * The absolute error: {@code loss_r = Σ_o |a_ro - y_ro|}, with gradient {@code sign(a - y)}, 0
 * where they are equal. Its best constant is the median.
 */
public record Mae() implements ElementwiseLoss {
  @Override
  public String key() {
    return "mae";
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
