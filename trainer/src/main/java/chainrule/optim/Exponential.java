package chainrule.optim;

import chainrule.math.Default;
import chainrule.math.Key;

/**
 * A learning rate that falls at every step, by a factor in so many steps: {@code rate ·
 * factor^(step / everySteps)} with a fractional exponent.
 *
 * <p>Units, threads and errors: as {@link Schedule} says.
 *
 * <p>Source: PyTorch's {@code ExponentialLR}, whose gamma is {@code factor^(1 / everySteps)}.
 *
 * @param rate the learning rate of step 0
 * @param everySteps in how many steps the rate falls by the factor; by default in one of the
 *     settings' unit, so that the factor is PyTorch's gamma
 * @param factor what the rate is multiplied by in that many steps
 */
@Key("exponential")
public record Exponential(double rate, double factor, @Default(1) long everySteps)
    implements Schedule {
  public Exponential {
    Rules.requireLearningRate(rate);
    Rules.requireFactor(factor);
    Rules.requireSteps("number of steps of the decay", everySteps);
  }

  @Override
  public double learningRate(long step) {
    Rules.requireStep(step);
    return rate * StrictMath.pow(factor, (double) step / everySteps);
  }
}
