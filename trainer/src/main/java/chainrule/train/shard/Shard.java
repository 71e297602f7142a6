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
 * @param index which shard it is
 * @param training its rows to train on, in their order
 * @param validation its rows held out, in theirs
 */
public record Shard(int index, PackedRows training, PackedRows validation) {
  public Shard {
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(validation, "validation");
  }

  /** Makes a shard from its blocks, each part's in order, which stay in memory. */
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
