package chainrule.data;

import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The packed rows of one part of one shard, in order, in this JVM's memory or in a file that is
 * mapped to it (see {@link RowFile}). Immutable; threads may share it.
 *
 * <p>Rows are laid out as a {@link Block} has them, in segments of 2ⁿ rows each but for the last.
 */
public final class PackedRows {
  private final InputLayout layout;
  private final int blockRows;
  private final int rows;
  private final int rowWidth;
  private final FloatBuffer[] segments;
  private final int segmentShift;

  /**
   * Makes rows of blocks, which stay in memory.
   *
   * @param blocks in the shard's order
   * @param blockRows rows in every block but the last; a power of two
   */
  public PackedRows(InputLayout layout, int blockRows, List<Block> blocks) {
    this(
        layout,
        blockRows,
        countRows(blockRows, blocks),
        blocks.isEmpty() ? 0 : blocks.get(0).rowWidth(),
        blocks.stream().map(block -> FloatBuffer.wrap(block.values())).toList(),
        blockRows);
  }

  /**
   * @param segmentRows rows in every segment but the last; a power of two
   */
  PackedRows(
      InputLayout layout,
      int blockRows,
      int rows,
      int rowWidth,
      List<FloatBuffer> segments,
      int segmentRows) {
    Check.argument(Integer.bitCount(blockRows) == 1, "blockRows", blockRows, "a power of two");
    this.layout = layout;
    this.blockRows = blockRows;
    this.rows = rows;
    this.rowWidth = rowWidth;
    this.segments = segments.toArray(new FloatBuffer[0]);
    this.segmentShift = Integer.numberOfTrailingZeros(segmentRows);
  }

  private static int countRows(int blockRows, List<Block> blocks) {
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
    return count;
  }

  public int rows() {
    return rows;
  }

  /** Returns the bytes that the rows take, in memory or in the file. */
  public long bytes() {
    return (long) rows * rowWidth * Float.BYTES;
  }

  /** Returns the rows of a block, the unit in which an epoch's order is permuted. */
  public int blockRows() {
    return blockRows;
  }

  public InputLayout layout() {
    return layout;
  }

  /** Writes row {@code row} of this shard to row {@code to} of a mini-batch's matrices. */
  void copyRow(int row, Matrix inputs, Matrix targets, Slice weights, int to) {
    FloatBuffer segment = segments[row >>> segmentShift];
    int at = (row & ((1 << segmentShift) - 1)) * rowWidth;
    layout.expand(segment, at, inputs.array(), inputs.offset() + to * inputs.columns());
    int targetsAt = at + layout.cells();
    int targetWidth = targets.columns();
    for (int i = 0; i < targetWidth; i++) {
      targets.set(to, i, segment.get(targetsAt + i));
    }
    weights.set(to, segment.get(targetsAt + targetWidth));
  }
}
