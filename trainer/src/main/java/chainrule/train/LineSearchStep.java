package chainrule.train;

import chainrule.math.Check;
import chainrule.nn.Network;
import chainrule.optim.Lbfgs;
import chainrule.train.shard.GradientSource;
import chainrule.train.sums.Objective;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A step of L-BFGS: a search along a line for a lower loss over all rows ({@link FullBatch}). An
 * epoch has one such step.
 *
 * <p>Not for sharing.
 */
final class LineSearchStep implements StepStrategy {
  private static final Logger LOG = LoggerFactory.getLogger(LineSearchStep.class);

  private final Lbfgs lbfgs;
  private final GradientSource source;
  private final Network network;
  private final FullBatch function;

  /** Where the parameters are, with the loss and the gradient there; null before the first step. */
  private Lbfgs.Point point;

  LineSearchStep(Lbfgs lbfgs, GradientSource source, Objective objective, double l2) {
    long steps = source.plan().stepsPerEpoch();
    Check.argument(steps == 1, "steps of an epoch for lbfgs", steps, "1, over all rows");
    this.lbfgs = lbfgs;
    this.source = source;
    this.network = objective.network();
    this.function = new FullBatch(source, objective, l2);
  }

  @Override
  public Outcome step(LoopState state) {
    state.beginSearch();
    if (point == null) {
      point = new Lbfgs.Point(function, state.parameters());
    }
    double loss = function.meanLoss(point.value(), state.parameters());
    Lbfgs.Iteration iteration = iterate(loss, state);
    if (iteration.outcome() != Lbfgs.Outcome.MOVED && state.epochs() > 0) {
      state.endSearch();
      logEnd(iteration, state.epochs(), loss);
      return Outcome.CONVERGED;
    }
    requireFinite(loss, state);
    state.noteGradient(network.layerNorms(point.gradient()));
    state.endSearch(loss, iteration.length(), source.takeComputeSeconds());
    return Outcome.MOVED;
  }

  private Lbfgs.Iteration iterate(double loss, LoopState state) {
    return Double.isFinite(loss)
        ? lbfgs.iterate(point, state.optimizer())
        : new Lbfgs.Iteration(Lbfgs.Outcome.STUCK, 0, 0);
  }

  private static void logEnd(Lbfgs.Iteration iteration, int epochs, double loss) {
    if (iteration.outcome() == Lbfgs.Outcome.CONVERGED) {
      LOG.info("Converged after {} epochs: the loss is {}", epochs, loss);
    } else {
      LOG.info(
          "Stopped after {} epochs: {} evaluations along the line found no loss below {}",
          epochs,
          iteration.evaluations(),
          loss);
    }
  }

  @Override
  public long rows() {
    return source.plan().rows();
  }

  @Override
  public double learningRate(LoopState state) {
    return state.lineLength();
  }
}
