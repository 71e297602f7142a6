package chainrule.math;

/**
 * The matrix products in plain Java: no library, no option of the JVM, and the same bits on every
 * CPU.
 *
 * <p>Formula: every element of a result is one chain of float multiplications and additions: its
 * first value (the bias, what was there, or 0), then {@code + x₀·w₀}, {@code + x₁·w₁} and so on.
 * Blocking changes when a link is added, never the order of links. So an element depends on its own
 * row and column alone: not on how many rows are in the call, not on the thread, not on the sizes
 * of blocks chosen here. The test compares every bit with three nested loops.
 *
 * <p>Speed comes from HotSpot's loop vectorizer, which in Java 17 asks for exactly this: whole
 * arrays (with the offset of a view it fears overlaps and stays scalar, four times slower), one
 * output row and four rows of the right matrix a pass (a longer body isn't unrolled), and separate
 * methods for short and long rows (unrolling follows the profile of a method's past calls). Hence
 * rows of the right matrix are copied to a panel of arrays that stays in the cache. {@code
 * Math.fma} was no faster, and is hundreds of times slower on a CPU that lacks it.
 *
 * <p>Threads may share it; each allocates its own panel of 128 KiB.
 *
 * <p>Errors: {@link IllegalArgumentException} if shapes disagree, before anything is written; NaN
 * and infinity pass through.
 *
 * <p>Source: the packing of Goto and van de Geijn, <i>Anatomy of High-Performance Matrix
 * Multiplication</i>, ACM TOMS 34(3), 2008.
 */
public final class JavaKernels implements Kernels {
  /** With this many columns or fewer, copying to the panel costs more than vectors gain. */
  private static final int NARROW = 4;

  /** Rows this long are worth the widest vectors and the deepest unrolling. */
  private static final int LONG = 128;

  private final ThreadLocal<Panel> panels = ThreadLocal.withInitial(Panel::new);

  @Override
  public String name() {
    return "java";
  }

  @Override
  public void affine(Matrix x, Matrix w, Slice b, Matrix z) {
    w.requireShape("w", x.columns(), w.columns());
    requireLength("b", b, w.columns());
    z.requireShape("z", x.rows(), w.columns());
    for (int r = 0, at = z.offset(); r < z.rows(); r++, at += z.columns()) {
      System.arraycopy(b.array(), b.offset(), z.array(), at, z.columns());
    }
    addProduct(Operand.of(x), Operand.of(w), z);
  }

  @Override
  public void addTransposedProduct(Matrix x, Matrix dz, Matrix dw) {
    dz.requireShape("dz", x.rows(), dz.columns());
    dw.requireShape("dw", x.columns(), dz.columns());
    addProduct(Operand.transposed(x), Operand.of(dz), dw);
  }

  @Override
  public void productWithTransposed(Matrix dz, Matrix w, Matrix dx) {
    w.requireShape("w", w.rows(), dz.columns());
    dx.requireShape("dx", dz.rows(), w.rows());
    dx.asSlice().fill(0);
    addProduct(Operand.of(dz), Operand.transposed(w), dx);
  }

  @Override
  public void addColumnSums(Matrix dz, Slice db) {
    requireLength("db", db, dz.columns());
    int columns = dz.columns();
    int r = 0;
    int at = dz.offset();
    for (; r + 4 <= dz.rows(); r += 4, at += 4 * columns) {
      addFourRows(dz.array(), at, db.array(), db.offset(), columns);
    }
    for (; r < dz.rows(); r++, at += columns) {
      for (int j = 0; j < columns; j++) {
        db.array()[db.offset() + j] += dz.array()[at + j];
      }
    }
  }

  private static void addFourRows(float[] rows, int from, float[] sums, int to, int columns) {
    int second = from + columns;
    int third = second + columns;
    int fourth = third + columns;
    for (int j = 0; j < columns; j++) {
      sums[to + j] =
          (((sums[to + j] + rows[from + j]) + rows[second + j]) + rows[third + j])
              + rows[fourth + j];
    }
  }

  /** out = out + left · right. */
  private void addProduct(Operand left, Operand right, Matrix out) {
    if (out.columns() <= NARROW) {
      addNarrowProduct(left, right, out);
      return;
    }
    Panel panel = panels.get();
    for (int column = 0; column < right.columns; column += Panel.COLUMNS) {
      for (int row = 0; row < right.rows; row += Panel.ROWS) {
        panel.load(right, row, column);
        for (int i = 0; i < left.rows; i++) {
          panel.addProduct(left, i, row, out, column);
        }
      }
    }
  }

  /** The same by dot products, four at a time since each has to wait for its own last addition. */
  private static void addNarrowProduct(Operand left, Operand right, Matrix out) {
    int columns = out.columns();
    int i = 0;
    int at = out.offset();
    for (; i + 4 <= left.rows; i += 4, at += 4 * columns) {
      for (int j = 0; j < columns; j++) {
        addFourDotProducts(left, i, right, j, out.array(), at + j, columns);
      }
    }
    for (; i < left.rows; i++, at += columns) {
      for (int j = 0; j < columns; j++) {
        float sum = out.array()[at + j];
        for (int k = 0; k < left.columns; k++) {
          sum += left.array[left.at(i, k)] * right.array[right.at(k, j)];
        }
        out.array()[at + j] = sum;
      }
    }
  }

