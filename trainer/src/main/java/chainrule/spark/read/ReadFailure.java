package chainrule.spark.read;

import chainrule.data.Causes;
import chainrule.data.InvalidDataException;
import chainrule.spark.shim.SparkErrors;
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
    return Causes.stream(failure)
        .filter(ReadFailure::isOne)
        .findFirst()
        .map(ReadFailure::message)
        .map(message -> new InvalidDataException(message, failure));
  }

  private static boolean isOne(Throwable cause) {
    return SparkErrors.condition(cause).filter(name -> name.startsWith(CONDITION)).isPresent();
  }

  private static String message(Throwable cause) {
    String file = ((SparkThrowable) cause).getMessageParameters().getOrDefault("path", "a file");
    String why = rootCause(cause);
    return "Cannot read " + readable(file) + ": " + why + " (is it damaged or cut off?)";
  }

  private static String readable(String file) {
    boolean isLocal = file.startsWith("file:");
    return isLocal ? TableFiles.readable(file.replace(" ", "%20")) : file;
  }

  private static String rootCause(Throwable failure) {
    Throwable root = Causes.root(failure);
    String message = root.getMessage() == null ? root.toString() : root.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}
