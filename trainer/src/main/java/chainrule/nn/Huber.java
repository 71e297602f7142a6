package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.Key;

/**
 * Huber's loss: with d = a - y, {@code ½ d²} where |d| ≤ δ, otherwise {@code δ (|d| - ½ δ)}; summed
 * over the outputs. Its gradient is d, cut off at ±δ, so that outliers pull no harder than δ.
 *
 * <p>Units: δ is in the units of the (standardized) label.
 *
 * <p>Source: Huber, <i>Robust Estimation of a Location Parameter</i>, Annals of Mathematical
 * Statistics 35 (1964); scaled as PyTorch's HuberLoss.
 *
 * @param delta δ, above 0
 */
@Key("huber")
public record Huber(double delta) implements ElementwiseLoss {
  public Huber {
    Check.argument(delta > 0 && Double.isFinite(delta), "Huber's delta", delta, "> 0 and finite");
  }

  @Override
  public String formula() {
    return "Σ ½ (A - y)² near 0, δ·(|A - y| - ½ δ) beyond δ";
  }

  @Override
  public double value(double output, double target) {
    double distance = Math.abs(output - target);
    return distance <= delta ? 0.5 * distance * distance : delta * (distance - 0.5 * delta);
  }

  @Override
  public double derivative(double output, double target) {
    return Math.max(-delta, Math.min(delta, output - target));
  }
}
