package chainrule.spark.gang;

import chainrule.spark.cluster.ClusterLostException;
import chainrule.spark.cluster.ExecutorPool;
import chainrule.spark.cluster.RefusedInput;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits, between two attempts, until Spark has noticed a lost executor and has a slot again. */
final class SlotWait {
  private static final Logger LOG = LoggerFactory.getLogger(SlotWait.class);
  private static final long POLL_MILLIS = 100;
  private static final long REMOVAL_SECONDS = 3;

  private final SparkContext context;
  private final ExecutorPool executors;
  private final int slotsSeconds;

  /**
   * @param slotsSeconds how long to wait for a slot
   */
  SlotWait(SparkContext context, ExecutorPool executors, int slotsSeconds) {
    this.context = context;
    this.executors = executors;
    this.slotsSeconds = slotsSeconds;
  }

  /**
   * Waits up to {@value #REMOVAL_SECONDS} s until Spark has removed an executor, so that it sends
   * no task there.
   *
   * @param executor empty if none was lost
   */
  void awaitRemoval(String executor) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(REMOVAL_SECONDS);
    while (!executor.isEmpty() && executors.has(executor) && System.nanoTime() < end) {
      pause();
    }
  }

  /**
   * Waits until there is a slot and returns how many there are.
   *
   * @param loss the cause of the exception, if no slot appears
   * @throws ClusterLostException if no executor registers in time
   */
  int awaitSlots(Throwable loss) {
    if (executors.slots() == 0 && executors.maximumSlots() > 0) {
      return executors.maximumSlots(); // dynamic allocation starts executors for waiting tasks
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(slotsSeconds);
    boolean logged = false;
    while (executors.slots() == 0) {
      if (context.isStopped() || System.nanoTime() > end) {
        throw RefusedInput.because(ClusterLostException.noneCame(slotsSeconds), loss);
      }
      if (!logged) {
        LOG.warn("All executors were lost; waiting for new ones");
        logged = true;
      }
      pause();
    }
    return executors.slots();
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot train: interrupted while waiting for executors", e);
    }
  }
}
