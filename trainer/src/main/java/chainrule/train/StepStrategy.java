package chainrule.train;

import chainrule.optim.Lbfgs;
import chainrule.optim.Optimizer;
import chainrule.optim.Solver;
import chainrule.train.shard.GradientSource;
import chainrule.train.sums.Objective;

/**
 * How a step moves the parameters: by the gradient of a mini-batch, or by a line search over all
 * rows, which is an epoch of one step.
 *
 * <p>Not for sharing.
 */
sealed interface StepStrategy permits MiniBatchStep, LineSearchStep {
  /** How a step ended. */
  enum Outcome {
    /** The parameters moved. */
    MOVED,
    /** The step counts, but the parameters stay: it has no rows, or all its rows weigh 0. */
    SKIPPED,
    /** No step was done: no further one can lower the loss. */
    CONVERGED
  }

  /**
   * Returns the strategy of a solver.
   *
   * @throws IllegalArgumentException if the solver needs all rows in each step and gets fewer
   */
  static StepStrategy of(
      Solver solver, GradientSource source, Objective objective, TrainingLoop.Settings settings) {
    return solver instanceof Lbfgs lbfgs
        ? new LineSearchStep(lbfgs, source, objective, settings.l2())
        : new MiniBatchStep((Optimizer) solver, source, objective, settings);
  }

  /**
   * Does the next step of a state, and counts it there unless the outcome is CONVERGED.
   *
   * @throws DivergedException if the loss before the step is NaN or infinite
   */
  Outcome step(LoopState state);

  /** Returns how many rows the last step used. */
  long rows();

  /** Returns the learning rate of the last step; of a line search, the length of its step. */
  double learningRate(LoopState state);

  /** Throws unless the loss at the state's parameters is finite. */
  default void requireFinite(double loss, LoopState state) {
    if (!Double.isFinite(loss)) {
      throw state.diverged(loss, learningRate(state));
    }
  }
}
