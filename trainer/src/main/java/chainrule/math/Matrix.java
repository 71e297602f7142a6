package chainrule.math;

import java.util.Objects;

/**
 * A row-major matrix that views part of a shared {@code float[]}; it owns nothing and copies
 * nothing. Rows lie one behind the other with no gap, so that the first rows of a matrix are a
 * matrix too.
 *
 * <p>Threads may share it as they may share the array.
 */
public final class Matrix {
  private final float[] array;
  private final int offset;
  private final int rows;
  private final int columns;

  Matrix(float[] array, int offset, int rows, int columns) {
    this.array = array;
    this.offset = offset;
    this.rows = rows;
    this.columns = columns;
  }

  /** Returns a new matrix of zeros. */
  public static Matrix zeros(int rows, int columns) {
    return new Matrix(new float[Math.multiplyExact(rows, columns)], 0, rows, columns);
  }

  /** Views a whole array as a matrix. */
  public static Matrix of(int rows, int columns, float... values) {
    return Slice.of(values).asMatrix(rows, columns);
  }

  /** Views the first rows of this matrix. */
  public Matrix firstRows(int count) {
    Objects.checkFromIndexSize(0, count, rows);
    return new Matrix(array, offset, count, columns);
  }

  /** Views one row. */
  public Slice row(int row) {
    return Slice.of(array, offset + Objects.checkIndex(row, rows) * columns, columns);
  }

  /** Views all values, row by row. */
  public Slice asSlice() {
    return Slice.of(array, offset, rows * columns);
  }

  public float get(int row, int column) {
    return array[index(row, column)];
  }

  public void set(int row, int column, float value) {
    array[index(row, column)] = value;
  }

  private int index(int row, int column) {
    return offset + Objects.checkIndex(row, rows) * columns + Objects.checkIndex(column, columns);
  }

  /** Throws unless the matrix has this shape. */
  public void requireShape(String what, int expectedRows, int expectedColumns) {
    if (rows != expectedRows || columns != expectedColumns) {
      throw Check.invalid(
          "shape of " + what, rows + " × " + columns, expectedRows + " × " + expectedColumns);
    }
  }

  /** Returns the array behind the view, for kernels: index it from {@link #offset()}. */
  public float[] array() {
    return array;
  }

  public int offset() {
    return offset;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  @Override
  public String toString() {
    return rows + " × " + columns;
  }
}
