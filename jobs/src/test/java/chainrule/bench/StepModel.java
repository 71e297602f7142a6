package chainrule.bench;

import chainrule.math.Check;

/**
 * What a step takes on E executors of one core each, from what was measured on few and the network
 * between them. A calculation, not a simulation. Immutable.
 *
 * <p>Assumed: all executors are equally fast, so nobody waits for a straggler, and have the same
 * rows. A place that hears many (the driver, the head of a group) handles their messages one after
 * the other, {@code messageSeconds + 4 · values · byteSeconds} each, whether they come or go; in
 * different places that happens at the same time. Each hop adds the network's latency, each byte
 * what its bandwidth takes at the busier end. Of the shards, as many as there are executors at
 * least, each executor has an equal range, and sends the sums of the largest nodes of the fixed
 * tree in the range that it answers for: one where ranges are aligned, up to 2 · log₂(shards) where
 * not.
 *
 * <p>{@code gang}: sums go up a tree of executors of this fan-in, as in {@code GangTree}, the
 * driver updates, parameters go down the same way. {@code tree}: a Spark job; its tasks are
 * launched one after the other; the broadcast doubles the number of those that have the parameters
 * again and again; above 16 tasks a second stage merges in √tasks groups.
 *
 * @param messageSeconds to handle a message, however short
 * @param byteSeconds to handle a byte of a message: copy, send or receive, add
 * @param updateSeconds what the optimizer takes for a parameter
 * @param stageSeconds of a Spark job's stage without tasks
 * @param taskSeconds that each task adds to a stage
 * @param latencySeconds of the network, one way
 * @param bandwidth of the network in bytes a second, each way; infinite inside one machine
 */
record StepModel(
    double messageSeconds,
    double byteSeconds,
    double updateSeconds,
    double stageSeconds,
    double taskSeconds,
    double latencySeconds,
    double bandwidth) {
  /** Up to so many tasks the engine tree has one stage. */
  private static final int ONE_STAGE = 16;

  StepModel {
    Check.argument(bandwidth > 0, "bandwidth", bandwidth, "> 0");
  }

  /** Returns the same with machines that a network connects. */
  StepModel over(double newLatencySeconds, double newBandwidth) {
    return new StepModel(
        messageSeconds,
        byteSeconds,
        updateSeconds,
        stageSeconds,
        taskSeconds,
        newLatencySeconds,
        newBandwidth);
  }

  /** Returns a step's time beyond computing with the engine gang. */
  double gangSeconds(int executors, int fanIn, int parameters) {
    return new Gang(executors, fanIn, parameters).seconds() + updateSeconds * parameters;
  }

  /** Returns a step's time beyond computing with the engine tree. */
  double treeSeconds(int tasks, int parameters) {
    double vector = vectorSeconds(parameters);
    double broadcast = Math.ceil(Math.log(tasks + 1) / Math.log(2)) * (latencySeconds + vector);
    double seconds = updateSeconds * parameters + broadcast + stageSeconds + tasks * taskSeconds;
    if (tasks <= ONE_STAGE) {
      return seconds + latencySeconds + tasks * vector;
    }
    int groups = Integer.highestOneBit((int) Math.sqrt(tasks));
    double merging = latencySeconds + (double) tasks / groups * vector;
    return seconds
        + stageSeconds
        + groups * taskSeconds
        + merging
        + latencySeconds
        + groups * vector;
  }

  private double vectorSeconds(int parameters) {
    return 4.0 * parameters * (byteSeconds + 1 / bandwidth);
  }

  /** The way of sums and parameters through a tree of executors. */
  private final class Gang {
    private final int executors;
    private final int fanIn;
    private final double vector;

    Gang(int executors, int fanIn, int parameters) {
      Check.argument(executors > 0, "executors", executors, "> 0");
      Check.argument(fanIn > 1, "fan-in", fanIn, "> 1");
      this.executors = executors;
      this.fanIn = fanIn;
      this.vector = vectorSeconds(parameters);
    }

    double seconds() {
      return up(0, executors) + down(0, executors);
    }

    /** Returns when the sums of a range of executors are at the place above. */
    private double up(int from, int to) {
      int groups = Math.min(fanIn, to - from);
      double slowest = 0;
      int vectors = 0;
      for (int i = 0; i < groups; i++) {
        int head = start(i, groups, from, to);
        int end = start(i + 1, groups, from, to);
        slowest = Math.max(slowest, head + 1 < end ? up(head + 1, end) : 0);
        vectors += nodes(head, end);
      }
      return slowest + latencySeconds + groups * messageSeconds + vectors * vector;
    }

    private double down(int from, int to) {
      int groups = Math.min(fanIn, to - from);
      double slowest = 0;
      for (int i = 0; i < groups; i++) {
        int head = start(i, groups, from, to);
        int end = start(i + 1, groups, from, to);
        slowest = Math.max(slowest, head + 1 < end ? down(head + 1, end) : 0);
      }
      return slowest + latencySeconds + groups * (messageSeconds + vector);
    }

    private int start(int group, int groups, int from, int to) {
      return from + (int) ((long) group * (to - from) / groups);
    }
  }

  /**
   * Returns how many nodes of a binary tree make up the leaves of a range, the largest there are.
   */
  static int nodes(int from, int to) {
    int count = 0;
    int at = from;
    while (at < to) {
      int size = at == 0 ? Integer.highestOneBit(to) : Integer.lowestOneBit(at);
      while (size > to - at) {
        size /= 2;
      }
      at += size;
      count++;
    }
    return count;
  }
}
