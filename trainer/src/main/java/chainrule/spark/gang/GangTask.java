package chainrule.spark.gang;

import chainrule.spark.shard.ShardedRows;
import chainrule.train.shard.Shard;
import chainrule.train.shard.ShardWorker;
import chainrule.train.shard.StepPlan;
import chainrule.train.sums.Objective;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The code of a task: registers, loads its shards, and answers requests until the attempt ends. It
 * returns no value, because a speculative copy of the task may end first.
 */
record GangTask(GangAddress address, Objective objective, StepPlan plan, String kernels)
    implements VoidFunction<Iterator<Shard>>, Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(GangTask.class);
  private static final long POLL_MILLIS = 200;

  @Override
  public void call(Iterator<Shard> shards) throws Exception {
    TaskContext task = TaskContext.get();
    int partition = task.partitionId();
    long taskAttempt = task.taskAttemptId();
    Optional<GangLink> entered = enter();
    if (entered.isEmpty()) {
      return; // the attempt ended before this task started
    }
    try (GangLink link = entered.get()) {
      try {
        var place = link.register(partition, taskAttempt);
        ShardWorker worker = ShardedRows.worker(objective, plan, kernels, shards);
        link.ready(partition, taskAttempt);
        Optional<GangTree.Place> mine = await(place, task);
        if (mine.isPresent()) {
          link.exchange(mine.get()).work(worker, task::isInterrupted);
        }
      } catch (Throwable e) {
        link.fail(partition, taskAttempt, e);
        throw e;
      }
    }
  }

  private Optional<GangLink> enter() {
    return address.isLocal()
        ? LocalGangLink.find(address)
        : Optional.of(GangAgent.enter(address, objective, plan));
  }

  /** Waits until all tasks are ready or the attempt ends, unless the task is killed before. */
  private static Optional<GangTree.Place> await(
      CompletableFuture<Optional<GangTree.Place>> place, TaskContext task) throws Exception {
    while (!task.isInterrupted()) {
      try {
        return place.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        LOG.trace("Still waiting for the other tasks", e);
      } catch (ExecutionException e) {
        throw new IOException("lost the connection to the driver", e.getCause());
      }
    }
    return Optional.empty();
  }
}
