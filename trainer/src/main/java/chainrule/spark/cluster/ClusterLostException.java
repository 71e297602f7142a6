package chainrule.spark.cluster;

/**
 * All executors were lost, or executors were lost repeatedly without a finished step in between.
 */
public final class ClusterLostException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ClusterLostException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns the exception for a wait in which no executor replaced the lost ones. */
  public static ClusterLostException noneCame(int seconds) {
    return new ClusterLostException(
        "Cannot continue: all executors were lost, and no new one registered for " + seconds + " s",
        null);
  }
}
