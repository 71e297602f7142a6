package chainrule.spark.cluster;

import chainrule.data.Causes;
import org.apache.spark.SparkException;

/** Distinguishes the loss of the cluster from errors of the program. */
public final class ClusterLoss {
  private ClusterLoss() {}

  /** Returns whether a failure was caused by the loss of all executors or of the Spark context. */
  public static boolean isCause(Throwable failure) {
    return Causes.stream(failure).anyMatch(ClusterLoss::isLoss);
  }

  private static boolean isLoss(Throwable cause) {
    if (cause instanceof ClusterLostException || cause instanceof NoSlotsException) {
      return true;
    }
    // Spark has no exception types for these; the texts are those of its scheduler.
    String message = String.valueOf(cause.getMessage());
    boolean sparks = cause instanceof SparkException || cause instanceof IllegalStateException;
    return sparks
        && (message.contains("ExecutorLostFailure")
            || message.contains("SparkContext was shut down")
            || message.contains("stopped SparkContext"));
  }
}
