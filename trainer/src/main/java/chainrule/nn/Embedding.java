package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Ranges;
import chainrule.math.Slice;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Learned vectors for the values of categories: the first layer of a network whose last inputs are
 * indices. Each index is replaced by the row of its category's table that it names; the inputs
 * before the indices pass through.
 *
 * <pre>
 *   forward    A = [X, T₁[i₁], T₂[i₂], …]
 *   backward   dTₖ[iₖ] = dTₖ[iₖ] + dAₖ, row after row of the mini-batch
 * </pre>
 *
 * <p>Shapes: inputs are B × (dense + K) for K categories, an index being a whole number below 2²⁴,
 * which float32 holds exactly; outputs are B × (dense + K · size). In the flat array the tables
 * follow each other, each rows × size, row-major. All of them are weights, which decay.
 *
 * <p>The last row of a table stands for all values without a row. Anything that is not an index
 * (NaN, too large, negative) counts as such a value. It starts at 0, since an unknown value
 * contributes nothing; the others start as normal deviates of {@value #INITIAL_DEVIATION}.
 *
 * <p>Holds sizes only: threads may share it if each brings its own matrices.
 *
 * <p>Source: Guo, Berkhahn 2016, arXiv 1604.06737.
 *
 * @param dense number of inputs that pass through
 * @param rows of each category's table: one more than it has values
 * @param size how many numbers stand for a value
 */
public record Embedding(int dense, List<Integer> rows, int size) implements Layer {
  /** Deviation of a row's numbers before training. */
  static final double INITIAL_DEVIATION = 0.3;

  private static final int LARGEST_TABLE = 1 << 24;

  public Embedding {
    rows = List.copyOf(rows);
    Check.argument(dense >= 0, "dense", dense, ">= 0");
    Check.argument(!rows.isEmpty(), "embedded categories", rows, "one at least");
    Check.argument(size > 0 && size <= 65_536, "embedding-size", size, "from 1 to 65536");
    long count = 0;
    for (int tableRows : rows) {
      Check.argument(
          tableRows > 0 && tableRows <= LARGEST_TABLE,
          "rows of an embedding",
          tableRows,
          "from 1 to " + LARGEST_TABLE);
      count += (long) tableRows * size;
    }
    Check.argument(
        count <= Integer.MAX_VALUE - 8,
        "parameters of embeddings",
        count,
        "below 2^31; make embedding-size smaller, or exclude a column");
    long width = dense + (long) rows.size() * size;
    Check.argument(width <= Integer.MAX_VALUE - 8, "width of embeddings", width, "below 2^31");
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.embedding(this);
  }

  @Override
  public int inputs() {
    return dense + rows.size();
  }

  @Override
  public int outputs() {
    return dense + gradientWidth();
  }

  /** The inputs that pass through are data: only what the tables gave needs gradients. */
  @Override
  public int gradientWidth() {
    return rows.size() * size;
  }

  /** Returns how many rows all tables have together. */
  public int tableRows() {
    return rows.stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public int parameterCount() {
    return tableRows() * size;
  }

  /** Views the table of a category, rows × size. */
  public Matrix table(Slice parameters, int category) {
    int before = rows.stream().limit(category).mapToInt(Integer::intValue).sum();
    int own = rows.get(category);
    return parameters.part(before * size, own * size).asMatrix(own, size);
  }

  @Override
  public Ranges weights() {
    return Ranges.all(parameterCount());
  }

  @Override
  public int memoryWidth() {
    return 0;
  }

  @Override
  public void initialize(Slice parameters, Initializer initializer, RandomStream random) {
    for (int k = 0; k < rows.size(); k++) {
      Slice table = table(parameters, k).asSlice();
      int own = table.length() - size;
      for (int i = 0; i < own; i++) {
        table.set(i, (float) (INITIAL_DEVIATION * random.nextGaussian()));
      }
      table.part(own, size).fill(0);
    }
  }

  @Override
  public void forward(Pass pass, Slice parameters, Matrix x, Matrix memory, Matrix a) {
    float[] tables = parameters.array();
    for (int b = 0; b < x.rows(); b++) {
      int from = x.offset() + b * x.columns();
      int to = a.offset() + b * a.columns();
      System.arraycopy(x.array(), from, a.array(), to, dense);
      int at = parameters.offset();
      for (int k = 0; k < rows.size(); k++) {
        int row = row(x.array()[from + dense + k], k);
        System.arraycopy(tables, at + row * size, a.array(), to + dense + k * size, size);
        at += rows.get(k) * size;
      }
    }
  }

  @Override
  public void parameterGradient(
      Pass pass,
      Slice parameters,
      Matrix x,
      Matrix memory,
      Matrix a,
      Matrix da,
      Slice gradientSum) {
    float[] sums = gradientSum.array();
    float[] gradient = da.array();
    for (int b = 0; b < x.rows(); b++) {
      int indices = x.offset() + b * x.columns() + dense;
      int from = da.offset() + b * da.columns();
      int at = gradientSum.offset();
      for (int k = 0; k < rows.size(); k++) {
        int row = at + row(x.array()[indices + k], k) * size;
        for (int i = 0; i < size; i++) {
          sums[row + i] += gradient[from + i];
        }
        from += size;
        at += rows.get(k) * size;
      }
    }
  }

  @Override
  public void inputGradient(Pass pass, Slice parameters, Matrix memory, Matrix da, Matrix dx) {
    throw new IllegalStateException("Cannot differentiate by an index: it is data");
  }

  /** Calls {@code action} with the rows that inputs name, counted through all tables. */
  public void forEachRow(Matrix x, IntConsumer action) {
    for (int b = 0; b < x.rows(); b++) {
      int indices = x.offset() + b * x.columns() + dense;
      int before = 0;
      for (int k = 0; k < rows.size(); k++) {
        action.accept(before + row(x.array()[indices + k], k));
        before += rows.get(k);
      }
    }
  }

  /** Returns the row of a category's table that an index names. */
  public int row(float index, int category) {
    int last = rows.get(category) - 1;
    return index >= 0 && index < last ? (int) index : last;
  }
}
