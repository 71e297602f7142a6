package chainrule.optim;

import chainrule.math.Default;
import chainrule.math.Key;
import chainrule.math.Ranges;
import java.util.Objects;

/**
 * Gradient descent with Nesterov's momentum: {@code v = momentum · v + g}, {@code p = p - rate · (g
 * + momentum · v)}.
 *
 * <p>The parameters are those at which the gradient is taken, already ahead by the velocity, so the
 * formula needs no gradient elsewhere.
 *
 * <p>Moments: the velocity v. Threads, arrays and errors: as {@link Optimizer} says.
 *
 * <p>Source: Sutskever, Martens, Dahl, Hinton, <i>On the importance of initialization and momentum
 * in deep learning</i>, ICML 2013, as in PyTorch's {@code SGD} with {@code nesterov=True}.
 *
 * @param schedule the learning rate of each step
 * @param momentum how much of the velocity a step keeps
 */
@Key("nesterov")
public record Nesterov(@Default(0.01) Schedule schedule, @Default(0.9) double momentum)
    implements Optimizer {
  public Nesterov {
    Objects.requireNonNull(schedule, "schedule");
    Rules.requireKeptShare("momentum", momentum);
  }

  /** Returns the customary momentum of 0.9; PyTorch's own default is none. */
  public static Nesterov withDefaults(Schedule schedule) {
    return Optimizers.withDefaults(Nesterov.class, schedule);
  }

  @Override
  public OptimizerState newState(int parameterCount) {
    return OptimizerState.zeros(1, parameterCount);
  }

  @Override
  public void step(float[] parameters, float[] meanGradient, OptimizerState state, Ranges decayed) {
    state.requireFits(1, parameters, meanGradient);
    float rate = (float) schedule.learningRate(state.step());
    float kept = (float) momentum;
    float[] velocity = state.moment(0);
    state.countStep();
    for (int i = 0; i < parameters.length; i++) {
      float g = meanGradient[i];
      float v = kept * velocity[i] + g;
      velocity[i] = v;
      parameters[i] -= rate * (g + kept * v);
    }
  }
}
