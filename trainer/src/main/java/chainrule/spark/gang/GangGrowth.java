package chainrule.spark.gang;

import chainrule.spark.cluster.ExecutorPool;
import chainrule.train.shard.Request;
import chainrule.train.shard.StepPlan;
import java.util.concurrent.TimeUnit;

/** Decides when a gang checks for free slots, and how many tasks it should have. For one thread. */
final class GangGrowth {
  /** Time between two checks at any step. */
  private static final long SECONDS = 60;

  /** Time between two checks at the start of an epoch, when a new attempt costs least. */
  private static final long SECONDS_AT_EPOCH = 5;

  private final ExecutorPool executors;
  private final StepPlan plan;
  private long checked = System.nanoTime();
  private long requested = System.nanoTime();

  GangGrowth(ExecutorPool executors, StepPlan plan) {
    this.executors = executors;
    this.plan = plan;
  }

  /**
   * Returns the number of tasks that the gang should have.
   *
   * @param tasks the current number
   * @param request the next request
   */
  int wanted(int tasks, Request<?> request) {
    if (tasks >= plan.shards()) {
      return tasks;
    }
    boolean epochBegins =
        request instanceof Request.Gradient gradient && gradient.step() % plan.stepsPerEpoch() == 0;
    long now = System.nanoTime();
    long since = TimeUnit.NANOSECONDS.toSeconds(now - checked);
    if (since < (epochBegins ? SECONDS_AT_EPOCH : SECONDS)) {
      return tasks;
    }
    checked = now;
    int room = executors.slots();
    // Dynamic allocation starts executors only while tasks wait for slots, so request them.
    if (TimeUnit.NANOSECONDS.toSeconds(now - requested) >= SECONDS && epochBegins) {
      room = Math.max(room, executors.maximumSlots());
      requested = now;
    }
    return Math.max(tasks, Math.min(room, plan.shards()));
  }
}
