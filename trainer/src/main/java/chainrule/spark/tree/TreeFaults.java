package chainrule.spark.tree;

import chainrule.spark.cluster.JobWatch;
import chainrule.spark.cluster.LostExecutors;
import chainrule.train.history.Faults;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.spark.Success$;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts lost executors and repeated steps of the tree engine. Threads may share it. */
final class TreeFaults extends SparkListener {
  private final Set<Integer> repeatedStages = new LinkedHashSet<>();
  private final LostExecutors lostExecutors;
  private double secondsLost;

  TreeFaults(JobWatch watch) {
    this.lostExecutors = new LostExecutors(watch);
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
    return Faults.ofSteps(repeatedStages.size(), secondsLost)
        .plus(Faults.ofExecutors(lostExecutors.count()));
  }
}
