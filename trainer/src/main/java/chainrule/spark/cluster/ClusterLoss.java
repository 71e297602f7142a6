package chainrule.spark.cluster;

import org.apache.spark.SparkException;

/** Tells a cluster that is gone from a fault of the program. */
public final class ClusterLoss {
  private ClusterLoss() {}

  /** Returns whether a failure came because there are no executors, or no context, any more. */
  public static boolean isCause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClusterLostException || cause instanceof NoSlotsException) {
        return true;
      }
      // Spark has no types for these; the texts are those of its scheduler.
      String message = String.valueOf(cause.getMessage());
      boolean sparks = cause instanceof SparkException || cause instanceof IllegalStateException;
      if (sparks
          && (message.contains("ExecutorLostFailure")
              || message.contains("SparkContext was shut down")
              || message.contains("stopped SparkContext"))) {
        return true;
      }
    }
    return false;
  }
}
