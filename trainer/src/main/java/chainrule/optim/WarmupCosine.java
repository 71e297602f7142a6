package chainrule.optim;

import chainrule.math.Check;
import chainrule.math.Key;

/**
 * A learning rate that first rises in a line and then falls along half a cosine: {@code rate ·
 * (step + 1) / warmupSteps} in the first {@code warmupSteps} steps, then {@link Cosine} over the
 * steps that remain.
 *
 * <p>The last step of the warm-up and the first one after it both have the full rate.
 *
 * <p>Units, threads and errors: as {@link Schedule} says.
 *
 * <p>Source: Goyal et al., <i>Accurate, Large Minibatch SGD</i>, 2017, section 2.2 (warm-up), then
 * as {@link Cosine}; PyTorch's {@code SequentialLR} of {@code LinearLR} and {@code
 * CosineAnnealingLR}.
 *
 * @param rate the learning rate at the top
 * @param warmupSteps how many steps rise; 0 for none
 * @param totalSteps the first step that has the minimum, warm-up included
 * @param minimum the learning rate at the end; may be 0
 */
@Key("warmup-cosine")
public record WarmupCosine(double rate, long warmupSteps, long totalSteps, double minimum)
    implements Schedule {
  public WarmupCosine {
    Rules.requireLearningRate(rate);
    Rules.requireSteps("number of steps", totalSteps);
    Check.argument(
        warmupSteps >= 0 && warmupSteps < totalSteps,
        "number of warm-up steps",
        warmupSteps,
        ">= 0 and < the number of steps, " + totalSteps);
    Rules.requireMinimum(minimum, rate);
  }

  @Override
  public double learningRate(long step) {
    Rules.requireStep(step);
    if (step < warmupSteps) {
      return rate * (step + 1) / warmupSteps;
    }
    return new Cosine(rate, totalSteps - warmupSteps, minimum).learningRate(step - warmupSteps);
  }
}
