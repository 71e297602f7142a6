package chainrule.train.sums;

import chainrule.math.Check;
import chainrule.nn.Embedding;
import chainrule.nn.Network;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The sums of a mini-batch, or of a part of it: gradient (float32), loss and weights of the rows
 * (double), number of rows. An uneven or empty part needs no special case.
 *
 * <p>{@link #toMeanGradient} and {@link #meanLoss} are the only places where the sums of a step are
 * divided by the weights of its rows.
 *
 * <p>If the network has an {@link Embedding}, each member's gradient begins with that of its
 * embedding tables. A mini-batch uses few rows of a table, the same for every member, and all other
 * rows have a gradient of 0. So the buffer notes which rows are touched; only these are merged,
 * sent, divided and cleared. That changes no bit, because the sums of the other rows are 0 + 0.
 * With a million category values and mini-batches of a thousand rows, it leaves a thousandth of the
 * work.
 *
 * <p>Owns its array. Not for sharing.
 */
public final class GradientBuffer implements Sums<GradientBuffer> {
  private static final long serialVersionUID = 1;

  private final float[] gradientSum;
  private final int members;
  private final int rowLength;
  private final TouchedRows touched;
  private double lossSum;
  private double weightSum;
  private long rows;

  /** Makes a buffer of zeros for {@code parameterCount} parameters, without embedding tables. */
  public GradientBuffer(int parameterCount) {
    this(new float[parameterCount], 1, 0, 0);
  }

  private GradientBuffer(float[] gradientSum, int members, int tableRows, int rowLength) {
    this.gradientSum = gradientSum;
    this.members = members;
    this.rowLength = rowLength;
    this.touched = new TouchedRows(tableRows);
  }

  /** Makes a buffer of zeros for the parameters of a network. */
  public static GradientBuffer of(Network network) {
    float[] zeros = new float[network.parameterCount()];
    int members = network.members();
    return network
        .embedding()
        .map(tables -> new GradientBuffer(zeros, members, tables.tableRows(), tables.size()))
        .orElseGet(() -> new GradientBuffer(zeros, members, 0, 0));
  }

  /**
   * Marks a table row as touched, before its gradient is added.
   *
   * @param row counted through all tables of a member
   */
  public void touch(int row) {
    touched.add(row);
  }

  /** Marks every row of the tables as touched. */
  public void touchAll() {
    touched.addAll();
  }

  /**
   * Adds the loss, weights and number of rows whose gradient is in {@link #gradientSum} already.
   */
  public void add(double batchLossSum, double batchWeightSum, long batchRows) {
    lossSum += batchLossSum;
    weightSum += batchWeightSum;
    rows += batchRows;
  }

  @Override
  public void merge(GradientBuffer sibling) {
    float[] added = sibling.gradientSum;
    if (added.length != gradientSum.length) {
      throw Check.invalid("length of a gradient", added.length, "" + gradientSum.length);
    }
    boolean alike = sibling.rowLength == rowLength && sibling.members == members;
    if (!alike || sibling.touched.rows() != touched.rows()) {
      throw Check.invalid("tables of a gradient", sibling.tableValues(), "" + tableValues());
    }
    sibling.touched.forEach(touched::add);
    sibling.forEachPart(0, added.length, (from, to) -> add(added, from, to));
    lossSum += sibling.lossSum;
    weightSum += sibling.weightSum;
    rows += sibling.rows;
  }

  private void add(float[] added, int from, int to) {
    for (int i = from; i < to; i++) {
      gradientSum[i] += added[i];
    }
  }

  /** Sets everything to zero, so that the buffer can be reused. */
  public void clear() {
    forEachPart(0, gradientSum.length, (from, to) -> Arrays.fill(gradientSum, from, to, 0));
    touched.clear();
    lossSum = 0;
    weightSum = 0;
    rows = 0;
  }

  /**
   * Divides the gradient's sum by the sum of the rows' weights, in place.
   *
   * @return the array of the sum, P values, which now has the mean; before a caller adds to rows of
   *     tables that are not touched, it calls {@link #touchAll}
   * @throws IllegalStateException if the rows weigh 0
   */
  public float[] toMeanGradient() {
    if (!(weightSum > 0)) {
      throw new IllegalStateException("Cannot average the gradient: its rows weigh " + weightSum);
    }
    float scale = (float) (1 / weightSum);
    forEachPart(0, gradientSum.length, (from, to) -> scale(from, to, scale));
    return gradientSum;
  }

  private void scale(int from, int to, float scale) {
    for (int i = from; i < to; i++) {
      gradientSum[i] *= scale;
    }
  }

  /** Returns the gradient's sum, P values: the array itself, to add to. */
  public float[] gradientSum() {
    return gradientSum;
  }

  /** An action on the values from {@code from} (inclusive) to {@code to} (exclusive). */
  public interface Part {
    void accept(int from, int to);
  }

  /** Returns how many of a member's values belong to its tables, which come first. */
  private int tableValues() {
    return touched.rows() * rowLength;
  }

  private int memberLength() {
    return gradientSum.length / members;
  }

  /** Returns whether the network has embedding tables. */
  public boolean hasTables() {
    return tableValues() > 0;
  }

  /** Returns the number of values in a table row. */
  public int rowLength() {
    return rowLength;
  }

  /**
   * Marks the table row whose first value is at this index as touched.
   *
   * @throws IllegalArgumentException if no table row begins there
   */
  public void touchAt(int index) {
    int place = index < 0 ? index : index % memberLength();
    boolean isRow = place >= 0 && index < gradientSum.length && place < tableValues();
    Check.argument(isRow && place % rowLength == 0, "place of a row", index, "in the tables");
    touched.add(place / rowLength);
  }

  /** Calls {@code action} with the parts of a range of values that belong to no table. */
  public void forEachDense(int from, int to, Part action) {
    for (int member = 0; member < members; member++) {
      int begin = member * memberLength();
      int first = Math.max(from, begin + tableValues());
      int end = Math.min(to, begin + memberLength());
      if (first < end) {
        action.accept(first, end);
      }
    }
  }

  /** Calls {@code action} with each touched row whose first value is in a range of values. */
  public void forEachTouched(int from, int to, Part action) {
    for (int member = 0; hasTables() && member < members; member++) {
      int begin = member * memberLength();
      touched.forEach(
          row -> {
            int at = begin + row * rowLength;
            if (at >= from && at < to) {
              action.accept(at, at + rowLength);
            }
          });
    }
  }

  /** Calls {@code action} with all values in a range that may differ from 0. */
  private void forEachPart(int from, int to, Part action) {
    forEachTouched(from, to, action);
    forEachDense(from, to, action);
  }

  /** Returns the loss of the rows, summed by their weights. */
  public LossSum loss() {
    return new LossSum(lossSum, weightSum);
  }

  /** Returns the mean loss of a row; NaN if the rows weigh 0. */
  public double meanLoss() {
    return loss().mean();
  }

  /** Returns the sum of the rows' losses times their weights. */
  public double lossSum() {
    return lossSum;
  }

  /** Returns the sum of the rows' weights. */
  public double weightSum() {
    return weightSum;
  }

  /** Returns how many rows were added. */
  public long rows() {
    return rows;
  }

  private Object writeReplace() {
    return new Packed(this);
  }

  /** The serialized form of a buffer: of the tables it has only the rows that are touched. */
  private static final class Packed implements Serializable {
    private static final long serialVersionUID = 1;

    private final int length;
    private final int members;
    private final int tableRows;
    private final int rowLength;
    private final int[] touched;
    private final float[] values;
    private final double lossSum;
    private final double weightSum;
    private final long rows;

    Packed(GradientBuffer buffer) {
      length = buffer.gradientSum.length;
      members = buffer.members;
      tableRows = buffer.touched.rows();
      rowLength = buffer.rowLength;
      touched = buffer.touched.toArray();
      lossSum = buffer.lossSum;
      weightSum = buffer.weightSum;
      rows = buffer.rows;
      values = buffer.hasTables() ? packed(buffer) : buffer.gradientSum;
    }

    private static float[] packed(GradientBuffer buffer) {
      int[] count = {0};
      float[] sum = buffer.gradientSum;
      buffer.forEachPart(0, sum.length, (from, to) -> count[0] += to - from);
      float[] packed = new float[count[0]];
      count[0] = 0;
      buffer.forEachPart(
          0,
          sum.length,
          (from, to) -> {
            System.arraycopy(sum, from, packed, count[0], to - from);
            count[0] += to - from;
          });
      return packed;
    }

    private Object readResolve() {
      boolean isWhole = tableRows == 0;
      float[] sum = isWhole ? values : new float[length];
      var buffer = new GradientBuffer(sum, members, tableRows, rowLength);
      for (int row : touched) {
        buffer.touch(row);
      }
      if (!isWhole) {
        int[] at = {0};
        buffer.forEachPart(
            0,
            length,
            (from, to) -> {
              System.arraycopy(values, at[0], sum, from, to - from);
              at[0] += to - from;
            });
      }
      buffer.add(lossSum, weightSum, rows);
      return buffer;
    }
  }
}
