package chainrule.data;

import chainrule.math.Matrix;
import chainrule.math.Slice;

/**
 * Rows as the network takes them: inputs B × I, targets B × T (see {@link
 * chainrule.data.Encoder#targets}), weights B. Holds room for a fixed number of rows and is filled
 * again and again.
 *
 * <p>Not for sharing.
 */
public final class MiniBatch {
  private final Matrix inputs;
  private final Matrix targets;
  private final Slice weights;
  private int rows;

  /** Makes room for {@code capacity} rows of I inputs and T targets; holds none yet. */
  public MiniBatch(int capacity, int inputWidth, int targetWidth) {
    this.inputs = Matrix.zeros(capacity, inputWidth);
    this.targets = Matrix.zeros(capacity, targetWidth);
    this.weights = Slice.of(new float[capacity]);
  }

  /** Returns how many rows it has room for. */
  public int capacity() {
    return inputs.rows();
  }

  public int rows() {
    return rows;
  }

  public Matrix inputs() {
    return inputs.firstRows(rows);
  }

  public Matrix targets() {
    return targets.firstRows(rows);
  }

  public Slice weights() {
    return weights.part(0, rows);
  }

  /** Multiplies each row's weight by that of its class. */
  public void weighClasses(float[] classWeights) {
    for (int i = 0; i < rows; i++) {
      weights.set(i, weights.get(i) * classWeights[(int) targets.get(i, 0)]);
    }
  }

  /** Fills the batch with rows of a shard. */
  public void gather(PackedRows source, int[] order, int from, int to) {
    rows = to - from;
    for (int i = 0; i < rows; i++) {
      source.copyRow(order[from + i], inputs, targets, weights, i);
    }
  }
}
