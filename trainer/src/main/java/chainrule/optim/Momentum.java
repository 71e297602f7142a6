package chainrule.optim;

import chainrule.math.Default;
import chainrule.math.Key;
import chainrule.math.Ranges;
import java.util.Objects;

/**
 * Gradient descent with heavy-ball momentum: {@code v = momentum · v + g}, {@code p = p - rate ·
 * v}.
 *
 * <p>The rate stands outside the velocity, so a change of rate acts at once, on all of it.
 *
 * <p>Moments: the velocity v. Threads, arrays and errors: as {@link Optimizer} says.
 *
 * <p>Source: Polyak, <i>Some methods of speeding up the convergence of iteration methods</i>, 1964,
 * as in PyTorch's {@code SGD} with dampening 0.
 *
 * @param schedule the learning rate of each step
 * @param momentum how much of the velocity a step keeps
 */
@Key("momentum")
public record Momentum(@Default(0.01) Schedule schedule, @Default(0.9) double momentum)
    implements Optimizer {
  public Momentum {
    Objects.requireNonNull(schedule, "schedule");
    Rules.requireKeptShare("momentum", momentum);
  }

  /** Returns the customary momentum of 0.9; PyTorch's own default is none. */
  public static Momentum withDefaults(Schedule schedule) {
    return Optimizers.withDefaults(Momentum.class, schedule);
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
      float v = kept * velocity[i] + meanGradient[i];
      velocity[i] = v;
      parameters[i] -= rate * v;
    }
  }
}
