package chainrule.spark.cluster;

import chainrule.data.InvalidDataException;
import chainrule.data.RowProblemException;
import java.util.Arrays;
import java.util.Optional;

/** Tells rows and files that were refused, and would be again, from failures that may be chance. */
public final class RefusedInput {
  private RefusedInput() {}

  /** Returns what was refused, if that was the cause of a failure. */
  public static Optional<RuntimeException> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidDataException || cause instanceof RowProblemException) {
        return Optional.of((RuntimeException) cause);
      }
    }
    return Optional.empty();
  }

  /** Returns what to throw where a verdict made something fail. */
  public static RuntimeException because(RuntimeException verdict, Throwable failure) {
    if (verdict == failure) {
      return verdict;
    }
    RuntimeException told;
    if (verdict instanceof RowProblemException row) {
      told = new RowProblemException(row.problem(), failure);
    } else if (verdict instanceof ClusterLostException) {
      told = new ClusterLostException(verdict.getMessage(), failure);
    } else {
      told = new InvalidDataException(verdict.getMessage(), failure);
    }
    // What was kept is said in what is suppressed.
    Arrays.stream(failure.getSuppressed()).forEach(told::addSuppressed);
    return told;
  }
}
