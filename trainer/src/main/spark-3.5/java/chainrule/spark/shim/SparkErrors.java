package chainrule.spark.shim;

import java.util.Optional;
import org.apache.spark.SparkThrowable;

/** Spark's error conditions, by the names that its documentation lists. */
public final class SparkErrors {
  private SparkErrors() {}

  /** Returns the error condition of a failure, or nothing if the failure has none. */
  public static Optional<String> condition(Throwable failure) {
    return Optional.ofNullable(
        failure instanceof SparkThrowable known ? known.getErrorClass() : null);
  }
}
