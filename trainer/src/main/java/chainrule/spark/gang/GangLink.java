package chainrule.spark.gang;

import chainrule.train.shard.Exchange;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A task's connection to the driver: method calls in one JVM, or Spark's transport. */
interface GangLink extends AutoCloseable {
  /**
   * Registers the task.
   *
   * @return completes with the executor's place in the tree when all tasks are ready, or empty when
   *     the attempt has ended or the task is not needed
   */
  CompletableFuture<Optional<GangTree.Place>> register(int partition, long taskAttempt);

  /** Reports that the task has loaded its rows. */
  void ready(int partition, long taskAttempt);

  /** Reports that the task failed, and waits for the driver's acknowledgement. */
  void fail(int partition, long taskAttempt, Throwable cause);

  /** Returns the exchange from which the task gets requests and parameters. */
  Exchange exchange(GangTree.Place place);

  @Override
  void close();
}
