package chainrule.jobs.live;

import chainrule.jobs.output.OutputFolder;
import chainrule.train.TrainingListener;
import chainrule.train.history.EpochRecord;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the curves of a training for TensorBoard, after each epoch. Training rows, validation rows
 * and the training on all rows are separate runs, so that TensorBoard draws their curves in one
 * chart. The x of a point is the number of finished steps.
 */
public final class TensorBoardListener implements TrainingListener, AutoCloseable {
  /** The folder of all runs, in the output folder. */
  public static final String FOLDER = "tensorboard";

  private static final Logger LOG = LoggerFactory.getLogger(TensorBoardListener.class);

  private final OutputFolder output;
  private final Map<String, EventFile> runs = new TreeMap<>();
  // TensorBoard recognizes event files by this part of the name and reads them in its order.
  private final String name = "events.out.tfevents." + System.currentTimeMillis() / 1000;
  private boolean writes;

  /**
   * Removes the curves of an earlier run, which TensorBoard would join with the new ones.
   *
   * @param writes whether curves are wanted
   * @param before epochs before the checkpoint, if the run resumed
   */
  public TensorBoardListener(OutputFolder output, boolean writes, List<EpochRecord> before) {
    this.output = output;
    this.writes = writes;
    output.delete(FOLDER);
    before.forEach(this::epochFinished);
  }

  /** Curves that cannot be written do not end a training. */
  @Override
  public void epochFinished(EpochRecord epoch) {
    if (!writes) {
      return;
    }
    try {
      write(epoch);
    } catch (UncheckedIOException e) {
      writes = false;
      LOG.warn("{}; training continues without curves for TensorBoard", e.getMessage());
    }
  }

  private void write(EpochRecord epoch) {
    Map<String, Double> training = new LinkedHashMap<>();
    training.put("loss", epoch.trainLoss());
    training.put("learning rate", epoch.learningRate());
    training.put("rows per second", epoch.rowsPerSecond());
    training.put("seconds/compute", epoch.computeSeconds());
    training.put("seconds/exchange", epoch.exchangeSeconds());
    put(training, "gradient norm", epoch.norms().gradient());
    put(training, "parameter norm", epoch.norms().parameters());
    boolean fits = epoch.phase() == EpochRecord.Phase.FIT;
    run(fits ? "train" : "train-on-all-rows").add(epoch.step(), training);
    if (epoch.validation().rows() > 0) {
      run("validation").add(epoch.step(), epoch.validation().values());
    }
  }

  private static void put(Map<String, Double> curves, String name, List<Double> layers) {
    for (int i = 0; i < layers.size(); i++) {
      curves.put(name + "/layer " + (i + 1), layers.get(i));
    }
  }

  private EventFile run(String run) {
    return runs.computeIfAbsent(run, key -> new EventFile(output.open(FOLDER + "/" + key, name)));
  }

  @Override
  public void close() {
    try {
      runs.values().forEach(EventFile::close);
    } catch (UncheckedIOException e) {
      LOG.warn("The end of the curves for TensorBoard may be missing: {}", e.getMessage());
    }
  }
}
