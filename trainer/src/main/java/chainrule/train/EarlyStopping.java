package chainrule.train;

/** Says when the validation loss has not fallen for a number of epochs. Not for sharing. */
final class EarlyStopping {
  private final int patience;
  private final double minDelta;
  private double best = Double.POSITIVE_INFINITY;
  private int epochsSinceBest;

  /**
   * @param patience 0: never
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

  /** Returns whether training should stop. */
  boolean stops() {
    return patience > 0 && epochsSinceBest >= patience;
  }
}
