package chainrule.train;

import chainrule.math.Check;
import chainrule.optim.Lbfgs;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Objective;

/**
 * The loss over all training rows as a function of the parameters, which L-BFGS minimizes: the mean
 * loss (of an ensemble, the sum of its members' mean losses) plus the {@link L2Penalty}. The same
 * parameters always give the same bits, because every evaluation asks for step 0 of the phase.
 *
 * <p>Not for sharing.
 */
final class FullBatch implements Lbfgs.Function {
  private static final Request.Gradient ALL_ROWS = new Request.Gradient(0);

  private final GradientSource source;
  private final L2Penalty l2;
  private final int members;

  FullBatch(GradientSource source, Objective objective, double l2) {
    this.source = source;
    this.l2 = new L2Penalty(l2, objective.network().weights());
    this.members = objective.network().members();
  }

  /**
   * Returns the batch size of a full batch: all rows.
   *
   * @throws IllegalArgumentException if the settings give a smaller one, or the rows are too many
   */
  static int batchSize(TrainingSettings settings, long rows) {
    Check.argument(
        rows <= Integer.MAX_VALUE, "rows for lbfgs", rows, "at most " + Integer.MAX_VALUE);
    int given = settings.batchSize().orElse(Integer.MAX_VALUE);
    Check.argument(
        given >= rows, "batch-size for lbfgs", given, "auto or at least " + rows + ", all rows");
    return (int) rows;
  }

  @Override
  public double valueAndGradient(float[] parameters, float[] gradient) {
    GradientBuffer sums = source.ask(ALL_ROWS, parameters);
    // The loss of an ensemble is the mean over its members, its gradient that of their sum.
    double loss = sums.loss().times(members).mean();
    float[] mean = sums.toMeanGradient();
    System.arraycopy(mean, 0, gradient, 0, gradient.length);
    source.recycle(sums);
    l2.addGradient(gradient, parameters);
    return loss + l2.value(parameters);
  }

  /** Returns the mean loss, of an ensemble over its members, where the function has this value. */
  double meanLoss(double value, float[] parameters) {
    return (value - l2.value(parameters)) / members;
  }
}
