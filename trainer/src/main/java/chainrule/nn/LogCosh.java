package chainrule.nn;

import chainrule.math.Elementary;
import chainrule.math.Key;

/**
 * The logarithm of the hyperbolic cosine of the error: with d = a - y, {@code loss_r = Σ_o ln cosh
 * d = Σ_o |d| + ln(1 + e^(-2|d|)) - ln 2}, with gradient {@code tanh d}. It is ½ d² near 0 and |d|
 * - ln 2 far from it: a smooth {@link Huber}.
 *
 * <p>Finite for errors up to ±10⁴. Units: as those of the (standardized) label.
 *
 * <p>Source: as {@code torch.log(torch.cosh(a - y))}, in the form that does not overflow.
 */
@Key("log-cosh")
public record LogCosh() implements ElementwiseLoss {
  private static final double LN_2 = 0.6931471805599453;

  @Override
  public String formula() {
    return "Σ log cosh(A - y)";
  }

  @Override
  public double value(double output, double target) {
    double distance = Math.abs(output - target);
    return distance + Elementary.softplus(-2 * distance) - LN_2;
  }

  @Override
  public double derivative(double output, double target) {
    double error = output - target;
    double power = Elementary.exp(-2 * Math.abs(error));
    return Math.copySign((1 - power) / (1 + power), error);
  }
}
