package chainrule.jobs.report;

import java.util.Arrays;

/**
 * Losses and learning rates of any number of steps, reduced to a few hundred points. Each point is
 * the mean of several steps. Not for sharing.
 */
public final class StepCurve {
  private static final int POINTS = 400;

  private final long stepsPerEpoch;
  private final double[] lossSums;
  private final double[] rates;
  private final int[] counts;
  private long firstStep = -1;
  private long width = 1;

  public StepCurve(long stepsPerEpoch) {
    this(stepsPerEpoch, new double[POINTS], new double[POINTS], new int[POINTS]);
  }

  private StepCurve(long stepsPerEpoch, double[] lossSums, double[] rates, int[] counts) {
    this.stepsPerEpoch = Math.max(1, stepsPerEpoch);
    this.lossSums = lossSums;
    this.rates = rates;
    this.counts = counts;
  }

  /**
   * Adds a step.
   *
   * @param step not before the last added step
   */
  public void add(long step, double loss, double rate) {
    if (firstStep < 0) {
      firstStep = step;
    }
    while (step - firstStep >= width * POINTS) {
      widen();
    }
    int at = (int) ((step - firstStep) / width);
    lossSums[at] += loss;
    rates[at] = rate;
    counts[at]++;
  }

  private void widen() {
    for (int i = 0; i < POINTS / 2; i++) {
      lossSums[i] = lossSums[2 * i] + lossSums[2 * i + 1];
      counts[i] = counts[2 * i] + counts[2 * i + 1];
      rates[i] = counts[2 * i + 1] > 0 ? rates[2 * i + 1] : rates[2 * i];
    }
    Arrays.fill(lossSums, POINTS / 2, POINTS, 0);
    Arrays.fill(rates, POINTS / 2, POINTS, 0);
    Arrays.fill(counts, POINTS / 2, POINTS, 0);
    width *= 2;
  }

  /** Returns a copy, which other threads may read. */
  public StepCurve copy() {
    var copy = new StepCurve(stepsPerEpoch, lossSums.clone(), rates.clone(), counts.clone());
    copy.firstStep = firstStep;
    copy.width = width;
    return copy;
  }

  /** Returns how many steps a point is the mean of, at most. */
  long stepsOfAPoint() {
    return width;
  }

  /** Returns the x of each point in epochs, at the middle of its steps. */
  double[] epochs() {
    double[] epochs = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      epochs[i] = (firstStep + i * width + (width + 1) / 2.0) / stepsPerEpoch;
    }
    return chosen(epochs);
  }

  double[] losses() {
    double[] losses = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      losses[i] = lossSums[i] / counts[i];
    }
    return chosen(losses);
  }

  double[] rates() {
    return chosen(rates);
  }

  /** Returns the values of the points that have steps. */
  private double[] chosen(double[] values) {
    double[] chosen = new double[POINTS];
    int size = 0;
    for (int i = 0; i < POINTS; i++) {
      if (counts[i] > 0) {
        chosen[size++] = values[i];
      }
    }
    return Arrays.copyOf(chosen, size);
  }
}
