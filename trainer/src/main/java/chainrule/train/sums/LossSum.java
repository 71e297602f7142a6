package chainrule.train.sums;

/**
 * A loss summed over rows by their weights, with the sum of these weights. Immutable.
 *
 * @param loss Σ weight · loss of the row
 * @param weights Σ weight
 */
public record LossSum(double loss, double weights) {
  /** The sum over no rows. */
  public static final LossSum ZERO = new LossSum(0, 0);

  /** Returns the sum over the rows of both. */
  public LossSum plus(LossSum other) {
    return new LossSum(loss + other.loss, weights + other.weights);
  }

  /** Returns the sum of the losses multiplied by a factor. */
  public LossSum times(double factor) {
    return new LossSum(factor * loss, weights);
  }

  /** Returns the mean loss of a row; NaN if the rows weigh 0. */
  public double mean() {
    return loss / weights;
  }
}
