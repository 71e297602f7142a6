package chainrule.train;

/** Counts epochs without a better validation loss. Not for sharing. */
final class EarlyStopping {
  private final int patience;
  private final double minDelta;
  private double best = Double.POSITIVE_INFINITY;
  private int epochsSinceBest;

  /**
   * @param patience epochs without a better loss after which to stop; 0: never stop
   * @param minDelta by how much a loss must fall to be better
   */
  EarlyStopping(int patience, double minDelta) {
    this.patience = patience;
    this.minDelta = minDelta;
  }

  /** Adds the loss of the next epoch. */
  void add(double validationLoss) {
    if (validationLoss < best - minDelta) {
      best = validationLoss;
      epochsSinceBest = 0;
    } else {
      epochsSinceBest++;
    }
  }

  /** Returns whether the patience is exhausted, so that training should stop. */
  boolean isExhausted() {
    return patience > 0 && epochsSinceBest >= patience;
  }
}
