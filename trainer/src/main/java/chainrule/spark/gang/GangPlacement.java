package chainrule.spark.gang;

import chainrule.spark.cluster.ExecutorPool;
import chainrule.spark.shard.NeighbourCoalescer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.rdd.RDD;

/**
 * Chooses the preferred executor of each group of shards: the one that caches most of them, as long
 * as it has a free slot. Every group gets an executor with a slot, because Spark delays a task
 * whose preferred executor is busy. Otherwise neighbouring groups go to the same executor, where
 * their sums merge.
 */
final class GangPlacement {
  private GangPlacement() {}

  /**
   * Returns a location for each group; none in local mode.
   *
   * @param shards one partition for each shard
   */
  static List<String> of(ExecutorPool executors, RDD<?> shards, int groups) {
    List<ExecutorPool.Member> members = executors.members();
    if (members.isEmpty()) {
      return List.of();
    }
    List<Map<String, Integer>> held = new ArrayList<>();
    int partitions = shards.getNumPartitions();
    for (int group = 0; group < groups; group++) {
      Map<String, Integer> counts = new HashMap<>();
      int end = NeighbourCoalescer.start(group + 1, groups, partitions);
      for (int i = NeighbourCoalescer.start(group, groups, partitions); i < end; i++) {
        executors.locations(shards, i).forEach(where -> counts.merge(where, 1, Integer::sum));
      }
      held.add(counts);
    }
    return assign(members, held);
  }

  /**
   * Assigns groups to executors.
   *
   * @param held for each group, the number of its shards that each executor caches, by location
   */
  static List<String> assign(List<ExecutorPool.Member> members, List<Map<String, Integer>> held) {
    Map<String, Integer> free = new HashMap<>();
    members.forEach(member -> free.put(member.location(), member.slots()));
    String[] places = new String[held.size()];
    for (int group = 0; group < places.length; group++) {
      Map<String, Integer> counts = held.get(group);
      Optional<ExecutorPool.Member> best =
          members.stream()
              .filter(member -> counts.containsKey(member.location()))
              .filter(member -> free.get(member.location()) > 0)
              .max((a, b) -> Integer.compare(counts.get(a.location()), counts.get(b.location())));
      if (best.isPresent()) {
        places[group] = best.get().location();
        free.merge(places[group], -1, Integer::sum);
      }
    }
    for (int group = 0; group < places.length; group++) {
      if (places[group] == null) {
        Optional<ExecutorPool.Member> any =
            members.stream().filter(member -> free.get(member.location()) > 0).findFirst();
        places[group] = any.map(ExecutorPool.Member::location).orElse("");
        any.ifPresent(member -> free.merge(member.location(), -1, Integer::sum));
      }
    }
    return List.of(places);
  }
}
