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
 * Names an executor for each group of shards: the one that holds most of them, as long as it has a
 * slot. Every group gets one, since Spark makes a task wait that would like an executor with no
 * slot left. Neighbours go to one executor if nothing else decides, as their sums merge there.
 */
final class GangPlacement {
  private GangPlacement() {}

  /**
   * Returns a location for each group; none in local mode.
   *
   * @param shards a partition for each shard, cached where it was used before
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
   * @param held for each group how many of its shards an executor holds, by location
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
