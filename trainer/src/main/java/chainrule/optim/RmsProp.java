package chainrule.optim;

import chainrule.math.Default;
import chainrule.math.Key;
import chainrule.math.Ranges;
import java.util.Objects;

/**
 * Gradient descent in which every parameter's gradient is divided by its recent size: {@code s =
 * rho · s + (1 - rho) · g²}, {@code p = p - rate · g / (√s + epsilon)}.
 *
 * <p>Moments: the running mean of squares s, from 0 and not corrected for it, so the first steps
 * are large. Threads, arrays and errors: as {@link Optimizer} says.
 *
 * <p>Source: Hinton, <i>Neural Networks for Machine Learning</i>, lecture 6e, 2012, as in PyTorch's
 * {@code RMSprop}, neither centered nor with momentum.
 *
 * @param schedule the learning rate of each step
 * @param rho how much of the mean of squares a step keeps; PyTorch calls it alpha
 * @param epsilon keeps the divisor from 0
 */
@Key("rmsprop")
public record RmsProp(
    @Default(0.01) Schedule schedule, @Default(0.99) double rho, @Default(1e-8) double epsilon)
    implements Optimizer {
  public RmsProp {
    Objects.requireNonNull(schedule, "schedule");
    Rules.requireKeptShare("rho", rho);
    Rules.requireEpsilon(epsilon);
  }

  /** Returns PyTorch's defaults: rho 0.99, epsilon 1e-8. */
  public static RmsProp withDefaults(Schedule schedule) {
    return Optimizers.withDefaults(RmsProp.class, schedule);
  }

  @Override
  public OptimizerState newState(int parameterCount) {
    return OptimizerState.zeros(1, parameterCount);
  }

  @Override
  public void step(float[] parameters, float[] meanGradient, OptimizerState state, Ranges decayed) {
    state.requireFits(1, parameters, meanGradient);
    float rate = (float) schedule.learningRate(state.step());
    float kept = (float) rho;
    float added = (float) (1 - rho);
    float eps = (float) epsilon;
    float[] squares = state.moment(0);
    state.countStep();
    for (int i = 0; i < parameters.length; i++) {
      float g = meanGradient[i];
      float s = kept * squares[i] + added * (g * g);
      squares[i] = s;
      parameters[i] -= rate * g / ((float) Math.sqrt(s) + eps);
    }
  }
}
