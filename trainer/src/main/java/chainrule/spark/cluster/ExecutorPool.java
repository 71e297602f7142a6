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
 * The executors of a Spark context: how many tasks they take, what they hold, and how to be rid of
 * one that hangs. Spark keeps most of this to itself in Scala, though not in Java; this class alone
 * uses it.
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
   * @param id Spark's name of the executor
   * @param host where it runs
   * @param slots how many tasks it runs at once
   */
  public record Member(String id, String host, int slots) {
    /** Returns the name by which Spark's scheduler knows the executor as a place for a task. */
    public String location() {
      return "executor_" + host + "_" + id;
    }
  }

  /** Returns how many tasks can run at once, if nothing else does. */
  public int slots() {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  /**
   * Returns the executors that live; none in local mode. What Spark says of an executor may lag
   * behind for some seconds: this tells where to put tasks, not how many.
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

  /**
   * Returns the names of executors, as in {@link Member#location}, that hold a cached partition.
   */
  public Set<String> locations(RDD<?> rdd, int partition) {
    Set<String> locations = new TreeSet<>();
    for (TaskLocation location :
        ScalaCollections.toList(context.getPreferredLocs(rdd, partition))) {
      locations.add(location.toString());
    }
    return locations;
  }

  /** Returns whether there is no executor, where there are such processes. */
  boolean none() {
    return context.schedulerBackend() instanceof CoarseGrainedSchedulerBackend
        && context.getExecutorIds().isEmpty();
  }

  /** Returns whether Spark knows the executor. */
  public boolean has(String id) {
    return ScalaCollections.toList(context.getExecutorIds()).contains(id);
  }

  /** Returns how many tasks could run once all executors have come that may be asked for. */
  public int slotsToHopeFor() {
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
   * Gives an executor up that doesn't answer: it is killed, and Spark is told at once what its own
   * heartbeats would tell it in minutes, so that nobody waits for rows that it holds.
   */
  public void discard(String id, String reason) {
    if (!(context.schedulerBackend() instanceof CoarseGrainedSchedulerBackend backend)) {
      return;
    }
    LOG.warn("Giving up executor {}: {}", id, reason);
    try {
      context.killAndReplaceExecutor(id);
      backend
          .driverEndpoint()
          .send(new RemoveExecutor(id, new ExecutorProcessLost(reason, Option.empty(), true)));
    } catch (LinkageError e) {
      LOG.warn("This Spark hides how to remove executor {}; waiting for it to notice", id, e);
      context.killExecutor(id);
    }
  }
}
