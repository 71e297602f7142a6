package chainrule.train.shard;

/** A worker failed; the cause is the exception that it threw. */
public final class WorkerFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public WorkerFailedException(Throwable cause) {
    super("Cannot compute: a worker failed: " + reason(cause), cause);
  }

  private static String reason(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
