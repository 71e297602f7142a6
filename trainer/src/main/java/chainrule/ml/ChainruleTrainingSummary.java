package chainrule.ml;

import chainrule.train.TrainingReport;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import chainrule.train.sums.Metrics;
import java.io.Serializable;
import java.util.List;

/** What a fit did and reached. Immutable. */
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

  /** Returns a record for each epoch, in order; those of a refit follow those of the first fit. */
  public List<EpochRecord> history() {
    return history;
  }

  /** Returns the mean training loss of each epoch, as {@link #history} has them. */
  public double[] objectiveHistory() {
    return history.stream().mapToDouble(EpochRecord::trainLoss).toArray();
  }

  /** Returns the number of epochs, those of a refit included. */
  public int totalIterations() {
    return history.size();
  }

  /** Returns the epoch whose weights were chosen, from 1. */
  public int bestEpoch() {
    return bestEpoch;
  }

  /** Returns the number of mini-batches. */
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

  /** Returns the metrics on the held-out rows at the chosen epoch; of no rows if none were. */
  public Metrics validationMetrics() {
    return validation;
  }

  /** Returns what went wrong and was overcome, and from which checkpoints training went on. */
  public Faults faults() {
    return faults;
  }
}
