package chainrule.spark.read;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.unsafe.types.UTF8String;

/** Counts the cells of a text column that are present, and those that are numbers. */
final class CellCounts implements Serializable {
  private static final long serialVersionUID = 1;

  private long present;
  private long numbers;

  /** Adds a cell; one that is empty or equal to {@code nullValue} is missing. */
  void add(String cell, String nullValue) {
    add(cell, nullValue, 1);
  }

  /** Adds so many cells of the same text. */
  void add(String cell, String nullValue, long times) {
    if (!cell.isEmpty() && !cell.equals(nullValue)) {
      present += times;
      numbers += Double.isNaN(Decimals.parse(UTF8String.fromString(cell))) ? 0 : times;
    }
  }

  /** Adds the counts of the same columns in other rows, and returns the sums. */
  static List<CellCounts> merge(List<CellCounts> counts, List<CellCounts> more) {
    for (int i = 0; i < counts.size(); i++) {
      counts.get(i).present += more.get(i).present;
      counts.get(i).numbers += more.get(i).numbers;
    }
    return counts;
  }

  /** Returns whether all cells are numbers, or none, and there is one. */
  boolean agree() {
    return present > 0 && (numbers == 0 || numbers == present);
  }

  /** Returns whether most cells are numbers; a column without cells counts as one of numbers. */
  boolean areNumbers() {
    return 2 * numbers > present || present == 0;
  }

  long present() {
    return present;
  }

  long numbers() {
    return numbers;
  }
}
