package chainrule.jobs.live;

import chainrule.jobs.output.OutputFolder;
import chainrule.jobs.output.RunResults;
import chainrule.train.TrainingListener;
import chainrule.train.history.EpochRecord;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes history.jsonl during training. Some file systems cannot append to a file, so the whole
 * file is written each time, at most every few seconds.
 */
public final class LiveHistory implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(LiveHistory.class);
  private static final long PAUSE_NANOS = 2_000_000_000L;

  private final OutputFolder output;
  private final String name;
  private final List<EpochRecord> history;
  private long lastWritten = System.nanoTime() - PAUSE_NANOS;

  /**
   * @param history of the epochs before the checkpoint, if the run resumed; later lines of its file
   *     are removed
   */
  public LiveHistory(OutputFolder output, String name, List<EpochRecord> history) {
    this.output = output;
    this.name = name;
    this.history = new ArrayList<>(history);
  }

  @Override
  public void epochFinished(EpochRecord epoch) {
    history.add(epoch);
    if (System.nanoTime() - lastWritten < PAUSE_NANOS) {
      return;
    }
    try {
      output.write(name, RunResults.history(history));
    } catch (UncheckedIOException e) {
      LOG.warn("{}; training continues", e.getMessage());
    }
    lastWritten = System.nanoTime();
  }
}
