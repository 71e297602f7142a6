package chainrule.train;

import chainrule.train.checkpoint.LoopSnapshot;

/**
 * Times the epoch in flight and its last step, in seconds. Times go to the history and to listeners
 * only; training never depends on them. An epoch that resumes from a checkpoint keeps the time it
 * took before.
 *
 * <p>Not for sharing: {@link LoopState} guards it.
 */
final class EpochClock {
  private double secondsBefore;
  private double computeSeconds;
  private double stepsSeconds;
  private long epochStart = System.nanoTime();
  private long stepStart = epochStart;
  private double stepComputeSeconds;

  /** Continues to time the epoch of a snapshot. */
  EpochClock(LoopSnapshot.Epoch epoch) {
    this.secondsBefore = epoch.seconds();
    this.computeSeconds = epoch.computeSeconds();
  }

  void startStep() {
    stepStart = System.nanoTime();
  }

  /**
   * Ends a step.
   *
   * @param compute time in which the slowest worker computed
   */
  void endStep(double compute) {
    stepComputeSeconds = compute;
    computeSeconds += compute;
  }

  /** Returns for how long the slowest worker computed in the last step. */
  double stepComputeSeconds() {
    return stepComputeSeconds;
  }

  /** Returns the time since the last step started in which the slowest worker did not compute. */
  double stepExchangeSeconds() {
    return Math.max(0, secondsSince(stepStart) - stepComputeSeconds);
  }

  /** Ends the steps of the epoch; validation follows. */
  void endSteps() {
    stepsSeconds = epochSeconds();
  }

  /** Returns how long the steps of the epoch took; after {@link #endSteps}. */
  double stepsSeconds() {
    return stepsSeconds;
  }

  /** Returns how long the epoch has taken so far. */
  double epochSeconds() {
    return secondsBefore + secondsSince(epochStart);
  }

  /** Returns for how much of the steps' time the slowest worker computed. */
  double computeSeconds() {
    return computeSeconds;
  }

  /** Starts the next epoch. */
  void startEpoch() {
    secondsBefore = 0;
    computeSeconds = 0;
    epochStart = System.nanoTime();
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
