package chainrule.spark;

/** Executors were lost again and again, without a step done in between. */
final class ClusterLostException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClusterLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
