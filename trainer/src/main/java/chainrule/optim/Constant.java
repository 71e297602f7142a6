package chainrule.optim;

import chainrule.math.Key;

/**
 * The same learning rate at every step.
 *
 * <p>Units, threads and errors: as {@link Schedule} says.
 *
 * @param rate the learning rate
 */
@Key("constant")
public record Constant(double rate) implements Schedule {
  public Constant {
    Rules.requireLearningRate(rate);
  }

  @Override
  public double learningRate(long step) {
    Rules.requireStep(step);
    return rate;
  }
}
