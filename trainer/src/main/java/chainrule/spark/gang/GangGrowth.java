package chainrule.spark.gang;

import chainrule.spark.cluster.ExecutorPool;
import chainrule.train.shard.Request;
import chainrule.train.shard.StepPlan;
import java.util.concurrent.TimeUnit;

/** When a gang looks for room for more tasks, and how much it finds. For the thread that asks. */
final class GangGrowth {
  /** At an epoch's end, and at any step after this long, the gang looks for room to grow. */
  private static final long SECONDS = 60;

  private static final long SECONDS_AT_EPOCH = 5;

  private final ExecutorPool executors;
  private final StepPlan plan;
  private long looked = System.nanoTime();
  private long hoped = System.nanoTime();

  GangGrowth(ExecutorPool executors, StepPlan plan) {
    this.executors = executors;
    this.plan = plan;
  }

  /**
   * Returns how many tasks there should be.
   *
   * @param tasks that there are
   * @param request the next
   */
  int wanted(int tasks, Request<?> request) {
    if (tasks >= plan.shards()) {
      return tasks;
    }
    boolean epochBegins =
        request instanceof Request.Gradient gradient && gradient.step() % plan.stepsPerEpoch() == 0;
    long now = System.nanoTime();
    long since = TimeUnit.NANOSECONDS.toSeconds(now - looked);
    if (since < (epochBegins ? SECONDS_AT_EPOCH : SECONDS)) {
      return tasks;
    }
    looked = now;
    int room = executors.slots();
    // With dynamic allocation executors come only if more tasks wait for them, so it is tried.
    if (TimeUnit.NANOSECONDS.toSeconds(now - hoped) >= SECONDS && epochBegins) {
      room = Math.max(room, executors.slotsToHopeFor());
      hoped = now;
    }
    return Math.max(tasks, Math.min(room, plan.shards()));
  }
}
