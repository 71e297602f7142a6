package chainrule.spark.gang;

import chainrule.data.Causes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A gang's executors cannot connect to the driver or to each other, although tasks run on them. */
public final class UnreachableException extends UncheckedIOException {
  private static final long serialVersionUID = 1;

  UnreachableException(String message, IOException cause) {
    super(message, cause);
  }

  /** Returns the exception for a failed connection to the driver. */
  static UnreachableException driver(String host, int port, IOException cause) {
    return new UnreachableException(
        String.format(
            "Cannot train with the gang engine: executors cannot connect to the driver at %s:%d (set"
                + " spark.chainrule.driver.host and spark.chainrule.driver.port to an address that"
                + " the network allows, or use training.engine=tree)",
            host, port),
        cause);
  }

  /** Returns the exception for a failed connection to another executor. */
  static UnreachableException executor(String host, int port, IOException cause) {
    return new UnreachableException(
        String.format(
            "Cannot train with the gang engine: executors cannot connect to the executor at %s:%d"
                + " (set spark.chainrule.executor.port to a port that the network allows, or use"
                + " training.engine=tree)",
            host, port),
        cause);
  }

  /** Returns an exception with the message of the first of these in the chain of causes. */
  static UnreachableException again(Throwable failure) {
    UnreachableException cause = of(failure).orElseThrow();
    return new UnreachableException(cause.getMessage(), new IOException(failure));
  }

  /** Returns the first of these in the chain of causes. */
  static Optional<UnreachableException> of(Throwable failure) {
    return Causes.find(failure, UnreachableException.class);
  }
}
