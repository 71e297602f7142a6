package chainrule.train.history;

import chainrule.train.sums.Metrics;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * The record of an epoch: one line of the history. Immutable.
 *
 * @param phase that the epoch belongs to
 * @param epoch from 1
 * @param step number of steps done at the epoch's end
 * @param learningRate of the epoch's last step
 * @param trainLoss the mean over the epoch's rows, each at the weights of its own step
 * @param validation metrics of the validation rows at the epoch's end; of no rows if there are none
 * @param computeSeconds time in which the slowest worker computed
 * @param exchangeSeconds time of steps and validation beyond that: moving, merging, waiting
 * @param rowsPerSecond training rows per second of the epoch's steps
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
  /** A part of a training: one run of the loop. */
  public enum Phase {
    /** Training, with validation rows if the epoch is to be selected. */
    FIT,
    /** Training again on all rows, for the number of epochs that was selected. */
    REFIT
  }

  /**
   * Euclidean norms over all members, of each layer that has parameters, from the inputs to the
   * outputs. They show whether gradients vanish or explode in the backward pass.
   *
   * @param gradient of the mean gradient of the epoch's last step, before L2 and clipping (with
   *     L-BFGS, where the search ended, with L2); empty if all rows of that step weigh 0
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
