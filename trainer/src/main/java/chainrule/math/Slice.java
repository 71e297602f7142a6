package chainrule.math;

import java.util.Arrays;
import java.util.Objects;

/**
 * A window onto part of a shared {@code float[]}; it owns nothing and copies nothing.
 *
 * <p>Threads may share it as they may share the array.
 */
public final class Slice {
  private final float[] array;
  private final int offset;
  private final int length;

  private Slice(float[] array, int offset, int length) {
    this.array = array;
    this.offset = Objects.checkFromIndexSize(offset, length, array.length);
    this.length = length;
  }

  /**
   * Views {@code length} values from {@code offset}.
   *
   * @throws IndexOutOfBoundsException if they are not all in the array
   */
  public static Slice of(float[] array, int offset, int length) {
    return new Slice(array, offset, length);
  }

  /** Views the whole array. */
  public static Slice of(float... array) {
    return new Slice(array, 0, array.length);
  }

  /** Views {@code count} of this slice's values from {@code from}. */
  public Slice part(int from, int count) {
    Objects.checkFromIndexSize(from, count, length);
    return new Slice(array, offset + from, count);
  }

  /** Views the same values as a row-major matrix. */
  public Matrix asMatrix(int rows, int columns) {
    if ((long) rows * columns != length) {
      throw Check.invalid("shape", rows + " × " + columns, length + " values in all");
    }
    return new Matrix(array, offset, rows, columns);
  }

  /** Sets every value. */
  public void fill(float value) {
    Arrays.fill(array, offset, offset + length, value);
  }

  /** Returns a copy of the values. */
  public float[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  public float get(int index) {
    return array[offset + Objects.checkIndex(index, length)];
  }

  public void set(int index, float value) {
    array[offset + Objects.checkIndex(index, length)] = value;
  }

  /** Returns the array behind the view, for kernels: index it from {@link #offset()}. */
  public float[] array() {
    return array;
  }

  public int offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  @Override
  public String toString() {
    return Arrays.toString(toArray());
  }
}
