package chainrule.train.sums;

import chainrule.math.Check;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** A set of rows of a table, in the order in which they were added. Not for sharing. */
final class TouchedRows implements Serializable {
  private static final long serialVersionUID = 1;

  private final int rows;
  private final long[] marks;
  private int[] list = new int[0];
  private int count;

  /**
   * @param rows number of rows of the table
   */
  TouchedRows(int rows) {
    this.rows = rows;
    this.marks = new long[(rows + 63) / 64];
  }

  /** Returns the number of rows of the table. */
  int rows() {
    return rows;
  }

  /** Adds a row, unless it is in the set. */
  void add(int row) {
    if (row < 0 || row >= rows) {
      throw Check.invalid("row of a table", row, "below " + rows);
    }
    long mark = 1L << row;
    if ((marks[row >> 6] & mark) == 0) {
      marks[row >> 6] |= mark;
      if (count == list.length) {
        list = Arrays.copyOf(list, Math.min(rows, Math.max(64, 2 * count)));
      }
      list[count++] = row;
    }
  }

  /** Adds all rows of the table. */
  void addAll() {
    for (int row = 0; row < rows; row++) {
      add(row);
    }
  }

  /** Removes all rows. */
  void clear() {
    for (int i = 0; i < count; i++) {
      marks[list[i] >> 6] = 0;
    }
    count = 0;
  }

  /** Calls {@code action} with each row of the set. */
  void forEach(IntConsumer action) {
    for (int i = 0; i < count; i++) {
      action.accept(list[i]);
    }
  }

  /** Returns the rows of the set. */
  int[] toArray() {
    return Arrays.copyOf(list, count);
  }
}
