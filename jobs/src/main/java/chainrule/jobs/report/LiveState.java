package chainrule.jobs.report;

import chainrule.train.history.EpochRecord;
import java.util.List;

/**
 * What a run under way has to show at one moment. Immutable as long as nobody adds to the curves.
 *
 * @param labels the columns that are predicted
 * @param source the configuration's name, and where the results go, for people
 * @param sentence what is going on
 * @param end whether anything is still to come, and what came of it
 * @param progress steps of the phase; of none before the first
 * @param where engine and kernels; empty while they are not known
 * @param history of all phases
 * @param curves of each phase, in order
 * @param faults a sentence for each kind
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
  /** Whether a run goes on. */
  public enum End {
    NOT_YET,
    DONE,
    DONE_WITH_REPORT,
    FAILED
  }

  /**
   * How far the phase is.
   *
   * @param epochs how many it has, at most
   * @param step steps done
   * @param steps how many it has, at most
   * @param loss of the last step
   * @param learningRate of the last step
   * @param rowsPerSecond of the last epoch or, before, so far
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
    /** Returns what there is before the first phase. */
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
   * @param metric by which they are compared; empty without a search
   * @param scores of each; NaN if it has none
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

  /** Returns whether nothing more is to come. */
  public boolean isOver() {
    return end != End.NOT_YET;
  }
}
