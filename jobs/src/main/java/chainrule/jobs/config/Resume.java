package chainrule.jobs.config;

import chainrule.math.Check;
import chainrule.spark.store.CheckpointFolder;
import chainrule.spark.store.RuntimeEnvironment;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whether a run goes on from a checkpoint in its output folder, and refuses what would change
 * its bits. What the data are and what {@code auto} came to is compared later, when it is known.
 */
public final class Resume {
  private static final Logger LOG = LoggerFactory.getLogger(Resume.class);

  static final String CONFIGURATION = "configuration";

  /**
   * Keys, or groups with a dot behind, that may change: they change no bit, or what they stand for
   * is compared itself (rows of the data, the kernels and the epochs that auto came to).
   */
  private static final Set<String> FREE =
      Set.of(
          "data.train",
          "data.format",
          "data.test.path",
          "data.validation.path",
          "training.blas",
          "training.engine",
          "training.epochs",
          "checkpoint.",
          "generate.",
          "output.",
          "predict.",
          "tune.");

  /** What to do with the checkpoints of a run that isn't done. */
  public enum Mode {
    /** Go on if there are any. */
    AUTO,
    /** Start again. */
    NEVER,
    /** Go on, or refuse if there are none. */
    REQUIRED;

    static Mode of(String name) {
      for (Mode mode : values()) {
        if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
          return mode;
        }
      }
      throw Check.invalid("value", '"' + name + '"', "auto, never or required");
    }
  }

  private final Mode mode;
  private final CheckpointFolder checkpoints;
  private final Map<String, String> origin;

  /**
   * @param origin what this run would write into its checkpoints
   */
  public Resume(Mode mode, CheckpointFolder checkpoints, Map<String, String> origin) {
    this.mode = mode;
    this.checkpoints = checkpoints;
    this.origin = origin;
  }

  /** Returns whether the output folder may have checkpoints, for they are gone on from. */
  public boolean mayResume() {
    return mode != Mode.NEVER && checkpoints.isOfUnfinishedRun();
  }

  /**
   * Returns the checkpoint to go on from, if any.
   *
   * @throws ConfigurationException if it is of another configuration, or there must be one and is
   *     none
   */
  public Optional<CheckpointFolder.Found> find() {
    Optional<CheckpointFolder.Found> found = mayResume() ? checkpoints.newest() : Optional.empty();
    if (found.isEmpty() && mode == Mode.REQUIRED) {
      throw new ConfigurationException(
          "Cannot resume: there is no whole checkpoint of an unfinished run in " + checkpoints);
    }
    if (found.isEmpty() && mayResume()) {
      LOG.warn("There is no whole checkpoint in {}: training starts again", checkpoints);
    }
    found.ifPresent(
        checkpoint ->
            requireSame(checkpoint.path(), checkpoint.contents().origin(), origin, Set.of()));
    return found;
  }

  /**
   * Throws unless what a run was made of is what this one is made of.
   *
   * @param path of the file that tells of the run, for messages
   * @param then the {@link #origin} of the run
   * @param origin this run's
   * @param fixed keys, or groups with a dot behind, that may not change though others' may
   */
  public static void requireSame(
      String path, Map<String, String> then, Map<String, String> origin, Set<String> fixed) {
    Map<String, String> before = KnownKeys.leaves(then.getOrDefault(CONFIGURATION, "{}"));
    Map<String, String> now = KnownKeys.leaves(origin.get(CONFIGURATION));
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    keys.removeIf(key -> isAmong(FREE, key) && !isAmong(fixed, key));
    for (String key : keys) {
      requireSame(path, key, before.getOrDefault(key, "null"), now.getOrDefault(key, "null"));
    }
    requireSame(
        path,
        "training.blas",
        then.getOrDefault(RuntimeEnvironment.KERNELS, ""),
        origin.get(RuntimeEnvironment.KERNELS));
    RuntimeEnvironment.warnOfOther(then, origin);
  }

  private static boolean isAmong(Set<String> keys, String key) {
    return keys.stream()
        .anyMatch(free -> free.endsWith(".") ? key.startsWith(free) : key.equals(free));
  }

  private static void requireSame(String path, String key, String was, String is) {
    if (!was.equals(is)) {
      throw refused(path, "Cannot resume: " + key + " was " + was + ", now it is " + is);
    }
  }

  /** Returns the exception that tells what to do about a checkpoint that doesn't fit. */
  public static ConfigurationException refused(String path, String reason) {
    return new ConfigurationException(
        reason
            + " (must be as in the checkpoint "
            + path
            + "; checkpoint.resume = never with output.overwrite = true starts again)");
  }

  /** Returns what is written of a run into its checkpoints. */
  public static Map<String, String> origin(Configuration configuration, String kernels) {
    Map<String, String> origin = new TreeMap<>(RuntimeEnvironment.of(kernels));
    origin.put(CONFIGURATION, configuration.renderJson());
    return origin;
  }
}
