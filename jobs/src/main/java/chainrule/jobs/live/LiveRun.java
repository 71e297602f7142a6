package chainrule.jobs.live;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.output.FaultText;
import chainrule.jobs.output.OutputFolder;
import chainrule.jobs.output.ReportWriter;
import chainrule.jobs.report.LiveState;
import chainrule.jobs.report.StepCurve;
import chainrule.train.TrainingListener;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import chainrule.train.history.StepRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The current state of a run, which the live page shows: numbers of the run and names of columns,
 * but no values of rows.
 *
 * <p>Threads: one thread trains and updates, other threads read.
 */
public final class LiveRun implements TrainingListener {
  private final List<String> labels;
  private final String source;
  private final List<EpochRecord> history = new ArrayList<>();
  private final List<StepCurve> curves = new ArrayList<>();
  private final List<Double> scores = new ArrayList<>();
  private String activity = "Starting Spark";
  private String trial = "";
  private String metric = "";
  private String where = "";
  private LiveState.End end = LiveState.End.NOT_YET;

  /** Null unless the run is done and has a report. */
  private OutputFolder reported;

  private Supplier<Faults> faults = Faults::none;

  // The current phase.
  private int epochs;
  private long steps;
  private long step;
  private long firstStep;
  private long startNanos;
  private long rows;
  private double loss;
  private double learningRate;

  /** Makes the state of a run that has not started. */
  public LiveRun(Configuration configuration) {
    labels = configuration.texts("data.label");
    source =
        Path.of(configuration.file()).getFileName()
            + ", results to "
            + configuration.text("output.dir");
  }

  /** Sets what the command is activity, in a few words. */
  public synchronized void setActivity(String what) {
    activity = what;
  }

  /** Sets the engine and the kernels that train. */
  public synchronized void setEngine(String engineAndKernels) {
    where = engineAndKernels;
  }

  /** Starts another training and forgets the progress of the last one. */
  public synchronized void startTraining(String which) {
    trial = which;
    history.clear();
    curves.clear();
    steps = 0;
    activity = "Training";
  }

  /** Adds the score of a finished trial of a search. */
  public synchronized void addScore(String comparedBy, double score) {
    metric = comparedBy;
    scores.add(score);
  }

  /**
   * Marks the run as done.
   *
   * @param report whether the output folder has a report
   */
  public synchronized void finish(OutputFolder output, boolean report) {
    activity = "Done: written to " + output;
    trial = "";
    reported = report ? output : null;
    end = report ? LiveState.End.DONE_WITH_REPORT : LiveState.End.DONE;
  }

  /** Marks the run as failed, for a reason that may be shown on the page. */
  public synchronized void fail(String why) {
    activity = why;
    end = LiveState.End.FAILED;
  }

  /** Returns the report, after it is written. */
  Optional<byte[]> report() {
    OutputFolder folder;
    synchronized (this) {
      folder = reported;
    }
    return folder == null ? Optional.empty() : Optional.of(folder.read(ReportWriter.FILE));
  }

  @Override
  public synchronized void trainingStarted(Supplier<Faults> supplier) {
    faults = supplier;
  }

  @Override
  public synchronized void phaseStarted(EpochRecord.Phase phase, int newEpochs, long newSteps) {
    activity = phase == EpochRecord.Phase.FIT ? "Training" : "Training on all rows";
    epochs = newEpochs;
    steps = newSteps;
    step = 0;
    firstStep = -1;
    rows = 0;
    loss = Double.NaN;
    learningRate = Double.NaN;
    startNanos = System.nanoTime();
    curves.add(new StepCurve(newSteps / newEpochs));
  }

  @Override
  public synchronized void stepFinished(StepRecord finished) {
    if (firstStep < 0) {
      firstStep = finished.step();
    }
    step = finished.step() + 1;
    rows += finished.rows();
    loss = finished.loss();
    learningRate = finished.learningRate();
    curves.get(curves.size() - 1).add(finished.step(), loss, learningRate);
  }

  @Override
  public synchronized void epochFinished(EpochRecord epoch) {
    history.add(epoch);
    step = epoch.step();
  }

  /** Returns a copy of the current state. */
  synchronized LiveState state() {
    String sentence = trial.isEmpty() ? activity : trial + ": " + activity;
    return new LiveState(
        labels,
        source,
        sentence,
        end,
        progress(),
        where,
        history,
        curves.stream().map(StepCurve::copy).toList(),
        FaultText.sentences(faults.get()),
        new LiveState.Trials(metric, scores));
  }

  private LiveState.Progress progress() {
    if (steps == 0) {
      return LiveState.Progress.none();
    }
    double seconds = (System.nanoTime() - startNanos) * 1e-9;
    boolean isFirst = history.isEmpty() || history.get(history.size() - 1).step() > step;
    double rate = isFirst ? rows / seconds : history.get(history.size() - 1).rowsPerSecond();
    return new LiveState.Progress(
        epochs,
        step,
        steps,
        loss,
        learningRate,
        rate,
        ProgressLine.secondsLeft(Math.max(0, firstStep), step, steps, startNanos));
  }
}
