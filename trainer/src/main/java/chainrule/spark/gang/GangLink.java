package chainrule.spark.gang;

import chainrule.train.shard.Exchange;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** How a task talks to the driver of its gang: in one JVM, or through Spark's transport. */
interface GangLink extends AutoCloseable {
  /**
   * Says that the task is there.
   *
   * @return completes with the place of the task's executor when all tasks are ready, or with
   *     nothing when the attempt is over or the task isn't needed
   */
  CompletableFuture<Optional<GangTree.Place>> register(int partition, long taskAttempt);

  /** Says that the task has its rows. */
  void ready(int partition, long taskAttempt);

  /** Says that the task failed, and returns when the driver knows. */
  void fail(int partition, long taskAttempt, Throwable cause);

  /** Returns where the task's questions come from. */
  Exchange exchange(GangTree.Place place);

  @Override
  void close();
}
