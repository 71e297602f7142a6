package chainrule.spark.shard;

import chainrule.data.Block;
import chainrule.data.RawRow;

/**
 * A row of a shard and the part of the table it belongs to.
 *
 * @param part training or validation
 * @param row not copied
 */
public record PlacedRow(Block.Part part, RawRow row) {}
