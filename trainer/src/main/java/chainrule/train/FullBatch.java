package chainrule.train;

import chainrule.math.Check;
import chainrule.math.Ranges;
import chainrule.optim.Lbfgs;
import chainrule.optim.OptimizerState;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Objective;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loss over all training rows as one function of the parameters, which L-BFGS goes down: the
 * mean loss (of an ensemble, the sum of its members'), and half of l2 times the weights' squares.
 * The same parameters always give the same bits, since every evaluation asks for the first step of
 * the first epoch.
 *
 * <p>Not for sharing.
 */
final class FullBatch {
  private static final Logger LOG = LoggerFactory.getLogger(FullBatch.class);
  private static final Request.Gradient ALL_ROWS = new Request.Gradient(0);

  private final GradientSource source;
  private final double l2;
  private final Ranges weights;
  private final int members;
  private final List<Lbfgs.Point> point = new ArrayList<>(); // one, from the first iteration on
  private double lossBefore = Double.NaN;

  FullBatch(GradientSource source, Objective objective, double l2) {
    this.source = source;
    this.l2 = l2;
    this.weights = objective.network().weights();
    this.members = objective.network().members();
  }

  /** Returns the rows of a step: all of them. */
  static int batchSize(TrainingSettings settings, long rows) {
    Check.argument(
        rows <= Integer.MAX_VALUE, "rows for lbfgs", rows, "at most " + Integer.MAX_VALUE);
    int given = settings.batchSize().orElse(Integer.MAX_VALUE);
    Check.argument(
        given >= rows, "batch-size for lbfgs", given, "auto or at least " + rows + ", all rows");
    return (int) rows;
  }

  /** Moves the parameters to a lower loss, if there is one to be found. */
  Lbfgs.Iteration iterate(Lbfgs lbfgs, float[] parameters, OptimizerState state) {
    if (point.isEmpty()) {
      long steps = source.plan().stepsPerEpoch();
      Check.argument(steps == 1, "steps of an epoch for lbfgs", steps, "1, over all rows");
      point.add(new Lbfgs.Point(this::valueAndGradient, parameters));
    }
    lossBefore = (point.get(0).value() - penalty(parameters)) / members;
    return Double.isFinite(lossBefore)
        ? lbfgs.iterate(point.get(0), state)
        : new Lbfgs.Iteration(Lbfgs.Outcome.STUCK, 0, 0);
  }

  /** Returns the mean loss, without the L2 term, where the last iteration began. */
  double lossBefore() {
    return lossBefore;
  }

  /** Returns the gradient where the last iteration ended, P values: the array itself, to read. */
  float[] gradient() {
    return point.get(0).gradient();
  }

  /** Says why there are no further iterations. */
  void logEnd(Lbfgs.Iteration iteration, int epochs) {
    if (iteration.outcome() == Lbfgs.Outcome.CONVERGED) {
      LOG.info("Converged after {} epochs: the loss is {}", epochs, lossBefore);
    } else {
      LOG.info(
          "Stopped after {} epochs: {} looks along the line found no loss below {}",
          epochs,
          iteration.evaluations(),
          lossBefore);
    }
  }

  private double valueAndGradient(float[] parameters, float[] gradient) {
    GradientBuffer sums = source.ask(ALL_ROWS, parameters);
    // Of an ensemble the gradient is that of the sum of its members' losses, the loss their mean.
    double loss = members * sums.lossSum() / sums.weightSum();
    float[] mean = sums.toMeanGradient();
    System.arraycopy(mean, 0, gradient, 0, gradient.length);
    source.recycle(sums);
    float factor = (float) l2;
    for (Ranges.Range range : weights.list()) {
      for (int i = range.from(); i < range.to(); i++) {
        gradient[i] += factor * parameters[i];
      }
    }
    return loss + penalty(parameters);
  }

  private double penalty(float[] parameters) {
    double squares = 0;
    for (Ranges.Range range : weights.list()) {
      for (int i = range.from(); i < range.to(); i++) {
        squares += (double) parameters[i] * parameters[i];
      }
    }
    return l2 / 2 * squares;
  }
}
