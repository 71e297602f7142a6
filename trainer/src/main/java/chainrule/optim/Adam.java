package chainrule.optim;

import chainrule.math.Default;
import chainrule.math.Key;
import chainrule.math.Ranges;
import java.util.Objects;

/**
 * Gradient descent with momentum and a separate rate for each parameter, from running means of the
 * gradient and of its square. In step t, counted from 1:
 *
 * <pre>
 * m = beta1 · m + (1 - beta1) · g
 * v = beta2 · v + (1 - beta2) · g²
 * p = p - rate / (1 - beta1^t) · m / (√v / √(1 - beta2^t) + epsilon)
 * </pre>
 *
 * <p>The divisors 1 - beta^t make up for the means' start at 0; the first step therefore moves
 * every parameter by about the learning rate.
 *
 * <p>Moments: the first moment m, then the second moment v. Threads, arrays and errors: as {@link
 * Optimizer} says.
 *
 * <p>Source: Kingma, Ba, <i>Adam: A Method for Stochastic Optimization</i>, ICLR 2015, algorithm 1,
 * as in PyTorch's {@code Adam} without amsgrad.
 *
 * @param schedule the learning rate of each step
 * @param beta1 how much of the first moment a step keeps
 * @param beta2 how much of the second moment a step keeps
 * @param epsilon keeps the divisor from 0
 */
@Key("adam")
public record Adam(
    @Default(0.001) Schedule schedule,
    @Default(0.9) double beta1,
    @Default(0.999) double beta2,
    @Default(1e-8) double epsilon)
    implements Optimizer {
  public Adam {
    Objects.requireNonNull(schedule, "schedule");
    Rules.requireKeptShare("beta1", beta1);
    Rules.requireKeptShare("beta2", beta2);
    Rules.requireEpsilon(epsilon);
  }

  /** Returns PyTorch's defaults: beta1 0.9, beta2 0.999, epsilon 1e-8. */
  public static Adam withDefaults(Schedule schedule) {
    return Optimizers.withDefaults(Adam.class, schedule);
  }

  @Override
  public OptimizerState newState(int parameterCount) {
    return OptimizerState.zeros(2, parameterCount);
  }

  @Override
  public void step(float[] parameters, float[] meanGradient, OptimizerState state, Ranges decayed) {
    state.requireFits(2, parameters, meanGradient);
    double rate = schedule.learningRate(state.step());
    long t = state.countStep();
    // In double: 1 - beta2^t in float would lose three of its seven digits in the first steps.
    float correctedRate = (float) (rate / (1 - StrictMath.pow(beta1, (double) t)));
    float correction = (float) StrictMath.sqrt(1 - StrictMath.pow(beta2, (double) t));
    float kept1 = (float) beta1;
    float added1 = (float) (1 - beta1);
    float kept2 = (float) beta2;
    float added2 = (float) (1 - beta2);
    float eps = (float) epsilon;
    float[] firstMoment = state.moment(0);
    float[] secondMoment = state.moment(1);
    for (int i = 0; i < parameters.length; i++) {
      float g = meanGradient[i];
      float m = kept1 * firstMoment[i] + added1 * g;
      float v = kept2 * secondMoment[i] + added2 * (g * g);
      firstMoment[i] = m;
      secondMoment[i] = v;
      parameters[i] -= correctedRate * m / ((float) Math.sqrt(v) / correction + eps);
    }
  }
}
