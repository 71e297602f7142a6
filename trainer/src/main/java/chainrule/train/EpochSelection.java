package chainrule.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Selects the epoch with the least validation loss. The loss curve is smoothed by a centred mean,
 * because the loss of few validation rows is noisy; beyond its ends the curve is taken as constant.
 * Of equal minima the last is selected. Keeps the weights only of the epochs that may still be
 * selected.
 *
 * <p>Not for sharing.
 */
final class EpochSelection {
  /** An epoch and a copy of the weights at its end. */
  private static final class Candidate {
    private final int epoch;
    private final float[] parameters;

    Candidate(int epoch, float[] parameters) {
      this.epoch = epoch;
      this.parameters = parameters;
    }
  }

  private final int halfWidth;
  private final List<Double> losses = new ArrayList<>();
  private final List<Candidate> undecided = new ArrayList<>();
  private Candidate best = new Candidate(0, new float[0]);
  private double bestLoss = Double.POSITIVE_INFINITY;

  /**
   * @param width epochs in the centred mean; odd
   */
  EpochSelection(int width) {
    this.halfWidth = width / 2;
  }

  /** Adds the next epoch. */
  void add(double validationLoss, float[] parameters) {
    // A comparison with NaN is always false, so that no epoch could be selected.
    losses.add(Double.isNaN(validationLoss) ? Double.POSITIVE_INFINITY : validationLoss);
    undecided.add(new Candidate(losses.size(), parameters.clone()));
    if (undecided.size() > halfWidth) {
      decideFirst();
    }
  }

  /** Returns the weights, not copies, of the epochs that may still be selected, by epoch. */
  Map<Integer, float[]> candidates() {
    Map<Integer, float[]> candidates = new TreeMap<>();
    undecided.forEach(candidate -> candidates.put(candidate.epoch, candidate.parameters));
    if (best.epoch > 0) {
      candidates.put(best.epoch, best.parameters);
    }
    return candidates;
  }

  /** Ends the curve, after which the selection is final. */
  void end() {
    while (!undecided.isEmpty()) {
      decideFirst();
    }
  }

  /**
   * Compares the oldest undecided epoch with the best one. Its smoothed loss is known, because
   * enough epochs follow it or the curve has ended.
   */
  private void decideFirst() {
    Candidate candidate = undecided.remove(0);
    double smoothed = smoothed(candidate.epoch - 1);
    if (smoothed <= bestLoss) {
      best = candidate;
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

  /** Returns the selected epoch, from 1. */
  int bestEpoch() {
    return best.epoch;
  }

  float[] bestParameters() {
    return best.parameters;
  }
}
