package chainrule.train.shard;

import chainrule.train.history.Faults;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Sums;

/**
 * Computes sums over rows: in one JVM, by a Spark job for each step, or by a gang of long-lived
 * tasks. The training loop does not depend on which, and neither do the bits of the sums.
 *
 * <p>Not for sharing: one loop asks, one request at a time.
 */
public interface GradientSource extends AutoCloseable {
  /** Returns which rows each step uses. */
  StepPlan plan();

  /** Returns the number of validation rows. */
  long validationRows();

  /**
   * Returns the sums over all shards that answer a request.
   *
   * @param parameters P values; not kept, and must not change meanwhile
   */
  <S extends Sums<S>> S ask(Request<S> request, float[] parameters);

  /** Takes back a buffer that {@link #ask} returned, to reuse it. */
  default void recycle(GradientBuffer buffer) {}

  /**
   * Returns the seconds in which the slowest worker computed since the last call: for the history
   * only.
   */
  double takeComputeSeconds();

  /** Returns the faults so far that were overcome; any thread may call it. */
  default Faults faults() {
    return Faults.none();
  }

  @Override
  void close();
}
