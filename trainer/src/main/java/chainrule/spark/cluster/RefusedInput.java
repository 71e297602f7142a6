package chainrule.spark.cluster;

import chainrule.data.Causes;
import chainrule.data.InvalidDataException;
import chainrule.data.RowProblemException;
import java.util.Arrays;
import java.util.Optional;

/** Distinguishes invalid rows and files, which fail again at each try, from other failures. */
public final class RefusedInput {
  private RefusedInput() {}

  /** Returns the exception about the invalid input, if one caused the failure. */
  public static Optional<RuntimeException> of(Throwable failure) {
    return Causes.stream(failure)
        .filter(
            cause -> cause instanceof InvalidDataException || cause instanceof RowProblemException)
        .findFirst()
        .map(RuntimeException.class::cast);
  }

  /** Returns an exception with the type and message of the verdict and the failure as its cause. */
  public static RuntimeException because(RuntimeException verdict, Throwable failure) {
    if (verdict == failure) {
      return verdict;
    }
    RuntimeException exception;
    if (verdict instanceof RowProblemException row) {
      exception = new RowProblemException(row.problem(), failure);
    } else if (verdict instanceof ClusterLostException) {
      exception = new ClusterLostException(verdict.getMessage(), failure);
    } else {
      exception = new InvalidDataException(verdict.getMessage(), failure);
    }
    // Suppressed exceptions name the checkpoint that was kept.
    Arrays.stream(failure.getSuppressed()).forEach(exception::addSuppressed);
    return exception;
  }
}
