package chainrule.spark.store;

import chainrule.model.CheckpointFile;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.CheckpointStore;
import chainrule.train.history.EpochRecord;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.ChecksumException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a run's checkpoints: {@code fit-<step>.safetensors} and {@code
 * refit-<step>.safetensors}. It keeps the latest ones and the one with the lowest validation loss.
 * A file {@code complete} marks a finished run.
 *
 * <p>For one thread at a time.
 */
public final class CheckpointFolder implements CheckpointStore {
  /** The name of the folder in a run's output folder. */
  public static final String NAME = "checkpoints";

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolder.class);
  private static final String ENDING = ".safetensors";
  private static final String COMPLETE = "complete";

  private final Folder folder;
  private final int keep;
  private final Map<String, String> origin;

  /**
   * Makes a folder with the name {@link #NAME}.
   *
   * @param output its parent
   * @param keep how many of the latest checkpoints to keep
   * @param origin entries about the run that each checkpoint contains
   */
  public CheckpointFolder(Folder output, int keep, Map<String, String> origin) {
    this(output, NAME, keep, origin);
  }

  /**
   * @param parent the folder that contains it
   * @param keep how many of the latest checkpoints to keep
   * @param origin entries about the run that each checkpoint contains
   */
  public CheckpointFolder(Folder parent, String name, int keep, Map<String, String> origin) {
    this.folder = parent.folder(name);
    this.keep = keep;
    this.origin = Map.copyOf(origin);
  }

  /**
   * A checkpoint and its file.
   *
   * @param path the file's path
   * @param contents the whole file
   */
  public record Found(String path, CheckpointFile.Contents contents) {}

  @Override
  public String save(Checkpoint checkpoint) {
    String name = name(checkpoint.loop().phase(), checkpoint.loop().step());
    folder.write(
        name, out -> CheckpointFile.write(new CheckpointFile.Contents(origin, checkpoint), out));
    removeOld(name, checkpoint);
    return folder.path(name).toString();
  }

  /** Returns a file name; names sort in the order of the steps. */
  private static String name(EpochRecord.Phase phase, long step) {
    return String.format(
        Locale.ROOT, "%s-%012d%s", phase.name().toLowerCase(Locale.ROOT), step, ENDING);
  }

  /** Removes all but the latest checkpoints and the best one, and those of later steps. */
  private void removeOld(String newest, Checkpoint checkpoint) {
    NavigableSet<String> names = names();
    Set<String> kept = new TreeSet<>();
    for (String name : names.headSet(newest, true).descendingSet()) {
      if (kept.size() < keep) {
        kept.add(name);
      }
    }
    best(names, checkpoint.history()).ifPresent(kept::add);
    names.stream().filter(name -> !kept.contains(name)).forEach(folder::delete);
  }

  private static Optional<String> best(Set<String> names, List<EpochRecord> history) {
    Optional<String> best = Optional.empty();
    double least = Double.POSITIVE_INFINITY;
    for (EpochRecord epoch : history) {
      String name = name(epoch.phase(), epoch.step());
      if (epoch.validation().rows() > 0 && names.contains(name)) {
        double loss = epoch.validation().get("loss");
        if (loss <= least) {
          least = loss;
          best = Optional.of(name);
        }
      }
    }
    return best;
  }

  private NavigableSet<String> names() {
    NavigableSet<String> names = new TreeSet<>();
    folder.names().stream().filter(name -> name.matches("(re)?fit-\\d{12}.*")).forEach(names::add);
    return names;
  }

  /** Returns whether there are checkpoints of a run that is not finished. */
  public boolean isOfUnfinishedRun() {
    return !names().isEmpty() && !folder.has(COMPLETE);
  }

  /** Returns the latest complete checkpoint, and logs damaged ones. */
  public Optional<Found> newest() {
    List<String> newestFirst = new ArrayList<>(names().descendingSet());
    for (String name : newestFirst) {
      String path = folder.path(name).toString();
      try {
        return Optional.of(new Found(path, folder.read(name, CheckpointFile::read)));
      } catch (IllegalArgumentException | EOFException | ChecksumException e) {
        LOG.warn("Skipping the checkpoint {}, which is damaged: {}", path, e.getMessage());
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + path + ": " + e.getMessage(), e);
      }
    }
    return Optional.empty();
  }

  /** Marks the run as finished, so that nothing resumes from its checkpoints. */
  public void complete(String weights) {
    if (!names().isEmpty()) {
      folder.write(COMPLETE, weights + "\n");
    }
  }

  /** Removes all checkpoints. */
  public void clear() {
    folder.remove();
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
