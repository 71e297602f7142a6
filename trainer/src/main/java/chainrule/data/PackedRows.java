package chainrule.data;

import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import java.util.List;

/**
 * The packed rows of one part of one shard: blocks of equal size, but for the last. Immutable;
 * threads may share it.
 */
public final class PackedRows {
  private final InputLayout layout;
  private final int blockRows;
  private final Block[] blocks;
  private final int rows;

  /**
   * @param blocks in the shard's order
   * @param blockRows rows in every block but the last; a power of two
   */
  public PackedRows(InputLayout layout, int blockRows, List<Block> blocks) {
    this.layout = layout;
    this.blockRows = blockRows;
    this.blocks = blocks.toArray(new Block[0]);
    Check.argument(Integer.bitCount(blockRows) == 1, "blockRows", blockRows, "a power of two");
    int count = 0;
    for (int i = 0; i < blocks.size(); i++) {
      int blockSize = blocks.get(i).rows();
      boolean last = i == blocks.size() - 1;
      Check.argument(
          last ? blockSize <= blockRows : blockSize == blockRows,
          "rows of block " + i,
          blockSize,
          (last ? "at most " : "") + blockRows);
      count = Math.addExact(count, blockSize);
    }
    this.rows = count;
  }

  public int rows() {
    return rows;
  }

  public int blockRows() {
    return blockRows;
  }

  public InputLayout layout() {
    return layout;
  }

  /** Writes row {@code row} of this shard to row {@code to} of a mini-batch's matrices. */
  void copyRow(int row, Matrix inputs, Matrix targets, Slice weights, int to) {
    Block block = blocks[row / blockRows];
    int index = row & (blockRows - 1);
    layout.expand(
        block.cells(),
        index * layout.cells(),
        inputs.array(),
        inputs.offset() + to * inputs.columns());
    int targetWidth = targets.columns();
    System.arraycopy(
        block.targets(),
        index * targetWidth,
        targets.array(),
        targets.offset() + to * targetWidth,
        targetWidth);
    weights.set(to, block.weights()[index]);
  }
}
