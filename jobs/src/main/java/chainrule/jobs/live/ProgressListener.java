package chainrule.jobs.live;

import chainrule.jobs.output.Console;
import chainrule.train.TrainingListener;
import chainrule.train.history.EpochRecord;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/**
 * Shows how training goes: a line that is drawn anew on a terminal, otherwise a line for an epoch
 * every few seconds and for the last.
 */
public final class ProgressListener implements TrainingListener, AutoCloseable {
  private static final long LINE_NANOS = 3_000_000_000L;

  private final boolean terminal;
  private final String where;

  // Drawn by a thread of the progress bar's.
  private volatile Phase phase = new Phase("", 0, 0, 0);
  private volatile List<EpochRecord> last = List.of();
  private volatile double loss = Double.NaN;
  private volatile long firstStep;

  private List<ProgressBar> bars = List.of(); // the one there is, on a terminal
  private long step;
  private long lastLine;
  private boolean isTold = true;

  /** What is known when a phase begins. */
  private record Phase(String name, int epochs, long steps, long startNanos) {}

  /**
   * @param where engine and kernels
   */
  // From Java 22 on there may be a console without a terminal, unless jdk.console = java.base,
  // which scripts/java-options sets; the worst is a progress bar in a file.
  @SuppressWarnings("SystemConsoleNull")
  public ProgressListener(String where) {
    this(where, System.console() != null);
  }

  public ProgressListener(String where, boolean terminal) {
    this.where = where;
    this.terminal = terminal;
  }

  @Override
  public void phaseStarted(EpochRecord.Phase newPhase, int epochs, long steps) {
    close();
    String name = newPhase == EpochRecord.Phase.FIT ? "Training" : "Training on all rows";
    phase = new Phase(name, epochs, steps, System.nanoTime());
    last = List.of();
    loss = Double.NaN;
    step = 0;
    firstStep = 0;
    lastLine = System.nanoTime();
    if (terminal) {
      bars =
          List.of(
              new ProgressBarBuilder()
                  .setTaskName(name)
                  .setInitialMax(steps)
                  .setRenderer(this::render)
                  .setUpdateIntervalMillis(200)
                  .build());
    }
  }

  private String render(ProgressState state, int width) {
    return line(state.getCurrent()).withBar(last, loss, width);
  }

  private ProgressLine line(long done) {
    double left = ProgressLine.secondsLeft(firstStep, done, phase.steps(), phase.startNanos());
    return new ProgressLine(phase.name(), phase.epochs(), done, phase.steps(), left, where);
  }

  @Override
  public void stepFinished(long finished, double stepLoss) {
    if (step == 0) {
      firstStep = finished;
    }
    step = finished + 1;
    if (last.isEmpty()) {
      loss = stepLoss;
    }
    for (ProgressBar bar : bars) {
      bar.stepTo(step);
    }
  }

  @Override
  public void epochFinished(EpochRecord epoch) {
    last = List.of(epoch);
    loss = epoch.trainLoss();
    step = epoch.step();
    isTold = terminal;
    long now = System.nanoTime();
    if (!isTold && (now - lastLine >= LINE_NANOS || epoch.epoch() == phase.epochs())) {
      tell();
      lastLine = now;
    }
  }

  private void tell() {
    for (EpochRecord epoch : last) {
      Console.print("%s", line(epoch.step()).plain(epoch));
    }
    isTold = true;
  }

  /** Ends the phase: the last epoch is told even if training stopped early. */
  @Override
  public void close() {
    if (!isTold) {
      tell();
    }
    bars.forEach(ProgressBar::close);
    bars = List.of();
  }
}
