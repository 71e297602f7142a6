package chainrule.ml;

import chainrule.data.Causes;
import chainrule.math.Check;
import chainrule.spark.store.CheckpointFolder;
import chainrule.spark.store.Folder;
import chainrule.spark.store.RuntimeEnvironment;
import chainrule.train.DivergedException;
import chainrule.train.Trainer;
import chainrule.train.checkpoint.ChangedRunException;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.settings.CheckpointPolicy;
import chainrule.train.shard.Table;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of fits in one {@code checkpointPath}. Each fit has a folder of its own, named by
 * all that its bits depend on: rows, params and kernels. So the fits of a cross-validation or of a
 * pipeline never meet, and one that was stopped finds its own checkpoints, whichever copy of the
 * estimator runs it and in whatever order. A fit that ends removes its folder.
 *
 * <p>Fits of one JVM may share it; two that are the same, at the same time, have a folder each. Of
 * several applications only one at a time may run the same fit.
 */
final class FitCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(FitCheckpoints.class);

  /** One may be damaged. */
  private static final int KEPT = 2;

  private static final String PREFIX = "fit-";

  /** Digits of 64 bits: enough for no two of a user's fits to share them by chance. */
  private static final int DIGITS = 16;

  /** The folders that fits of this JVM are writing to. */
  private static final Set<String> IN_USE = ConcurrentHashMap.newKeySet();

  private final Folder root;
  private final CheckpointPolicy policy;
  private final String kernels;
  private final Map<String, String> origin;

  private FitCheckpoints(Folder root, CheckpointPolicy policy, String kernels) {
    this.root = root;
    this.policy = policy;
    this.kernels = kernels;
    this.origin = RuntimeEnvironment.of(kernels);
  }

  /**
   * Returns those in a folder, which is made if it is not there.
   *
   * @throws IllegalArgumentException if it cannot be written
   */
  static FitCheckpoints in(
      String path, Configuration hadoop, CheckpointPolicy policy, String kernels) {
    try {
      var root = new Folder(path, hadoop);
      // Better refused now than found after the first epoch. Fits at the same time all do this.
      String probe = "probe-" + UUID.randomUUID();
      root.write(probe, "");
      root.delete(probe);
      return new FitCheckpoints(root, policy, kernels);
    } catch (RuntimeException e) { // any: Hadoop's where a file system's library isn't there
      IllegalArgumentException refused =
          Check.invalid("checkpointPath", path, "a folder that can be written, but: " + reason(e));
      refused.initCause(e);
      throw refused;
    }
  }

  private static String reason(Throwable failure) {
    Throwable reason = Causes.root(failure);
    return Objects.requireNonNullElse(reason.getMessage(), reason.toString());
  }

  /** Trains, from the newest whole checkpoint of this very fit if there is one. */
  Trainer.Outcome train(Trainer trainer, Table table) {
    String name = claim(PREFIX + trainer.identity(table).substring(0, DIGITS) + '-' + kernels);
    try {
      root.folder(name).removeUnfinished();
      var folder = new CheckpointFolder(root, name, KEPT, origin);
      Trainer.Outcome outcome = train(trainer, table, folder);
      remove(folder);
      return outcome;
    } finally {
      IN_USE.remove(key(name));
    }
  }

  /** Returns the first free name of a fit, which nobody else gets before it is released. */
  private String claim(String fit) {
    String name = fit;
    for (int i = 2; !IN_USE.add(key(name)); i++) {
      name = fit + '-' + i;
    }
    return name;
  }

  private String key(String name) {
    return root.path(name).toString();
  }

  private Trainer.Outcome train(Trainer trainer, Table table, CheckpointFolder folder) {
    Optional<CheckpointFolder.Found> newest = folder.newest();
    try {
      if (newest.isEmpty()) {
        sayWhatElseIsThere(folder);
        return run(trainer, table, folder);
      }
      return goOn(newest.get(), trainer, table, folder);
    } catch (DivergedException e) {
      remove(folder); // from which it would only diverge again
      throw e;
    }
  }

  private void sayWhatElseIsThere(CheckpointFolder folder) {
    List<String> others =
        root.names().stream()
            .filter(name -> name.startsWith(PREFIX) && !IN_USE.contains(key(name)))
            .toList();
    if (others.isEmpty()) {
      LOG.info("Checkpoints go to {}", folder);
    } else {
      LOG.info(
          "Checkpoints go to {}; those of fits that did not end, of other params, rows or kernels,"
              + " stay: {}",
          folder,
          String.join(", ", others));
    }
  }

  private Trainer.Outcome goOn(
      CheckpointFolder.Found found, Trainer trainer, Table table, CheckpointFolder folder) {
    LOG.info("Going on from {}: {}", found.path(), found.contents().checkpoint().place());
    RuntimeEnvironment.warnOfOther(found.contents().origin(), origin);
    try {
      return run(trainer.resuming(found.contents().checkpoint()), table, folder);
    } catch (ChangedRunException e) {
      // Params and rows are the same, by the folder's name; so another version made other plans.
      LOG.warn("{} in {}: the fit starts again", e.getMessage(), found.path());
      folder.clear();
      return run(trainer, table, folder);
    }
  }

  private Trainer.Outcome run(Trainer trainer, Table table, CheckpointFolder folder) {
    try (var checkpointer = new Checkpointer(policy, folder)) {
      return trainer.with(checkpointer).train(table);
    }
  }

  /** Removes what is no longer needed; if that fails, what was trained is worth more. */
  private static void remove(CheckpointFolder folder) {
    try {
      folder.clear();
    } catch (UncheckedIOException e) {
      LOG.warn("{}; it may be removed by hand", e.getMessage());
    }
  }
}
