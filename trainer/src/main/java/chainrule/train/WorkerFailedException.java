package chainrule.train;

/** A worker could not answer; the cause is the worker's own. */
public final class WorkerFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public WorkerFailedException(Throwable cause) {
    super("Cannot compute: a worker failed: " + cause.getMessage(), cause);
  }
}
