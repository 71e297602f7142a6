package chainrule.data;

import chainrule.math.Check;
import java.util.Arrays;
import java.util.Objects;

/**
 * Some neighbouring packed rows of one part of a shard: the unit in which rows are packed and
 * written. Each row is its float32 cells (see {@link InputLayout}), then its targets, then its
 * weight, one row behind the other.
 *
 * <p>Immutable once built; threads may share it.
 */
public final class Block {
  private final Part part;
  private final int rows;
  private final int rowWidth;
  private final float[] values;

  /** What the rows are for. */
  public enum Part {
    TRAINING,
    VALIDATION
  }

  private Block(Part part, int rows, int rowWidth, float[] values) {
    this.part = part;
    this.rows = rows;
    this.rowWidth = rowWidth;
    this.values = values;
  }

  /** Starts a block of at most {@code capacity} rows. */
  public static Builder builder(Part part, int capacity, int cellWidth, int targetWidth) {
    return new Builder(part, capacity, cellWidth, targetWidth);
  }

  /**
   * Returns how many rows a block of rows this wide has: a power of two, about 256 KiB of cells.
   * The order of rows in an epoch depends on it, so it depends on nothing but the width.
   */
  public static int rowsPerBlock(int cellWidth) {
    int fit = 65_536 / Math.max(cellWidth, 1);
    return Math.max(32, Math.min(4096, Integer.highestOneBit(Math.max(fit, 1))));
  }

  public Part part() {
    return part;
  }

  public int rows() {
    return rows;
  }

  /** Returns the floats of a row: cells, targets and weight. */
  int rowWidth() {
    return rowWidth;
  }

  float[] values() {
    return values;
  }

  /** Collects rows. Not for sharing. */
  public static final class Builder {
    private final Part part;
    private final int cellWidth;
    private final int targetWidth;
    private final int rowWidth;
    private final int capacity;
    private float[] values;
    private int rows;

    private Builder(Part part, int capacity, int cellWidth, int targetWidth) {
      this.part = Objects.requireNonNull(part, "part");
      this.capacity = capacity;
      this.cellWidth = cellWidth;
      this.targetWidth = targetWidth;
      this.rowWidth = cellWidth + targetWidth + 1;
      Check.argument(capacity > 0, "capacity", capacity, "> 0");
      this.values = new float[Math.min(capacity, 32) * rowWidth];
    }

    public boolean isFull() {
      return rows == capacity;
    }

    public boolean isEmpty() {
      return rows == 0;
    }

    /** Makes room for one more row and returns where it begins; the caller writes it. */
    private int next() {
      if (isFull()) {
        throw new IllegalStateException("Cannot add a row: the block is full");
      }
      int at = rows * rowWidth;
      if (at == values.length) {
        values = Arrays.copyOf(values, Math.min(capacity, 2 * rows) * rowWidth);
      }
      rows++;
      return at;
    }

    /** Adds a row from its values as the network sees them. */
    public void add(float[] rowCells, float[] rowTargets, float weight) {
      int at = next();
      System.arraycopy(rowCells, 0, values, at, cellWidth);
      System.arraycopy(rowTargets, 0, values, at + cellWidth, targetWidth);
      values[at + rowWidth - 1] = weight;
    }

    /** Adds a row through an encoder. */
    public void add(Encoder encoder, RawRow raw) {
      int at = next();
      encoder.encode(raw, values, at);
      encoder.targets(raw, values, at + cellWidth);
      values[at + rowWidth - 1] = (float) raw.weight();
    }

    /** Returns the block; the builder must not be used afterwards. */
    public Block build() {
      int length = rows * rowWidth;
      return new Block(
          part, rows, rowWidth, length == values.length ? values : Arrays.copyOf(values, length));
    }
  }
}
