package chainrule.spark.gang;

import chainrule.math.Check;
import chainrule.spark.shard.NeighbourCoalescer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who sends sums to whom. Up to {@code fanIn} executors send theirs to the driver. Of more, the
 * driver hears {@code fanIn} heads of groups, each of which collects its group's sums in the same
 * way, so that nobody ever hears more than that many others. Groups are neighbours in the order of
 * shards, so most of what meets in a head merges there.
 */
final class GangTree {
  /**
   * An executor that takes part.
   *
   * @param port where it listens to other executors
   * @param shards how many its own tasks answer for
   */
  record Seat(String executor, String host, int port, int shards) {
    /** Returns the seat with the shards of another task of this executor. */
    Seat with(Seat other) {
      return new Seat(executor, host, port, shards + other.shards);
    }
  }

  /**
   * An executor's place in the tree.
   *
   * @param parentHost whom it sends sums to; empty if to the driver
   * @param ownShards how many its own tasks answer for
   * @param childShards how many those answer for who send their sums here
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
   * Returns each executor's place.
   *
   * @param seats in the order of their shards
   */
  static Map<String, Place> places(List<Seat> seats, int fanIn) {
    Check.argument(fanIn > 1, "fan-in", fanIn, "> 1");
    var tree = new GangTree(fanIn);
    tree.assign(seats, "", 0);
    return tree.places;
  }

  private void assign(List<Seat> seats, String parentHost, int parentPort) {
    int groups = Math.min(fanIn, seats.size());
    for (int i = 0; i < groups; i++) {
      int from = NeighbourCoalescer.start(i, groups, seats.size());
      int to = NeighbourCoalescer.start(i + 1, groups, seats.size());
      Seat head = seats.get(from);
      List<Seat> below = seats.subList(from + 1, to);
      int childShards = below.stream().mapToInt(Seat::shards).sum();
      places.put(head.executor, new Place(parentHost, parentPort, head.shards, childShards));
      assign(below, head.host, head.port);
    }
  }
}
