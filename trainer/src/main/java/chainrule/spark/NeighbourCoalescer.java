package chainrule.spark;

import java.io.Serializable;
import org.apache.spark.Partition;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/**
 * Groups neighbouring partitions in their order, evenly by number. Spark's own coalescer groups by
 * locality and gives no order.
 */
final class NeighbourCoalescer implements PartitionCoalescer, Serializable {
  private static final long serialVersionUID = 1;

  /** Returns the first partition of a group. */
  static int start(int group, int groups, int partitions) {
    return (int) ((long) group * partitions / groups);
  }

  @Override
  public PartitionGroup[] coalesce(int groups, RDD<?> parent) {
    Partition[] partitions = parent.partitions();
    PartitionGroup[] result = new PartitionGroup[groups];
    for (int group = 0; group < groups; group++) {
      result[group] = new PartitionGroup(Option.empty());
      int end = start(group + 1, groups, partitions.length);
      for (int i = start(group, groups, partitions.length); i < end; i++) {
        result[group].partitions().addOne(partitions[i]);
      }
    }
    return result;
  }

  /** Returns the RDD with neighbours grouped into at most {@code groups} partitions, no shuffle. */
  static <T> RDD<T> coalesce(RDD<T> rdd, int groups) {
    int fewer = Math.min(groups, rdd.getNumPartitions());
    return rdd.coalesce(fewer, false, Option.apply(new NeighbourCoalescer()), null);
  }
}
