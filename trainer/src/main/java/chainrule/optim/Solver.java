package chainrule.optim;

/**
 * A rule by which training moves parameters, and what it remembers between steps: an {@link
 * Optimizer} steps by the gradient of a mini-batch, {@link Lbfgs} searches along a line for a lower
 * loss over all rows.
 *
 * <p>Immutable; what changes during training is the {@link OptimizerState} handed in.
 */
public sealed interface Solver permits Optimizer, Lbfgs {
  /** Returns the name by which configuration and logs know this kind of solver. */
  String key();

  /** Returns what this solver remembers before its first step: moments of zeros. */
  OptimizerState newState(int parameterCount);
}
