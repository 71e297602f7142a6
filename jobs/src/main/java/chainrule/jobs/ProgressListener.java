package chainrule.jobs;

import chainrule.train.EpochRecord;
import chainrule.train.TrainingListener;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how training goes: a progress bar on a terminal, otherwise a line for an epoch every few
 * seconds.
 */
final class ProgressListener implements TrainingListener, AutoCloseable {
  private static final long LINE_NANOS = 3_000_000_000L;

  // From Java 22 on there may be a console without a terminal, unless jdk.console = java.base,
  // which
  // scripts/java-options sets; the worst is a progress bar in a file.
  @SuppressWarnings("SystemConsoleNull")
  private final boolean terminal = System.console() != null;

  private ProgressBar bar = hidden();
  private EpochRecord.Phase phase = EpochRecord.Phase.FIT;
  private int epochs;
  private long lastLine;

  private static ProgressBar hidden() {
    return new ProgressBarBuilder().setConsumer(new SilentConsumer()).build();
  }

  @Override
  public void phaseStarted(EpochRecord.Phase newPhase, int newEpochs, long steps) {
    phase = newPhase;
    epochs = newEpochs;
    lastLine = System.nanoTime();
    bar.close();
    bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName(name())
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .hideEta()
                .build()
            : hidden();
  }

  private String name() {
    return phase == EpochRecord.Phase.FIT ? "Training" : "Training on all rows";
  }

  @Override
  public void stepFinished(long step, double loss) {
    bar.stepTo(step + 1);
  }

  @Override
  public void epochFinished(EpochRecord epoch) {
    String text = text(epoch);
    bar.setExtraMessage(text);
    long now = System.nanoTime();
    boolean due = now - lastLine >= LINE_NANOS || epoch.epoch() == epochs;
    if (!terminal && due) {
      Job.print("%s: %s", name(), text);
      lastLine = now;
    }
  }

  private String text(EpochRecord epoch) {
    String validation =
        epoch.validation().rows() > 0
            ? String.format(Locale.ROOT, ", validation %.4f", epoch.validation().get("loss"))
            : "";
    return String.format(
        Locale.ROOT,
        "epoch %d/%d, loss %.4f%s, %,.0f rows/s",
        epoch.epoch(),
        epochs,
        epoch.trainLoss(),
        validation,
        epoch.rowsPerSecond());
  }

  @Override
  public void close() {
    bar.close();
  }

  /** Shows nothing. */
  private static final class SilentConsumer implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return 80;
    }

    @Override
    public void accept(String rendered) {}

    @Override
    public void close() {}
  }
}
