package chainrule.optim;

import chainrule.math.Kinds;
import java.io.Serializable;

/**
 * A learning rate as a function of the step alone.
 *
 * <p>What a schedule returns is what an optimizer uses: nothing scales it by workers or by the size
 * of a mini-batch. A run that resumes at step s therefore continues with the rate of step s.
 *
 * <p>Units: steps are optimizer updates, counted from 0; to convert epochs, multiply by the steps
 * of an epoch. Implementations are immutable records, which threads may share, and use {@link
 * StrictMath}, so that the rate has the same bits on every machine.
 *
 * <p>To add one, write a record with a {@link chainrule.math.Key} and name it in the {@code
 * permits} clause. The names of its components decide which settings it takes: the rate,
 * everySteps, factor, warmupSteps, totalSteps and minimum.
 *
 * <p>Errors: {@link IllegalArgumentException} from a constructor for a value out of range, and for
 * a negative step.
 */
public sealed interface Schedule extends Serializable
    permits Constant, StepDecay, Exponential, Cosine, WarmupCosine {
  /** All schedules. */
  Kinds<Schedule> KINDS = Kinds.of("schedule type", Schedule.class);

  /** Returns the name by which configuration and logs know this kind of schedule. */
  default String key() {
    return Kinds.key(this);
  }

  /** Returns the learning rate of a step, from 0. */
  double learningRate(long step);
}
