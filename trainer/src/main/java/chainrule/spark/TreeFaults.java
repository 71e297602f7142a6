package chainrule.spark;

import chainrule.train.Faults;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.Success$;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** What Spark lost and did again while it ran a job a step. Threads may share it. */
final class TreeFaults extends SparkListener {
  private final Set<Integer> repeatedStages = new LinkedHashSet<>();
  private int executorsLost;
  private double secondsLost;

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    String reason = removed.reason();
    // Dynamic allocation sends idle ones away.
    if (!reason.contains("killed by driver") && !reason.contains("decommission")) {
      executorsLost++;
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    boolean failed = end.reason() != Success$.MODULE$ && !(end.reason() instanceof TaskKilled);
    if (failed) {
      repeatedStages.add(end.stageId());
      secondsLost += end.taskInfo().duration() * 1e-3;
    }
  }

  synchronized Faults faults() {
    return new Faults(
        executorsLost, 0, repeatedStages.size(), secondsLost, 0, List.of(), List.of());
  }
}
