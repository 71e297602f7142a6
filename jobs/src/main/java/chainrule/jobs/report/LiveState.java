package chainrule.jobs.report;

import chainrule.train.history.EpochRecord;
import java.util.List;

/**
 * The state of a run at one moment, for the live page. Immutable, if nobody adds to the curves.
 *
 * @param labels the columns that are predicted
 * @param source name of the configuration, and the output folder
 * @param sentence the current activity
 * @param end whether and how the run has ended
 * @param progress progress of the phase; {@link Progress#none} before the first
 * @param where engine and kernels; empty until they are known
 * @param history epochs of all phases
 * @param curves by step of each phase, in order
 * @param faults a sentence for each fault
 * @param trials of a search
 */
public record LiveState(
    List<String> labels,
    String source,
    String sentence,
    End end,
    Progress progress,
    String where,
    List<EpochRecord> history,
    List<StepCurve> curves,
    List<String> faults,
    Trials trials) {
  /** Whether and how a run has ended. */
  public enum End {
    NOT_YET,
    DONE,
    DONE_WITH_REPORT,
    FAILED
  }

  /**
   * The progress of a phase.
   *
   * @param epochs epochs of the phase, at most
   * @param step finished steps
   * @param steps steps of the phase, at most
   * @param loss of the last step
   * @param learningRate of the last step
   * @param rowsPerSecond of the last epoch; before the first ends, so far
   * @param secondsLeft NaN if it is not known
   */
  public record Progress(
      int epochs,
      long step,
      long steps,
      double loss,
      double learningRate,
      double rowsPerSecond,
      double secondsLeft) {
    /** Returns the progress before the first phase. */
    public static Progress none() {
      return new Progress(0, 0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    double done() {
      return steps == 0 ? 0 : (double) step / steps;
    }
  }

  /**
   * The trials of a search so far.
   *
   * @param metric by which trials are compared; empty without a search
   * @param scores of each trial; NaN if it diverged
   */
  public record Trials(String metric, List<Double> scores) {
    public Trials {
      scores = List.copyOf(scores);
    }
  }

  public LiveState {
    labels = List.copyOf(labels);
    history = List.copyOf(history);
    curves = List.copyOf(curves);
    faults = List.copyOf(faults);
  }

  /** Returns whether the run has ended. */
  public boolean isOver() {
    return end != End.NOT_YET;
  }
}
