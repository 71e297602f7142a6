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
 * The checkpoints of fits in one {@code checkpointPath}. Each fit has a separate folder. Its name
 * is a hash of everything that determines the fit's bits: rows, params and kernels. So the fits of
 * a cross-validation or of a pipeline do not share folders, and a stopped fit finds its own
 * checkpoints, whichever copy of the estimator runs it and in whatever order. A fit removes its
 * folder when it ends.
 *
 * <p>Fits in one JVM may share a path; two equal fits at the same time have a folder each. Only one
 * application at a time may run a fit.
 */
final class FitCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(FitCheckpoints.class);

  /** Two, because the newest may be damaged. */
  private static final int KEPT = 2;

  private static final String PREFIX = "fit-";

  /** Hexadecimal digits of 64 bits, so that no two fits of a user share a name by chance. */
  private static final int DIGITS = 16;

  /** The folders that fits in this JVM write to. */
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
   * Returns the checkpoints in a folder, which is made if it does not exist.
   *
   * @throws IllegalArgumentException if it cannot be written
   */
  static FitCheckpoints in(
      String path, Configuration hadoop, CheckpointPolicy policy, String kernels) {
    try {
      var root = new Folder(path, hadoop);
      // Fails now rather than after the first epoch. Concurrent fits each write their own file.
      String probe = "probe-" + UUID.randomUUID();
      root.write(probe, "");
      root.delete(probe);
      return new FitCheckpoints(root, policy, kernels);
    } catch (RuntimeException e) { // any type: Hadoop's, if a file system's library is missing
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

  /** Trains; resumes from the newest undamaged checkpoint of this fit if there is one. */
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

  /** Returns a free name for a fit, and reserves it until it is released. */
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
        logWhereCheckpointsGo(folder);
        return run(trainer, table, folder);
      }
      return resume(newest.get(), trainer, table, folder);
    } catch (DivergedException e) {
      remove(folder); // a resumed fit would diverge again
      throw e;
    }
  }

  private void logWhereCheckpointsGo(CheckpointFolder folder) {
    List<String> others =
        root.names().stream()
            .filter(name -> name.startsWith(PREFIX) && !IN_USE.contains(key(name)))
            .toList();
    if (others.isEmpty()) {
      LOG.info("Checkpoints go to {}", folder);
    } else {
      LOG.info(
          "Checkpoints go to {}; checkpoints of unfinished fits with other params, rows or kernels"
              + " are kept: {}",
          folder,
          String.join(", ", others));
    }
  }

  private Trainer.Outcome resume(
      CheckpointFolder.Found found, Trainer trainer, Table table, CheckpointFolder folder) {
    LOG.info("Resuming from {}: {}", found.path(), found.contents().checkpoint().place());
    RuntimeEnvironment.warnOfOther(found.contents().origin(), origin);
    try {
      return run(trainer.resuming(found.contents().checkpoint()), table, folder);
    } catch (ChangedRunException e) {
      // Params and rows are the same, by the folder's name; so another version planned otherwise.
      LOG.warn("{} in {}: the fit restarts from the beginning", e.getMessage(), found.path());
      folder.clear();
      return run(trainer, table, folder);
    }
  }

  private Trainer.Outcome run(Trainer trainer, Table table, CheckpointFolder folder) {
    try (var checkpointer = new Checkpointer(policy, folder)) {
      return trainer.with(checkpointer).train(table);
    }
  }

  /** Removes a fit's folder; a failure only logs, because the training itself succeeded. */
  private static void remove(CheckpointFolder folder) {
    try {
      folder.clear();
    } catch (UncheckedIOException e) {
      LOG.warn("{}; you can remove it by hand", e.getMessage());
    }
  }
}
