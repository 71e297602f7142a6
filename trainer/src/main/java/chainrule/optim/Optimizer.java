package chainrule.optim;

import chainrule.math.Default;
import chainrule.math.Key;
import chainrule.math.Kinds;
import chainrule.math.Ranges;
import java.io.Serializable;

/**
 * A rule that moves parameters against their gradient: an immutable record of hyperparameters, the
 * first of which is its {@link Schedule}, the others numbers. What changes during training is the
 * {@link OptimizerState} handed in.
 *
 * <p>A step is one loop over flat arrays in index order, on the calling thread: numbers that all
 * parameters share are computed in double once, everything else in float, so that a step gives the
 * same bits on every machine and, as parameters don't meet, however the array is cut.
 *
 * <p>Its {@link Key} is its name in the configuration, its components name its hyperparameters, and
 * {@link Default} gives each its default; that of the schedule is the default learning rate.
 *
 * <p>To add one: a record that implements this, its name in the {@code permits} clause, its tables
 * in the tests' {@code golden.py}, and a test that extends {@code OptimizerContract}; {@code
 * EveryOptimizerTest} names what is missing.
 *
 * <p>Errors: {@link IllegalArgumentException} from a constructor for a hyperparameter out of range.
 * NaN in a gradient passes through unchecked: a loop that watches the loss sees it.
 */
public sealed interface Optimizer extends Solver, Serializable
    permits Sgd, Momentum, Nesterov, Adagrad, RmsProp, Adam, AdamW, Lion {
  /** All optimizers. */
  Kinds<Optimizer> KINDS = Kinds.of("optimizer", Optimizer.class);

  @Override
  default String key() {
    return Kinds.key(this);
  }

  /** Returns what gives the learning rate of each step. */
  Schedule schedule();

  /**
   * Applies one step in place: only {@code parameters} and {@code state} change.
   *
   * @param parameters P values
   * @param meanGradient P values, the gradient of the mean loss; only read
   * @param state what {@link #newState} made for P parameters, and former steps changed
   * @param decayed the parameters that weight decay applies to: weights, not biases; an optimizer
   *     without weight decay ignores it
   * @throws IllegalArgumentException if the sizes disagree, before anything is changed
   */
  void step(float[] parameters, float[] meanGradient, OptimizerState state, Ranges decayed);
}
