package chainrule.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses the pass with the least validation loss. The curve is smoothed by a centred mean, its
 * ends repeated beyond it, because the loss of few held-out rows is noise; of equal minima the last
 * is taken. Keeps the weights of the passes that may still be chosen, never of all.
 *
 * <p>Not for sharing.
 */
final class EpochSelection {
  /** A pass and a copy of the weights it ended with. */
  private static final class Pass {
    private final int epoch;
    private final float[] parameters;

    Pass(int epoch, float[] parameters) {
      this.epoch = epoch;
      this.parameters = parameters;
    }
  }

  private final int halfWidth;
  private final List<Double> losses = new ArrayList<>();
  private final List<Pass> undecided = new ArrayList<>();
  private Pass best = new Pass(0, new float[0]);
  private double bestLoss = Double.POSITIVE_INFINITY;

  /**
   * @param width passes in the centred mean; odd
   */
  EpochSelection(int width) {
    this.halfWidth = width / 2;
  }

  /** Adds the next pass. */
  void add(double validationLoss, float[] parameters) {
    // NaN is no less than anything, and would leave no pass to choose.
    losses.add(Double.isNaN(validationLoss) ? Double.POSITIVE_INFINITY : validationLoss);
    undecided.add(new Pass(losses.size(), parameters.clone()));
    if (undecided.size() > halfWidth) {
      decideFirst();
    }
  }

  /** Returns the weights, not copies, of the passes that may still be chosen, by pass. */
  Map<Integer, float[]> candidates() {
    Map<Integer, float[]> candidates = new TreeMap<>();
    undecided.forEach(pass -> candidates.put(pass.epoch, pass.parameters));
    if (best.epoch > 0) {
      candidates.put(best.epoch, best.parameters);
    }
    return candidates;
  }

  /** Ends the curve, after which the choice is final. */
  void end() {
    while (!undecided.isEmpty()) {
      decideFirst();
    }
  }

  /**
   * Compares the oldest undecided pass with the best one: its mean is known, or the curve ended.
   */
  private void decideFirst() {
    Pass pass = undecided.remove(0);
    double smoothed = smoothed(pass.epoch - 1);
    if (smoothed <= bestLoss) {
      best = pass;
      bestLoss = smoothed;
    }
  }

  private double smoothed(int index) {
    double sum = 0;
    for (int i = index - halfWidth; i <= index + halfWidth; i++) {
      sum += losses.get(Math.max(0, Math.min(losses.size() - 1, i)));
    }
    return sum / (2 * halfWidth + 1);
  }

  /** Returns the pass that was chosen, from 1. */
  int bestEpoch() {
    return best.epoch;
  }

  float[] bestParameters() {
    return best.parameters;
  }
}
