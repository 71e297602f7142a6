package chainrule.train.shard;

import chainrule.train.history.Faults;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Sums;

/**
 * Where gradients come from: one JVM, a Spark job a step, or a gang of long-lived tasks. The
 * training loop does not know which, and the bits of the sums do not say.
 *
 * <p>Not for sharing: one loop asks, one question at a time.
 */
public interface GradientSource extends AutoCloseable {
  /** Returns which rows each step uses. */
  StepPlan plan();

  /** Returns how many rows are held out for validation. */
  long validationRows();

  /**
   * Returns the sums that answer a request, over all shards.
   *
   * @param parameters P values; not kept, and not changed meanwhile
   */
  <S extends Sums<S>> S ask(Request<S> request, float[] parameters);

  /** Offers a buffer that {@link #ask} returned for use again. */
  default void recycle(GradientBuffer buffer) {}

  /**
   * Returns the seconds the slowest worker has spent computing since this was last called: for the
   * history, nothing else.
   */
  double takeComputeSeconds();

  /** Returns what went wrong so far and was overcome; may be called by any thread. */
  default Faults faults() {
    return Faults.none();
  }

  @Override
  void close();
}
