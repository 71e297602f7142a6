package chainrule.optim;

import chainrule.math.Default;
import chainrule.math.Key;
import chainrule.math.Ranges;
import java.util.Objects;

/**
 * Stochastic gradient descent: {@code p = p - rate · g}.
 *
 * <p>Moments: none. Threads, arrays and errors: as {@link Optimizer} says.
 *
 * <p>Source: Robbins, Monro, <i>A Stochastic Approximation Method</i>, 1951; PyTorch's {@code SGD}.
 *
 * @param schedule the learning rate of each step
 */
@Key("sgd")
public record Sgd(@Default(0.01) Schedule schedule) implements Optimizer {
  public Sgd {
    Objects.requireNonNull(schedule, "schedule");
  }

  /** Returns PyTorch's defaults: there is no hyperparameter but the rate. */
  public static Sgd withDefaults(Schedule schedule) {
    return Optimizers.withDefaults(Sgd.class, schedule);
  }

  @Override
  public OptimizerState newState(int parameterCount) {
    return OptimizerState.zeros(0, parameterCount);
  }

  @Override
  public void step(float[] parameters, float[] meanGradient, OptimizerState state, Ranges decayed) {
    state.requireFits(0, parameters, meanGradient);
    float rate = (float) schedule.learningRate(state.step());
    state.countStep();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] -= rate * meanGradient[i];
    }
  }
}
