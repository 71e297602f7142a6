package chainrule.spark.read;

import chainrule.data.InvalidDataException;
import chainrule.spark.shim.SparkErrors;
import java.util.Optional;
import org.apache.spark.SparkThrowable;

/** Tells of a file that a job could not read, which Spark wraps in what failed because of it. */
public final class ReadFailure {
  private static final String CONDITION = "FAILED_READ_FILE";

  private ReadFailure() {}

  /**
   * Returns the file and why it could not be read, if that was the cause of a failure.
   *
   * @param failure what Spark threw
   */
  public static Optional<InvalidDataException> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean unread = SparkErrors.condition(cause).filter(c -> c.startsWith(CONDITION)).isPresent();
      if (unread && cause instanceof SparkThrowable spark) {
        String file = spark.getMessageParameters().getOrDefault("path", "a file");
        String why = rootCause(cause);
        return Optional.of(
            new InvalidDataException(
                "Cannot read " + readable(file) + ": " + why + " (is it damaged or cut off?)",
                failure));
      }
    }
    return Optional.empty();
  }

  private static String readable(String file) {
    boolean isLocal = file.startsWith("file:");
    return isLocal ? CsvFiles.readable(file.replace(" ", "%20")) : file;
  }

  private static String rootCause(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? root.toString() : root.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}
