package chainrule.jobs;

import chainrule.data.Causes;
import chainrule.data.InvalidDataException;
import chainrule.jobs.config.ConfigurationException;
import chainrule.spark.cluster.ClusterLoss;
import chainrule.spark.read.ReadFailure;
import chainrule.spark.shim.SparkVersion;
import chainrule.spark.store.RuntimeEnvironment;
import chainrule.train.DivergedException;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.checkpoint.TrainingInterruptedException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The common part of all commands: it reports errors in one sentence and returns exit codes.
 *
 * <p>Exit codes: 0 done, 1 internal error, 2 invalid input, 3 training diverged, 4 cluster lost,
 * 130 interrupted.
 */
abstract class Job implements Callable<Integer> {
  static final int FAULT = 1;
  static final int REFUSED = 2;
  static final int DIVERGED = 3;
  static final int CLUSTER_LOST = 4;

  static final int HELP_WIDTH = 100;
  private static final String CANNOT = "Cannot ";

  @Spec private CommandSpec spec;

  @Option(names = "--verbose", description = "show stack traces")
  private boolean verbose;

  /** Null until the session starts, and in commands that need none. */
  private SparkSession session;

  /** Runs a command and ends the process with its exit code. */
  static void main(Job job, String[] args) {
    try {
      SparkVersion.requireMatching();
    } catch (InvalidDataException e) {
      System.err.println(e.getMessage());
      System.exit(REFUSED);
    }
    Interruption.install();
    int code = execute(job, args);
    // Spark would restart executors that were not stopped, and log that, while this process ends.
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
    codes.put("  " + FAULT, "internal error");
    codes.put("  " + REFUSED, "invalid input");
    codes.put("  " + DIVERGED, "training diverged");
    codes.put("  " + CLUSTER_LOST, "cluster lost");
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

  /** Remembers the session: if Spark stops it during the command, the cluster is lost. */
  final void setSession(SparkSession started) {
    session = started;
  }

  /** Prints what went wrong and returns the exit code. */
  private int report(Exception e) {
    if (e instanceof TrainingInterruptedException interrupted) {
      Interruption.report(interrupted.saved());
      return Interruption.EXIT_CODE;
    }
    if (Interruption.isRequested()) {
      return Interruption.EXIT_CODE; // a consequence of the interruption
    }
    Throwable cause = userError(e);
    System.err.println(cause == e || isUserError(cause) ? message(cause) : message(e));
    checkpoint(e)
        .ifPresent(
            saved ->
                System.err.printf(
                    "Saved the training up to %s: the same command resumes from %s%n",
                    saved.place(), saved.where()));
    if (verbose) {
      e.printStackTrace();
    } else if (!isUserError(cause)) {
      System.err.println("(use --verbose to show the stack trace)");
    }
    if (cause instanceof DivergedException) {
      return DIVERGED;
    }
    if (isUserError(cause)) {
      return REFUSED;
    }
    boolean lost = ClusterLoss.isCause(e) || isSessionStopped();
    return lost ? CLUSTER_LOST : FAULT;
  }

  /** Returns the checkpoint that a failed training wrote, if it wrote one. */
  private static Optional<Checkpointer.Saved> checkpoint(Throwable e) {
    return Arrays.stream(e.getSuppressed())
        .filter(TrainingInterruptedException.class::isInstance)
        .flatMap(kept -> ((TrainingInterruptedException) kept).saved().stream())
        .findFirst();
  }

  private boolean isSessionStopped() {
    return session != null && session.sparkContext().isStopped();
  }

  private static String message(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    if (isUserError(e)) {
      return message;
    }
    // Messages of Spark may fill pages. Their first line has the reason.
    String first = message.lines().findFirst().orElse(message);
    return first.startsWith(CANNOT) ? first : CANNOT + "continue: " + first;
  }

  /** Returns the cause that the user can correct, which Spark may have wrapped several times. */
  private static Throwable userError(Throwable e) {
    return Causes.stream(e)
        .filter(
            cause -> cause instanceof InvalidDataException || cause instanceof DivergedException)
        .findFirst()
        .or(() -> ReadFailure.of(e))
        .orElse(e);
  }

  private static boolean isUserError(Throwable e) {
    return e instanceof InvalidDataException
        || e instanceof DivergedException
        || e instanceof ConfigurationException
        || e instanceof IllegalArgumentException
        || e instanceof UncheckedIOException;
  }
}
