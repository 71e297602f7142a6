package chainrule.spark.cluster;

/** Executors were lost: all of them, or again and again without a step done in between. */
public final class ClusterLostException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ClusterLostException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Tells that none came after the last one was lost: one sentence, whoever waited. */
  public static ClusterLostException noneCame(int seconds) {
    return new ClusterLostException(
        "Cannot go on: all executors were lost, and no executor came for " + seconds + " s", null);
  }
}
