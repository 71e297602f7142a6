package chainrule.optim;

import chainrule.math.Check;
import chainrule.math.Default;
import chainrule.math.Key;
import chainrule.math.Ranges;
import chainrule.math.Ranges.Range;
import java.util.Objects;

/**
 * Adam with decoupled weight decay: {@code p = (1 - rate · weightDecay) · p} where decay applies,
 * then a step of {@link Adam}.
 *
 * <p>Unlike an L2 term in the gradient, the decay is not divided by the size of past gradients, so
 * all weights shrink alike.
 *
 * <p>Moments: as {@link Adam}'s. Threads, arrays and errors: as {@link Optimizer} says.
 *
 * <p>Source: Loshchilov, Hutter, <i>Decoupled Weight Decay Regularization</i>, ICLR 2019, algorithm
 * 2, as in PyTorch's {@code AdamW}: the decay is scaled by the rate in force.
 *
 * @param schedule the learning rate of each step
 * @param beta1 how much of the first moment a step keeps
 * @param beta2 how much of the second moment a step keeps
 * @param epsilon keeps the divisor from 0
 * @param weightDecay what share of a weight is lost for each unit of the learning rate
 */
@Key("adamw")
public record AdamW(
    @Default(0.001) Schedule schedule,
    @Default(0.9) double beta1,
    @Default(0.999) double beta2,
    @Default(1e-8) double epsilon,
    @Default(0.01) double weightDecay)
    implements Optimizer {
  public AdamW {
    Objects.requireNonNull(schedule, "schedule");
    Rules.requireKeptShare("beta1", beta1);
    Rules.requireKeptShare("beta2", beta2);
    Rules.requireEpsilon(epsilon);
    Check.argument(
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "weight decay",
        weightDecay,
        ">= 0 and finite");
  }

  /**
   * Returns PyTorch's defaults, beta1 0.9, beta2 0.999, epsilon 1e-8, with a weight decay that the
   * caller thinks about.
   */
  public static AdamW withDefaults(Schedule schedule, double weightDecay) {
    AdamW defaults = Optimizers.withDefaults(AdamW.class, schedule);
    return new AdamW(schedule, defaults.beta1, defaults.beta2, defaults.epsilon, weightDecay);
  }

  @Override
  public OptimizerState newState(int parameterCount) {
    return adam().newState(parameterCount);
  }

  @Override
  public void step(float[] parameters, float[] meanGradient, OptimizerState state, Ranges decayed) {
    state.requireFits(2, parameters, meanGradient);
    requireInside(decayed, parameters.length);
    float kept = (float) (1 - schedule.learningRate(state.step()) * weightDecay);
    for (Range range : decayed.list()) {
      for (int i = range.from(); i < range.to(); i++) {
        parameters[i] *= kept;
      }
    }
    adam().step(parameters, meanGradient, state, decayed);
  }

  private Adam adam() {
    return new Adam(schedule, beta1, beta2, epsilon);
  }

  private static void requireInside(Ranges decayed, int length) {
    int count = decayed.list().size();
    if (count > 0 && decayed.list().get(count - 1).to() > length) {
      throw Check.invalid("ranges to decay", decayed.list(), "within " + length + " parameters");
    }
  }
}
