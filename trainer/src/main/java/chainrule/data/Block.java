package chainrule.data;

import chainrule.math.Check;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * Packed rows of one shard: float32 cells (see {@link InputLayout}), targets and weights. The unit
 * in which rows are cached, spilled and read back.
 *
 * <p>Immutable once built; threads may share it.
 */
public final class Block implements Serializable {
  private static final long serialVersionUID = 1;

  private final Part part;
  private final int rows;
  private final float[] cells;
  private final float[] targets;
  private final float[] weights;

  /** What the rows are for. */
  public enum Part {
    TRAINING,
    VALIDATION
  }

  private Block(Part part, int rows, float[] cells, float[] targets, float[] weights) {
    this.part = part;
    this.rows = rows;
    this.cells = cells;
    this.targets = targets;
    this.weights = weights;
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

  float[] cells() {
    return cells;
  }

  float[] targets() {
    return targets;
  }

  float[] weights() {
    return weights;
  }

  /** Collects rows. Not for sharing. */
  public static final class Builder {
    private final Part part;
    private final int cellWidth;
    private final int targetWidth;
    private final int capacity;
    private float[] cells;
    private float[] targets;
    private float[] weights;
    private int rows;

    private Builder(Part part, int capacity, int cellWidth, int targetWidth) {
      this.part = Objects.requireNonNull(part, "part");
      this.capacity = capacity;
      this.cellWidth = cellWidth;
      this.targetWidth = targetWidth;
      Check.argument(capacity > 0, "capacity", capacity, "> 0");
      int first = Math.min(capacity, 32);
      this.cells = new float[first * cellWidth];
      this.targets = new float[first * targetWidth];
      this.weights = new float[first];
    }

    public boolean isFull() {
      return rows == capacity;
    }

    public boolean isEmpty() {
      return rows == 0;
    }

    /** Makes room for one more row and returns its number; the caller writes its cells. */
    private int next() {
      if (isFull()) {
        throw new IllegalStateException("Cannot add a row: the block is full");
      }
      if (rows == weights.length) {
        int more = Math.min(capacity, 2 * rows);
        cells = Arrays.copyOf(cells, more * cellWidth);
        targets = Arrays.copyOf(targets, more * targetWidth);
        weights = Arrays.copyOf(weights, more);
      }
      return rows++;
    }

    /** Adds a row from its values as the network sees them. */
    public void add(float[] rowCells, float[] rowTargets, float weight) {
      int row = next();
      System.arraycopy(rowCells, 0, cells, row * cellWidth, cellWidth);
      System.arraycopy(rowTargets, 0, targets, row * targetWidth, targetWidth);
      weights[row] = weight;
    }

    /** Adds a row through an encoder. */
    public void add(Encoder encoder, RawRow raw) {
      int row = next();
      encoder.encode(raw, cells, row * cellWidth);
      targets[row] = encoder.target(raw);
      weights[row] = (float) raw.weight();
    }

    /** Returns the block; the builder must not be used afterwards. */
    public Block build() {
      return new Block(
          part,
          rows,
          Arrays.copyOf(cells, rows * cellWidth),
          Arrays.copyOf(targets, rows * targetWidth),
          Arrays.copyOf(weights, rows));
    }
  }
}
