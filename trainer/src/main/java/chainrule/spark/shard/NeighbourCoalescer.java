package chainrule.spark.shard;

import chainrule.spark.shim.ScalaSerializable;
import java.util.List;
import org.apache.spark.Partition;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/**
 * Groups neighbouring partitions in their order, evenly by number. Spark's own coalescer groups by
 * locality and gives no order.
 */
public final class NeighbourCoalescer implements PartitionCoalescer, ScalaSerializable {
  private static final long serialVersionUID = 1;

  private final List<String> locations;

  /**
   * @param locations where each group should be computed; "" for anywhere, none for no wishes
   */
  private NeighbourCoalescer(List<String> locations) {
    this.locations = List.copyOf(locations);
  }

  /** Returns the first partition of a group. */
  public static int start(int group, int groups, int partitions) {
    return (int) ((long) group * partitions / groups);
  }

  @Override
  public PartitionGroup[] coalesce(int groups, RDD<?> parent) {
    Partition[] partitions = parent.partitions();
    PartitionGroup[] result = new PartitionGroup[groups];
    for (int group = 0; group < groups; group++) {
      result[group] = new PartitionGroup(location(group));
      int end = start(group + 1, groups, partitions.length);
      for (int i = start(group, groups, partitions.length); i < end; i++) {
        result[group].partitions().$plus$eq(partitions[i]);
      }
    }
    return result;
  }

  private Option<String> location(int group) {
    return group < locations.size() && !locations.get(group).isEmpty()
        ? Option.apply(locations.get(group))
        : Option.empty();
  }

  /** Returns the RDD with neighbours grouped into at most {@code groups} partitions, no shuffle. */
  public static <T> RDD<T> coalesce(RDD<T> rdd, int groups) {
    return coalesce(rdd, groups, List.of());
  }

  /**
   * Returns the RDD with neighbours grouped into at most {@code groups} partitions, no shuffle.
   *
   * @param locations where each group should be computed, by Spark's name of the executor
   */
  public static <T> RDD<T> coalesce(RDD<T> rdd, int groups, List<String> locations) {
    int fewer = Math.min(groups, rdd.getNumPartitions());
    return rdd.coalesce(fewer, false, Option.apply(new NeighbourCoalescer(locations)), null);
  }
}
