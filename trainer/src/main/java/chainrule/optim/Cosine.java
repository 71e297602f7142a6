package chainrule.optim;

import chainrule.math.Key;

/**
 * A learning rate that falls along half a cosine: {@code minimum + (rate - minimum) · ½ (1 + cos(π
 * · step / totalSteps))}, and is the minimum from step {@code totalSteps} on.
 *
 * <p>Units, threads and errors: as {@link Schedule} says.
 *
 * <p>Source: Loshchilov, Hutter, <i>SGDR: Stochastic Gradient Descent with Warm Restarts</i>, ICLR
 * 2017, equation 5, without restarts; PyTorch's {@code CosineAnnealingLR}, which rises again after
 * {@code T_max}.
 *
 * @param rate the learning rate of step 0
 * @param totalSteps the first step that has the minimum
 * @param minimum the learning rate at the end; may be 0
 */
@Key("cosine")
public record Cosine(double rate, long totalSteps, double minimum) implements Schedule {
  public Cosine {
    Rules.requireLearningRate(rate);
    Rules.requireSteps("number of steps", totalSteps);
    Rules.requireMinimum(minimum, rate);
  }

  @Override
  public double learningRate(long step) {
    Rules.requireStep(step);
    if (step >= totalSteps) {
      return minimum;
    }
    double angle = StrictMath.PI * step / totalSteps;
    return minimum + (rate - minimum) * 0.5 * (1 + StrictMath.cos(angle));
  }
}
