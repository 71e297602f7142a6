package chainrule.ml;

import chainrule.train.TrainingReport;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import chainrule.train.sums.Metrics;
import java.io.Serializable;
import java.util.List;

/** The history and the metrics of a fit. Immutable. */
public final class ChainruleTrainingSummary implements Serializable {
  private static final long serialVersionUID = 1;

  private final List<EpochRecord> history;
  private final int bestEpoch;
  private final long totalSteps;
  private final double trainSeconds;
  private final Metrics training;
  private final Metrics validation;
  private final Faults faults;

  ChainruleTrainingSummary(TrainingReport report) {
    this.history = List.copyOf(report.history());
    this.bestEpoch = report.bestEpoch();
    this.totalSteps = report.steps();
    this.trainSeconds = report.trainSeconds();
    this.training = report.training();
    this.validation = report.validation();
    this.faults = report.faults();
  }

  /**
   * Returns a record for each epoch, in order; those of the refit follow those of the first
   * training.
   */
  public List<EpochRecord> history() {
    return history;
  }

  /** Returns the mean training loss of each epoch, in the order of {@link #history}. */
  public double[] objectiveHistory() {
    return history.stream().mapToDouble(EpochRecord::trainLoss).toArray();
  }

  /** Returns the number of epochs, including those of the refit. */
  public int totalIterations() {
    return history.size();
  }

  /** Returns the epoch whose weights were kept, from 1. */
  public int bestEpoch() {
    return bestEpoch;
  }

  /** Returns the number of steps. */
  public long totalSteps() {
    return totalSteps;
  }

  public double trainSeconds() {
    return trainSeconds;
  }

  /** Returns the metrics of the model on the rows it was trained on. */
  public Metrics trainingMetrics() {
    return training;
  }

  /** Returns the metrics on the validation rows at the best epoch; of 0 rows if there are none. */
  public Metrics validationMetrics() {
    return validation;
  }

  /** Returns the faults that training survived, and the checkpoints from which it resumed. */
  public Faults faults() {
    return faults;
  }
}
