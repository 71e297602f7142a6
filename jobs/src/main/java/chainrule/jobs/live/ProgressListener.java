package chainrule.jobs.live;

import chainrule.jobs.output.Console;
import chainrule.train.TrainingListener;
import chainrule.train.history.EpochRecord;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/**
 * Shows the progress of a training: a progress bar on a terminal, otherwise a line for an epoch
 * every few seconds and for the last epoch.
 */
public final class ProgressListener implements TrainingListener, AutoCloseable {
  private static final long LINE_NANOS = 3_000_000_000L;

  private final boolean terminal;
  private final String where;

  // The thread of the progress bar reads these.
  private volatile Phase phase = new Phase("", 0, 0, 0);

  /** Null until an epoch of the phase is finished. */
  private volatile EpochRecord last;

  private volatile double loss = Double.NaN;
  private volatile long firstStep;

  /** Null without a terminal, and between phases. */
  private ProgressBar bar;

  private long step;
  private long lastLine;
  private boolean isPrinted = true;

  /** The values that are known when a phase starts. */
  private record Phase(String name, int epochs, long steps, long startNanos) {}

  /**
   * @param where engine and kernels
   */
  // Since Java 22 a console may exist without a terminal, unless jdk.console = java.base, which
  // scripts/java-options sets. At worst a progress bar is written to a file.
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
    last = null;
    loss = Double.NaN;
    step = 0;
    firstStep = 0;
    lastLine = System.nanoTime();
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(steps)
              .setRenderer(this::render)
              .setUpdateIntervalMillis(200)
              .build();
    }
  }

  private String render(ProgressState state, int width) {
    return line(state.getCurrent()).withBar(Optional.ofNullable(last), loss, width);
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
    if (last == null) {
      loss = stepLoss;
    }
    if (bar != null) {
      bar.stepTo(step);
    }
  }

  @Override
  public void epochFinished(EpochRecord epoch) {
    last = epoch;
    loss = epoch.trainLoss();
    step = epoch.step();
    isPrinted = terminal;
    long now = System.nanoTime();
    if (!isPrinted && (now - lastLine >= LINE_NANOS || epoch.epoch() == phase.epochs())) {
      print(epoch);
      lastLine = now;
    }
  }

  private void print(EpochRecord epoch) {
    Console.print("%s", line(epoch.step()).plain(epoch));
    isPrinted = true;
  }

  /** Ends the phase; prints the last epoch even if training stopped early. */
  @Override
  public void close() {
    if (!isPrinted) {
      print(last);
    }
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
