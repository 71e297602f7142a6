package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.Elementary;
import chainrule.math.Key;
import chainrule.math.Matrix;

/**
 * The negative log-likelihood of counts y whose rate is e^z, without the term that depends on y
 * alone: {@code loss_r = Σ_o (e^(z_ro) - y_ro z_ro)}, with gradient {@code e^z - y}.
 *
 * <p>Outputs z are logarithms of rates; predictions are rates, per row. The gradient is infinite
 * from z = 88.73, and so training stops there.
 *
 * <p>Errors: also {@link IllegalArgumentException} for a target below 0, or NaN.
 *
 * <p>Source: as PyTorch's PoissonNLLLoss with {@code log_input=True, full=False}.
 */
@Key("poisson")
public record Poisson() implements ElementwiseLoss {
  @Override
  public OutputFunction outputFunction() {
    return OutputFunction.EXP;
  }

  @Override
  public String formula() {
    return "Σ exp(A) - y·A";
  }

  @Override
  public double value(double output, double target) {
    return Elementary.exp(output) - target * output;
  }

  @Override
  public double derivative(double output, double target) {
    return Elementary.exp(output) - target;
  }

  @Override
  public double target(Matrix outputs, Matrix targets, int row, int output) {
    double target = ElementwiseLoss.super.target(outputs, targets, row, output);
    if (!(target >= 0)) {
      throw Check.invalid("count", target, ">= 0");
    }
    return target;
  }
}
