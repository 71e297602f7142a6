package chainrule.train.shard;

import chainrule.data.Block;
import chainrule.data.InputLayout;
import chainrule.data.PackedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The rows of one logical shard. Immutable; threads may share it.
 *
 * @param index of the shard, from 0
 * @param training its training rows, in order
 * @param validation its validation rows, in order
 */
public record Shard(int index, PackedRows training, PackedRows validation) {
  public Shard {
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(validation, "validation");
  }

  /** Makes a shard in memory from its blocks, those of each part in order. */
  public static Shard of(int index, InputLayout layout, Iterable<Block> blocks) {
    List<Block> training = new ArrayList<>();
    List<Block> validation = new ArrayList<>();
    for (Block block : blocks) {
      (block.part() == Block.Part.TRAINING ? training : validation).add(block);
    }
    int blockRows = Block.rowsPerBlock(layout.cells());
    return new Shard(
        index,
        new PackedRows(layout, blockRows, training),
        new PackedRows(layout, blockRows, validation));
  }

  /** Returns the rows of a part. */
  public PackedRows rows(Block.Part part) {
    return part == Block.Part.TRAINING ? training : validation;
  }
}
