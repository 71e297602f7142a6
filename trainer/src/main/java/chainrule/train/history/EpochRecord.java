package chainrule.train.history;

import chainrule.train.sums.Metrics;
import java.io.Serializable;
import java.util.List;
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
 * @param norms by layer
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
    double rowsPerSecond,
    Norms norms)
    implements Serializable {
  /** What a run is for. */
  public enum Phase {
    /** Training, with some rows held out if the pass is to be chosen. */
    FIT,
    /** Training again on all rows, for the number of passes that was chosen. */
    REFIT
  }

  /**
   * Euclidean norms over all members, of each layer that has parameters, from the inputs to the
   * outputs: gradients that vanish or explode on their way back show here.
   *
   * @param gradient of the mean gradient of the epoch's last step, before L2 and clipping (with
   *     L-BFGS, where the search ended, with L2); none if no row of that step weighs anything
   * @param parameters weights and biases at the epoch's end
   */
  public record Norms(List<Double> gradient, List<Double> parameters) implements Serializable {
    public Norms {
      gradient = List.copyOf(gradient);
      parameters = List.copyOf(parameters);
    }

    /** Returns no norms. */
    public static Norms none() {
      return new Norms(List.of(), List.of());
    }
  }

  public EpochRecord {
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(validation, "validation");
    Objects.requireNonNull(norms, "norms");
  }
}
