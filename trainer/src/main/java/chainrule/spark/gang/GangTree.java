package chainrule.spark.gang;

import chainrule.math.Check;
import chainrule.spark.shard.NeighbourCoalescer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tree in which executors send their sums to the driver. Up to {@code fanIn} executors send to
 * the driver directly. More executors form {@code fanIn} groups: the head of each group sends to
 * the driver and collects the sums of its group in the same way, so nobody receives from more than
 * {@code fanIn} executors. A group's shards are neighbours, so most of their sums merge in its
 * head.
 */
final class GangTree {
  /**
   * An executor of the gang.
   *
   * @param port port at which it accepts other executors
   * @param shards number of shards of its own tasks
   */
  record Executor(String id, String host, int port, int shards) {
    /** Returns the executor with the shards of another of its tasks. */
    Executor with(Executor other) {
      return new Executor(id, host, port, shards + other.shards);
    }
  }

  /**
   * An executor's place in the tree.
   *
   * @param parentHost host to which it sends sums; empty for the driver
   * @param ownShards number of shards of its own tasks
   * @param childShards number of shards of the executors that send their sums here
   */
  record Place(String parentHost, int parentPort, int ownShards, int childShards) {
    boolean belowDriver() {
      return parentHost.isEmpty();
    }
  }

  private final int fanIn;
  private final Map<String, Place> places = new HashMap<>();

  private GangTree(int fanIn) {
    this.fanIn = fanIn;
  }

  /**
   * Returns each executor's place, by its id.
   *
   * @param executors in the order of their shards
   */
  static Map<String, Place> places(List<Executor> executors, int fanIn) {
    Check.argument(fanIn > 1, "fan-in", fanIn, "> 1");
    var tree = new GangTree(fanIn);
    tree.assign(executors, "", 0);
    return tree.places;
  }

  private void assign(List<Executor> executors, String parentHost, int parentPort) {
    int groups = Math.min(fanIn, executors.size());
    for (int i = 0; i < groups; i++) {
      int from = NeighbourCoalescer.start(i, groups, executors.size());
      int to = NeighbourCoalescer.start(i + 1, groups, executors.size());
      Executor head = executors.get(from);
      List<Executor> below = executors.subList(from + 1, to);
      int childShards = below.stream().mapToInt(Executor::shards).sum();
      places.put(head.id, new Place(parentHost, parentPort, head.shards, childShards));
      assign(below, head.host, head.port);
    }
  }
}
