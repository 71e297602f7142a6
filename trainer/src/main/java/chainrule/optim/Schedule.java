package chainrule.optim;

import java.io.Serializable;

/**
 * A learning rate as a function of the step alone.
 *
 * <p>What a schedule returns is what an optimizer uses: nothing scales it by workers or by the size
 * of a mini-batch. A run that resumes at step s therefore goes on with the rate of step s.
 *
 * <p>Units: steps are optimizer updates, counted from 0; who thinks in epochs multiplies by the
 * steps of an epoch. Implementations are immutable records, which threads may share, and use {@link
 * StrictMath}, so that the rate has the same bits on every machine.
 *
 * <p>Errors: {@link IllegalArgumentException} from a constructor for a value out of range, and for
 * a negative step.
 */
public interface Schedule extends Serializable {
  /** Returns the name by which configuration and logs know this kind of schedule. */
  String key();

  /** Returns the learning rate of a step, from 0. */
  double learningRate(long step);
}
