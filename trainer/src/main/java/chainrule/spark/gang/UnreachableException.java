package chainrule.spark.gang;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A gang's executors cannot reach the driver, or each other, though Spark's tasks run on them. */
public final class UnreachableException extends UncheckedIOException {
  private static final long serialVersionUID = 1;

  UnreachableException(String message, IOException cause) {
    super(message, cause);
  }

  /** Tells that the driver was not reached. */
  static UnreachableException driver(String host, int port, IOException cause) {
    return new UnreachableException(
        String.format(
            "Cannot train with the gang engine: executors do not reach the driver at %s:%d (let"
                + " them through, to a port that spark.chainrule.driver.port fixes and a host that"
                + " spark.chainrule.driver.host names, or use training.engine=tree)",
            host, port),
        cause);
  }

  /** Tells that an executor was not reached by another. */
  static UnreachableException executor(String host, int port, IOException cause) {
    return new UnreachableException(
        String.format(
            "Cannot train with the gang engine: executors do not reach the executor at %s:%d (let"
                + " them through, to a port that spark.chainrule.executor.port fixes, or use"
                + " training.engine=tree)",
            host, port),
        cause);
  }

  /** Returns what a failure had as its cause that is one of these, to be thrown again. */
  static UnreachableException again(Throwable failure) {
    UnreachableException cause = of(failure).orElseThrow();
    return new UnreachableException(cause.getMessage(), new IOException(failure));
  }

  /** Returns the cause of a failure that is one of these, if there is. */
  static Optional<UnreachableException> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnreachableException unreachable) {
        return Optional.of(unreachable);
      }
    }
    return Optional.empty();
  }
}
