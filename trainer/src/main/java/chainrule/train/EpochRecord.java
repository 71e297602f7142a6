package chainrule.train;

import java.io.Serializable;
import java.util.Objects;

/**
 * What happened in an epoch: one line of the history. Immutable.
 *
 * @param phase what the run was for
 * @param epoch from 1
 * @param step steps done when the epoch ended
 * @param learningRate of the epoch's last step
 * @param trainLoss the mean over the epoch's rows, each at the weights of its own step
 * @param validation metrics of the held-out rows at the epoch's end; of no rows if none are held
 *     out
 * @param computeSeconds time in which the slowest worker computed
 * @param exchangeSeconds time of steps and validation beyond that: moving, merging, waiting
 * @param rowsPerSecond training rows by the time of the epoch's steps
 */
public record EpochRecord(
    Phase phase,
    int epoch,
    long step,
    double learningRate,
    double trainLoss,
    Metrics validation,
    double computeSeconds,
    double exchangeSeconds,
    double rowsPerSecond)
    implements Serializable {
  /** What a run is for. */
  public enum Phase {
    /** Training, with some rows held out if the pass is to be chosen. */
    FIT,
    /** Training again on all rows, for the number of passes that was chosen. */
    REFIT
  }

  public EpochRecord {
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(validation, "validation");
  }
}
