package chainrule.optim;

import chainrule.math.Check;
import chainrule.math.Default;
import chainrule.math.Key;
import chainrule.math.Ranges;
import chainrule.math.Ranges.Range;
import java.util.Objects;

/**
 * Gradient descent by signs with decoupled weight decay. In each step:
 *
 * <pre>
 * p = (1 - rate · weightDecay) · p   where decay applies
 * p = p - rate · sign(beta1 · m + (1 - beta1) · g)
 * m = beta2 · m + (1 - beta2) · g
 * </pre>
 *
 * <p>Every parameter moves by the whole learning rate, so the rate suits this optimizer if it is 3
 * to 10 times smaller than {@link AdamW}'s, and the weight decay as much larger. The sign of 0 is
 * 0.
 *
 * <p>Moments: the momentum m. Threads, arrays and errors: as {@link Optimizer} says.
 *
 * <p>Source: Chen et al., <i>Symbolic Discovery of Optimization Algorithms</i>, 2023, arXiv
 * 2302.06675, algorithm 2, with its defaults.
 *
 * @param schedule the learning rate of each step
 * @param beta1 how much of the momentum the direction of a step has
 * @param beta2 how much of the momentum a step keeps
 * @param weightDecay what share of a weight is lost for each unit of the learning rate
 */
@Key("lion")
public record Lion(
    @Default(1e-4) Schedule schedule,
    @Default(0.9) double beta1,
    @Default(0.99) double beta2,
    @Default(0) double weightDecay)
    implements Optimizer {
  public Lion {
    Objects.requireNonNull(schedule, "schedule");
    Rules.requireKeptShare("beta1", beta1);
    Rules.requireKeptShare("beta2", beta2);
    Check.argument(
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "weight decay",
        weightDecay,
        ">= 0 and finite");
  }

  @Override
  public OptimizerState newState(int parameterCount) {
    return OptimizerState.zeros(1, parameterCount);
  }

  @Override
  public void step(float[] parameters, float[] meanGradient, OptimizerState state, Ranges decayed) {
    state.requireFits(1, parameters, meanGradient);
    double rate = schedule.learningRate(state.step());
    float kept = (float) (1 - rate * weightDecay);
    for (Range range : decayed.list()) {
      for (int i = range.from(); i < range.to(); i++) {
        parameters[i] *= kept;
      }
    }
    float move = (float) rate;
    float kept1 = (float) beta1;
    float added1 = (float) (1 - beta1);
    float kept2 = (float) beta2;
    float added2 = (float) (1 - beta2);
    float[] momentum = state.moment(0);
    state.countStep();
    for (int i = 0; i < parameters.length; i++) {
      float g = meanGradient[i];
      float m = momentum[i];
      parameters[i] -= move * Math.signum(kept1 * m + added1 * g);
      momentum[i] = kept2 * m + added2 * g;
    }
  }
}
