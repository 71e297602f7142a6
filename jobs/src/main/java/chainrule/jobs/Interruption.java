package chainrule.jobs;

import chainrule.train.checkpoint.Checkpointer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.util.SignalUtils;

/**
 * Handles SIGINT and SIGTERM. The training stops after the current step, or without it if the step
 * takes long, and writes a checkpoint. Then the process ends, after 25 s at the latest. A second
 * signal ends it at once.
 *
 * <p>Uses Spark's signal handling. A JVM shutdown hook would run at the same time as Spark's own
 * hook, which stops the context.
 */
final class Interruption {
  static final int EXIT_CODE = 130;

  /** How long the current step may take. */
  private static final long GRACE_SECONDS = 5;

  /** The process ends after this time, even if something hangs. */
  private static final long END_SECONDS = 25;

  private static final AtomicBoolean REQUESTED = new AtomicBoolean();
  private static final AtomicBoolean REPORTED = new AtomicBoolean();

  /** Null until a training starts. */
  private static volatile Checkpointer training;

  private Interruption() {}

  /** Handles the signals of this process from now on. */
  static void install() {
    for (String signal : List.of("INT", "TERM")) {
      SignalUtils.register(signal, Interruption::interrupted);
    }
  }

  /** Sets the training that a signal stops. */
  static void guard(Checkpointer checkpointer) {
    training = checkpointer;
  }

  /** Returns whether the process is about to end. Errors are then consequences of that. */
  static boolean isRequested() {
    return REQUESTED.get();
  }

  /** Ends the process; returns only if the training thread ends it. */
  private static Object interrupted() {
    if (!REQUESTED.compareAndSet(false, true)) {
      return false; // as if there were no handler
    }
    endAfter(END_SECONDS);
    System.err.println("Interrupted: stopping after the current step");
    Checkpointer checkpointer = training;
    if (checkpointer != null) {
      checkpointer.requestStop();
      if (checkpointer.isTraining() && checkpointer.awaitStop(GRACE_SECONDS, TimeUnit.SECONDS)) {
        return true; // the training thread has left its loop and ends the process
      }
      report(checkpointer.saveNow());
    }
    report(Optional.empty());
    System.exit(EXIT_CODE);
    return true;
  }

  private static void endAfter(long seconds) {
    var thread =
        new Thread(
            () -> {
              try {
                TimeUnit.SECONDS.sleep(seconds);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(EXIT_CODE);
            },
            "chainrule-interrupted");
    thread.setDaemon(true);
    thread.start();
  }

  /** Prints, once, where the training resumes when the command is started again. */
  static void report(Optional<Checkpointer.Saved> saved) {
    if (REPORTED.compareAndSet(false, true)) {
      System.err.println(
          saved
              .map(
                  checkpoint ->
                      String.format(
                          "Stopped in %s: the same command resumes from %s",
                          checkpoint.place(), checkpoint.where()))
              .orElse(
                  "Stopped before there was anything new to save: the same command starts where this"
                      + " one started"));
    }
  }
}
