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
 * Decides whether a run resumes from a checkpoint in its output folder, and refuses changes that
 * would change the result. The data and the values of {@code auto} are compared later, when they
 * are known.
 */
public final class Resume {
  private static final Logger LOG = LoggerFactory.getLogger(Resume.class);

  static final String CONFIGURATION = "configuration";

  /**
   * Keys, or groups that end with a dot, that may change. They do not change the result, or their
   * effect is compared: the rows of the data, the kernels, and the number of epochs.
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

  /** What to do with the checkpoints of an unfinished run. */
  public enum Mode {
    /** Resume if there is one. */
    AUTO,
    /** Start from the beginning. */
    NEVER,
    /** Resume, or refuse if there is none. */
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
   * @param origin the facts that this run writes into its checkpoints
   */
  public Resume(Mode mode, CheckpointFolder checkpoints, Map<String, String> origin) {
    this.mode = mode;
    this.checkpoints = checkpoints;
    this.origin = origin;
  }

  /** Returns whether the run may resume from checkpoints in the output folder. */
  public boolean mayResume() {
    return mode != Mode.NEVER && checkpoints.isOfUnfinishedRun();
  }

  /**
   * Returns the checkpoint to resume from, if any.
   *
   * @throws ConfigurationException if the checkpoint belongs to another configuration, or if one is
   *     required and there is none
   */
  public Optional<CheckpointFolder.Found> find() {
    Optional<CheckpointFolder.Found> found = mayResume() ? checkpoints.newest() : Optional.empty();
    if (found.isEmpty() && mode == Mode.REQUIRED) {
      throw new ConfigurationException(
          "Cannot resume: there is no complete checkpoint of an unfinished run in " + checkpoints);
    }
    if (found.isEmpty() && mayResume()) {
      LOG.warn(
          "There is no complete checkpoint in {}: training starts from the beginning", checkpoints);
    }
    found.ifPresent(
        checkpoint ->
            requireSame(checkpoint.path(), checkpoint.contents().origin(), origin, Set.of()));
    return found;
  }

  /**
   * Throws if a setting that changes the result differs between two runs.
   *
   * @param path of the file that describes the earlier run, for messages
   * @param then the {@link #origin} of the earlier run
   * @param origin of this run
   * @param fixed keys, or groups that end with a dot, that must not change, although {@link #FREE}
   *     has them
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

  /** Returns the exception for a checkpoint of another run, with advice. */
  public static ConfigurationException refused(String path, String reason) {
    return new ConfigurationException(
        reason
            + " (must be as in the checkpoint "
            + path
            + "; checkpoint.resume = never with output.overwrite = true starts from the"
            + " beginning)");
  }

  /** Returns the facts about a run that its checkpoints store: environment and configuration. */
  public static Map<String, String> origin(Configuration configuration, String kernels) {
    Map<String, String> origin = new TreeMap<>(RuntimeEnvironment.of(kernels));
    origin.put(CONFIGURATION, configuration.renderJson());
    return origin;
  }
}
