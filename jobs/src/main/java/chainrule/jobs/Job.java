package chainrule.jobs;

import chainrule.data.Causes;
import chainrule.data.InvalidDataException;
import chainrule.jobs.config.ConfigurationException;
import chainrule.spark.cluster.ClusterLoss;
import chainrule.spark.read.ReadFailure;
import chainrule.spark.store.RuntimeEnvironment;
import chainrule.train.DivergedException;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.checkpoint.TrainingInterruptedException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What all commands share: errors told in a sentence, and exit codes.
 *
 * <p>Exit codes: 0 done, 1 a fault of the program, 2 the input was refused, 3 training diverged, 4
 * the cluster was lost, 130 interrupted.
 */
abstract class Job implements Callable<Integer> {
  static final int FAULT = 1;
  static final int REFUSED = 2;
  static final int DIVERGED = 3;
  static final int CLUSTER_LOST = 4;

  static final int HELP_WIDTH = 100;
  private static final String CANNOT = "Cannot go on: ";

  @Spec private CommandSpec spec;

  @Option(names = "--verbose", description = "show stack traces")
  private boolean verbose;

  /** The session, once it has begun. */
  private final List<SparkSession> sessions = new ArrayList<>();

  /** Runs a command and ends the process with its exit code. */
  static void main(Job job, String[] args) {
    Interruption.install();
    int code = execute(job, args);
    // Executors that were not told to go would be restarted, loudly, while this process ends.
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
    System.exit(code);
  }

  /** Runs a command and returns its exit code. */
  static int execute(Job job, String... args) {
    var line = new CommandLine(job);
    line.getCommandSpec()
        .version("Chainrule " + version())
        .usageMessage()
        .exitCodeListHeading("%nExit codes%n")
        .exitCodeList(exitCodes());
    return line.setExecutionExceptionHandler((e, command, result) -> job.report(e))
        .setUsageHelpWidth(HELP_WIDTH)
        .execute(args);
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("  0", "done");
    codes.put("  " + FAULT, "a fault of the program");
    codes.put("  " + REFUSED, "the input was refused");
    codes.put("  " + DIVERGED, "training diverged");
    codes.put("  " + CLUSTER_LOST, "the cluster was lost");
    codes.put(Integer.toString(Interruption.EXIT_CODE), "interrupted");
    return codes;
  }

  /** Returns the version of the program. */
  static String version() {
    return RuntimeEnvironment.version();
  }

  /** Returns the command's name. */
  final String name() {
    return spec.name();
  }

  /** Keeps the session in mind: if it was stopped, the cluster was lost. */
  final void hasBegun(SparkSession session) {
    sessions.add(session);
  }

  /** Tells what went wrong and returns the exit code. */
  private int report(Exception e) {
    if (e instanceof TrainingInterruptedException interrupted) {
      Interruption.tell(interrupted.saved());
      return Interruption.EXIT_CODE;
    }
    if (Interruption.isRequested()) {
      return Interruption.EXIT_CODE; // whatever broke, it did so because the process ends
    }
    Throwable cause = known(e);
    System.err.println(cause == e || isKnown(cause) ? message(cause) : message(e));
    saved(e)
        .ifPresent(
            kept ->
                System.err.printf(
                    "Kept what was done up to %s: the same command goes on from %s%n",
                    kept.place(), kept.where()));
    if (verbose) {
      e.printStackTrace();
    } else if (!isKnown(cause)) {
      System.err.println("(--verbose shows where)");
    }
    if (cause instanceof DivergedException) {
      return DIVERGED;
    }
    if (isKnown(cause)) {
      return REFUSED;
    }
    boolean lost = ClusterLoss.isCause(e) || sessions.stream().anyMatch(Job::isStopped);
    return lost ? CLUSTER_LOST : FAULT;
  }

  /** Returns the checkpoint that was left by a training that failed, if there is one. */
  private static Optional<Checkpointer.Saved> saved(Throwable e) {
    return Arrays.stream(e.getSuppressed())
        .filter(TrainingInterruptedException.class::isInstance)
        .flatMap(kept -> ((TrainingInterruptedException) kept).saved().stream())
        .findFirst();
  }

  private static boolean isStopped(SparkSession session) {
    return session.sparkContext().isStopped();
  }

  private static String message(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    // Spark's messages go on for pages; the first line says what.
    String first = message.lines().findFirst().orElse(message);
    return isKnown(e) ? message : first.startsWith("Cannot ") ? first : CANNOT + first;
  }

  /** Returns the cause that says what the user can do, however deep Spark has wrapped it. */
  private static Throwable known(Throwable e) {
    return Causes.stream(e)
        .filter(
            cause -> cause instanceof InvalidDataException || cause instanceof DivergedException)
        .findFirst()
        .or(() -> ReadFailure.of(e))
        .orElse(e);
  }

  private static boolean isKnown(Throwable e) {
    return e instanceof InvalidDataException
        || e instanceof DivergedException
        || e instanceof ConfigurationException
        || e instanceof IllegalArgumentException
        || e instanceof UncheckedIOException;
  }
}
