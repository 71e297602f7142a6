package chainrule.optim;

import chainrule.math.Default;
import chainrule.math.Key;

/**
 * A learning rate that falls by a factor every so many steps, and stays level between: {@code rate
 * · factor^⌊step / everySteps⌋}.
 *
 * <p>Units, threads and errors: as {@link Schedule} says.
 *
 * <p>Source: PyTorch's {@code StepLR}.
 *
 * @param rate the learning rate of step 0
 * @param everySteps how many steps have the same rate; by default 10 of the settings' unit
 * @param factor what the rate is then multiplied by
 */
@Key("step")
public record StepDecay(double rate, @Default(10) long everySteps, double factor)
    implements Schedule {
  public StepDecay {
    Rules.requireLearningRate(rate);
    Rules.requireSteps("number of steps between decays", everySteps);
    Rules.requireFactor(factor);
  }

  @Override
  public double learningRate(long step) {
    Rules.requireStep(step);
    long decays = step / everySteps;
    return rate * StrictMath.pow(factor, (double) decays);
  }
}