  private static void addFourDotProducts(
      Operand left, int i, Operand right, int j, float[] out, int at, int outStride) {
    float[] x = left.array;
    float[] w = right.array;
    int x0 = left.at(i, 0);
    int x1 = left.at(i + 1, 0);
    int x2 = left.at(i + 2, 0);
    int x3 = left.at(i + 3, 0);
    int xStride = left.columnStride;
    int w0 = right.at(0, j);
    int wStride = right.rowStride;
    float sum0 = out[at];
    float sum1 = out[at + outStride];
    float sum2 = out[at + 2 * outStride];
    float sum3 = out[at + 3 * outStride];
    for (int k = 0; k < left.columns; k++) {
      float wk = w[w0 + k * wStride];
      int xk = k * xStride;
      sum0 += x[x0 + xk] * wk;
      sum1 += x[x1 + xk] * wk;
      sum2 += x[x2 + xk] * wk;
      sum3 += x[x3 + xk] * wk;
    }
    out[at] = sum0;
    out[at + outStride] = sum1;
    out[at + 2 * outStride] = sum2;
    out[at + 3 * outStride] = sum3;
  }

  private static void requireLength(String what, Slice slice, int length) {
    if (slice.length() != length) {
      throw Check.invalid("length of " + what, slice.length(), String.valueOf(length));
    }
  }

  /** A matrix or its transpose, by the strides from one row or column to the next. */
  private static final class Operand {
    final float[] array;
    final int offset;
    final int rows;
    final int columns;
    final int rowStride;
    final int columnStride;

    private Operand(Matrix matrix, int rows, int columns, int rowStride, int columnStride) {
      this.array = matrix.array();
      this.offset = matrix.offset();
      this.rows = rows;
      this.columns = columns;
      this.rowStride = rowStride;
      this.columnStride = columnStride;
    }

    static Operand of(Matrix m) {
      return new Operand(m, m.rows(), m.columns(), m.columns(), 1);
    }

    static Operand transposed(Matrix m) {
      return new Operand(m, m.columns(), m.rows(), 1, m.columns());
    }

    int at(int row, int column) {
      return offset + row * rowStride + column * columnStride;
    }
  }

  /** A block of the right matrix, a whole array a row, and one row of the result. */
  private static final class Panel {
    /** 64 × 512 floats are 128 KiB: at home in a second-level cache, and rows still long. */
    static final int ROWS = 64;

    static final int COLUMNS = 512;

    private final float[][] block = new float[ROWS][COLUMNS];
    private final float[] sums = new float[COLUMNS];
    private int rows;
    private int columns;

    /** Copies the block that begins at this row and column. */
    void load(Operand right, int row, int column) {
      rows = Math.min(ROWS, right.rows - row);
      columns = Math.min(COLUMNS, right.columns - column);
      if (right.columnStride == 1) {
        for (int k = 0; k < rows; k++) {
          System.arraycopy(right.array, right.at(row + k, column), block[k], 0, columns);
        }
      } else {
        for (int j = 0; j < columns; j++) {
          int from = right.at(row, column + j);
          for (int k = 0; k < rows; k++) {
            block[k][j] = right.array[from + k * right.rowStride];
          }
        }
      }
    }

    /** Adds row i of the left matrix, its part that meets the block, times the block. */
    void addProduct(Operand left, int i, int row, Matrix out, int column) {
      int at = out.offset() + i * out.columns() + column;
      System.arraycopy(out.array(), at, sums, 0, columns);
      float[] x = left.array;
      int from = left.at(i, row);
      int stride = left.columnStride;
      int k = 0;
      for (; k + 4 <= rows; k += 4, from += 4 * stride) {
        float x0 = x[from];
        float x1 = x[from + stride];
        float x2 = x[from + 2 * stride];
        float x3 = x[from + 3 * stride];
        if (columns >= LONG) {
          addLong(x0, x1, x2, x3, block[k], block[k + 1], block[k + 2], block[k + 3]);
        } else {
          addShort(x0, x1, x2, x3, block[k], block[k + 1], block[k + 2], block[k + 3]);
        }
      }
      for (; k < rows; k++, from += stride) {
        addOne(x[from], block[k]);
      }
      System.arraycopy(sums, 0, out.array(), at, columns);
    }

    private void addLong(
        float x0, float x1, float x2, float x3, float[] w0, float[] w1, float[] w2, float[] w3) {
      float[] to = sums;
      for (int j = 0, n = columns; j < n; j++) {
        to[j] = (((to[j] + x0 * w0[j]) + x1 * w1[j]) + x2 * w2[j]) + x3 * w3[j];
      }
    }

    /** The same words as {@link #addLong}, compiled for itself. */
    private void addShort(
        float x0, float x1, float x2, float x3, float[] w0, float[] w1, float[] w2, float[] w3) {
      float[] to = sums;
      for (int j = 0, n = columns; j < n; j++) {
        to[j] = (((to[j] + x0 * w0[j]) + x1 * w1[j]) + x2 * w2[j]) + x3 * w3[j];
      }
    }

    private void addOne(float x, float[] w) {
      float[] to = sums;
      for (int j = 0, n = columns; j < n; j++) {
        to[j] += x * w[j];
      }
    }
  }
}
