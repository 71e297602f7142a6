package chainrule.spark.gang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GangTreeTest {
  private static List<GangTree.Executor> executors(int count) {
    List<GangTree.Executor> executors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      executors.add(new GangTree.Executor("e" + i, "h" + i, 7000 + i, 1 + i % 3));
    }
    return executors;
  }

  @Test
  void aFewExecutorsSendToTheDriver() {
    Map<String, GangTree.Place> places = GangTree.places(executors(2), 8);
    assertThat(places)
        .containsOnly(
            Map.entry("e0", new GangTree.Place("", 0, 1, 0)),
            Map.entry("e1", new GangTree.Place("", 0, 2, 0)));
    assertThat(places.get("e0").belowDriver()).isTrue();
  }

  @Test
  void headsCollectForTheirNeighbours() {
    Map<String, GangTree.Place> places = GangTree.places(executors(5), 2);
    assertThat(places)
        .containsOnly(
            Map.entry("e0", new GangTree.Place("", 0, 1, 2)),
            Map.entry("e1", new GangTree.Place("h0", 7000, 2, 0)),
            Map.entry("e2", new GangTree.Place("", 0, 3, 3)),
            Map.entry("e3", new GangTree.Place("h2", 7002, 1, 0)),
            Map.entry("e4", new GangTree.Place("h2", 7002, 2, 0)));
  }

  @Property
  void nobodyReceivesFromMoreThanTheFanInAndEveryShardArrives(
      @ForAll @IntRange(min = 1, max = 300) int count,
      @ForAll @IntRange(min = 2, max = 9) int fanIn) {
    List<GangTree.Executor> executors = executors(count);
    Map<String, GangTree.Place> places = GangTree.places(executors, fanIn);
    assertThat(places).hasSize(count);
    Map<String, Integer> children = new HashMap<>();
    Map<String, Integer> shards = new HashMap<>();
    places
        .values()
        .forEach(
            place -> {
              children.merge(place.parentHost(), 1, Integer::sum);
              shards.merge(
                  place.parentHost(), place.ownShards() + place.childShards(), Integer::sum);
            });
    assertThat(children.values()).allMatch(received -> received <= fanIn);
    assertThat(shards.get(""))
        .isEqualTo(executors.stream().mapToInt(GangTree.Executor::shards).sum());
    for (int i = 0; i < count; i++) {
      assertThat(shards.getOrDefault("h" + i, 0)).isEqualTo(places.get("e" + i).childShards());
    }
  }

  @Test
  void refusesAFanInOfOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GangTree.places(executors(2), 1))
        .withMessage("Invalid fan-in: 1 (must be > 1)");
  }
}
