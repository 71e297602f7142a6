package chainrule.spark.cluster;

import chainrule.spark.shim.ScalaCollections;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.ExecutorProcessLost;
import org.apache.spark.scheduler.TaskLocation;
import org.apache.spark.scheduler.cluster.CoarseGrainedClusterMessages.RemoveExecutor;
import org.apache.spark.scheduler.cluster.CoarseGrainedSchedulerBackend;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * The executors of a Spark context: their slots, the partitions they cache, and the removal of an
 * executor that hangs. Most of the Spark methods used here are private in Scala but public in Java.
 * Only this class calls them.
 */
public final class ExecutorPool {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorPool.class);

  private final SparkContext context;

  public ExecutorPool(SparkContext context) {
    this.context = context;
  }

  /**
   * An executor.
   *
   * @param id Spark's executor id
   * @param host the host it runs on
   * @param slots the number of tasks it runs concurrently
   */
  public record Member(String id, String host, int slots) {
    /** Returns the executor as a preferred location of a task, in the scheduler's format. */
    public String location() {
      return "executor_" + host + "_" + id;
    }
  }

  /** Returns the number of tasks that can run concurrently while no other job runs. */
  public int slots() {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  /**
   * Returns the running executors; none in local mode. Spark's status may be some seconds old, so
   * use the result to choose locations of tasks, not their number.
   */
  public List<Member> members() {
    List<Member> members = new ArrayList<>();
    if (context.schedulerBackend() instanceof CoarseGrainedSchedulerBackend backend) {
      for (ExecutorSummary summary :
          ScalaCollections.toList(context.statusStore().executorList(true))) {
        if (backend.isExecutorActive(summary.id())) {
          String host = summary.hostPort().replaceFirst(":\\d+$", "");
          members.add(new Member(summary.id(), host, Math.max(1, summary.maxTasks())));
        }
      }
    }
    return members;
  }

  /** Returns the executors that cache a partition, as in {@link Member#location}. */
  public Set<String> locations(RDD<?> rdd, int partition) {
    Set<String> locations = new TreeSet<>();
    for (TaskLocation location :
        ScalaCollections.toList(context.getPreferredLocs(rdd, partition))) {
      locations.add(location.toString());
    }
    return locations;
  }

  /** Returns whether the cluster has no executor now; false in local mode. */
  boolean none() {
    return context.schedulerBackend() instanceof CoarseGrainedSchedulerBackend
        && context.getExecutorIds().isEmpty();
  }

  /** Returns whether Spark has the executor registered. */
  public boolean has(String id) {
    return ScalaCollections.toList(context.getExecutorIds()).contains(id);
  }

  /**
   * Returns the number of slots after dynamic allocation has started as many executors as it may.
   */
  public int maximumSlots() {
    SparkConf conf = context.getConf();
    if (!conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      return slots();
    }
    int executors = conf.getInt("spark.dynamicAllocation.maxExecutors", Integer.MAX_VALUE);
    int slotsEach =
        members().stream()
            .mapToInt(Member::slots)
            .max()
            .orElse(
                Math.max(
                    1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1)));
    return (int) Math.min(Integer.MAX_VALUE, (long) executors * slotsEach);
  }

  /**
   * Removes an executor that does not respond. The executor is killed, and Spark's scheduler is
   * notified immediately rather than by missing heartbeats minutes later, so that no task waits for
   * the rows it caches.
   */
  public void discard(String id, String reason) {
    if (!(context.schedulerBackend() instanceof CoarseGrainedSchedulerBackend backend)) {
      return;
    }
    LOG.warn("Removing executor {}: {}", id, reason);
    try {
      context.killAndReplaceExecutor(id);
      backend
          .driverEndpoint()
          .send(new RemoveExecutor(id, new ExecutorProcessLost(reason, Option.empty(), true)));
    } catch (LinkageError e) {
      LOG.warn(
          "Cannot remove executor {} in this version of Spark; waiting for its heartbeat timeout",
          id,
          e);
      context.killExecutor(id);
    }
  }
}
