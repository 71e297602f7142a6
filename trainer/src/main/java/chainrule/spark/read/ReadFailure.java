package chainrule.spark.read;

import chainrule.data.InvalidDataException;
import java.util.Optional;
import org.apache.spark.SparkThrowable;

/** Finds the file that a job could not read, in the chain of Spark's exceptions. */
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
      if (cause instanceof SparkThrowable spark
          && spark.getCondition() != null
          && spark.getCondition().startsWith(CONDITION)) {
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
    return isLocal ? TableFiles.readable(file.replace(" ", "%20")) : file;
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
