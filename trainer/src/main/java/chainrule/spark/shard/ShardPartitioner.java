package chainrule.spark.shard;

import chainrule.data.Placement;
import org.apache.spark.Partitioner;

/** Sends a {@link KeyedRow} to the partition that its key's highest bits name. */
final class ShardPartitioner extends Partitioner {
  private static final long serialVersionUID = 1;

  private final int partitions;

  /**
   * @param partitions a power of two
   */
  ShardPartitioner(int partitions) {
    Placement.checkShards(partitions);
    this.partitions = partitions;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    return Placement.shard(((KeyedRow) key).key(), partitions);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShardPartitioner partitioner && partitioner.partitions == partitions;
  }

  @Override
  public int hashCode() {
    return partitions;
  }
}
