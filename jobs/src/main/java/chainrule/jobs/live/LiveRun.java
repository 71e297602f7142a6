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
 * What a command does at the moment, for whoever looks: numbers of the run and names of columns,
 * and nothing of the rows.
 *
 * <p>Threads: one works and tells, others look.
 */
public final class LiveRun implements TrainingListener {
  private final List<String> labels;
  private final String source;
  private final List<EpochRecord> history = new ArrayList<>();
  private final List<StepCurve> curves = new ArrayList<>();
  private final List<Double> scores = new ArrayList<>();
  private String doing = "Starting Spark";
  private String trial = "";
  private String metric = "";
  private String where = "";
  private LiveState.End end = LiveState.End.NOT_YET;
  private List<OutputFolder> reported = List.of();
  private Supplier<Faults> faults = Faults::none;

  // Of the phase.
  private int epochs;
  private long steps;
  private long step;
  private long firstStep;
  private long startNanos;
  private long rows;
  private double loss;
  private double learningRate;

  /** Makes the state of a run that has not begun. */
  public LiveRun(Configuration configuration) {
    labels = configuration.texts("data.label");
    source =
        Path.of(configuration.file()).getFileName()
            + ", results to "
            + configuration.text("output.dir");
  }

  /** Says what is being done. */
  public synchronized void does(String what) {
    doing = what;
  }

  /** Says what trains: engine and kernels. */
  public synchronized void trainsWith(String engineAndKernels) {
    where = engineAndKernels;
  }

  /** Another training begins, with nothing of the last one. */
  public synchronized void begins(String which) {
    trial = which;
    history.clear();
    curves.clear();
    steps = 0;
    doing = "Training";
  }

  /** A trial of a search has come to this. */
  public synchronized void scored(String comparedBy, double score) {
    metric = comparedBy;
    scores.add(score);
  }

  /** Says that all is done and written. */
  public synchronized void isDone(OutputFolder output, boolean report) {
    doing = "Done: written to " + output;
    trial = "";
    reported = report ? List.of(output) : List.of();
    end = report ? LiveState.End.DONE_WITH_REPORT : LiveState.End.DONE;
  }

  /** Says why nothing more is to come. */
  public synchronized void fails(String why) {
    doing = why;
    end = LiveState.End.FAILED;
  }

  /** Returns the report, once it is written. */
  Optional<byte[]> report() {
    List<OutputFolder> folders;
    synchronized (this) {
      folders = reported;
    }
    return folders.stream().findFirst().map(folder -> folder.read(ReportWriter.FILE));
  }

  @Override
  public synchronized void trainingStarted(Supplier<Faults> supplier) {
    faults = supplier;
  }

  @Override
  public synchronized void phaseStarted(EpochRecord.Phase phase, int newEpochs, long newSteps) {
    doing = phase == EpochRecord.Phase.FIT ? "Training" : "Training on all rows";
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

  /** Returns how things stand. */
  synchronized LiveState state() {
    String sentence = trial.isEmpty() ? doing : trial + ": " + doing;
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
