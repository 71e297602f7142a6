package chainrule.jobs;

import chainrule.train.checkpoint.Checkpointer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.util.SignalUtils;

/**
 * What SIGINT and SIGTERM do: training ends after the step in flight, or without it if that takes
 * long, with a checkpoint; then the process ends, in any case soon. A second signal ends it at
 * once.
 *
 * <p>Through Spark's handling of signals, since a hook on the end of the JVM would run beside
 * Spark's own, which takes the context away.
 */
final class Interruption {
  static final int EXIT_CODE = 130;

  /** How long the step in flight may take. */
  private static final long GRACE_SECONDS = 5;

  /** After this long the process is gone, whatever hangs. */
  private static final long END_SECONDS = 25;

  private static final AtomicBoolean REQUESTED = new AtomicBoolean();
  private static final AtomicBoolean TOLD = new AtomicBoolean();
  private static volatile List<Checkpointer> training = List.of();

  private Interruption() {}

  /** Handles the signals of this process from now on. */
  static void install() {
    for (String signal : List.of("INT", "TERM")) {
      SignalUtils.register(signal, Interruption::interrupted);
    }
  }

  /** Says what is to be stopped. */
  static void guard(Checkpointer checkpointer) {
    training = List.of(checkpointer);
  }

  /** Returns whether the process is about to end, so that errors mean nothing. */
  static boolean isRequested() {
    return REQUESTED.get();
  }

  /** Ends the process; returns only where the thread that trains does so by itself. */
  private static Object interrupted() {
    if (!REQUESTED.compareAndSet(false, true)) {
      return false; // as if there were no handler
    }
    endAfter(END_SECONDS);
    System.err.println("Interrupted: ending after the step in flight");
    for (Checkpointer checkpointer : training) {
      checkpointer.requestStop();
      if (checkpointer.isTraining() && checkpointer.awaitStop(GRACE_SECONDS, TimeUnit.SECONDS)) {
        return true; // the thread that trains has left its loop and ends the process
      }
      tell(checkpointer.saveNow());
    }
    tell(Optional.empty());
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

  /** Says, once, where training goes on when it is started again. */
  static void tell(Optional<Checkpointer.Saved> saved) {
    if (TOLD.compareAndSet(false, true)) {
      System.err.println(
          saved
              .map(
                  checkpoint ->
                      String.format(
                          "Stopped in %s: the same command goes on from %s",
                          checkpoint.place(), checkpoint.where()))
              .orElse(
                  "Stopped before there was anything new to keep: the same command begins where this"
                      + " one did"));
    }
  }
}
