package chainrule.optim;

import chainrule.math.Default;
import chainrule.math.Key;
import chainrule.math.Ranges;
import java.util.Objects;

/**
 * Gradient descent in which every parameter's rate falls with the gradients it has seen: {@code s =
 * s + g²}, {@code p = p - rate · g / (√s + epsilon)}.
 *
 * <p>Moments: the sum of squares s, from 0. Threads, arrays and errors: as {@link Optimizer} says.
 *
 * <p>Source: Duchi, Hazan, Singer, <i>Adaptive Subgradient Methods</i>, JMLR 12, 2011, as in
 * PyTorch's {@code Adagrad} without decay of the rate.
 *
 * @param schedule the learning rate of each step
 * @param epsilon keeps the divisor from 0
 */
@Key("adagrad")
public record Adagrad(@Default(0.01) Schedule schedule, @Default(1e-10) double epsilon)
    implements Optimizer {
  public Adagrad {
    Objects.requireNonNull(schedule, "schedule");
    Rules.requireEpsilon(epsilon);
  }

  /** Returns PyTorch's defaults: epsilon 1e-10. */
  public static Adagrad withDefaults(Schedule schedule) {
    return Optimizers.withDefaults(Adagrad.class, schedule);
  }

  @Override
  public OptimizerState newState(int parameterCount) {
    return OptimizerState.zeros(1, parameterCount);
  }

  @Override
  public void step(float[] parameters, float[] meanGradient, OptimizerState state, Ranges decayed) {
    state.requireFits(1, parameters, meanGradient);
    float rate = (float) schedule.learningRate(state.step());
    float eps = (float) epsilon;
    float[] squares = state.moment(0);
    state.countStep();
    for (int i = 0; i < parameters.length; i++) {
      float g = meanGradient[i];
      float s = squares[i] + g * g;
      squares[i] = s;
      parameters[i] -= rate * g / ((float) Math.sqrt(s) + eps);
    }
  }
}
