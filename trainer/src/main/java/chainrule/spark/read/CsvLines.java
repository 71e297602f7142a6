package chainrule.spark.read;

import chainrule.spark.shim.Bytes;
import com.univocity.parsers.csv.CsvParser;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Cuts the lines of CSV files into cells: those that a {@link RowParser} reads, as Spark's reader
 * would give them, at a fraction of its time, because cells are not copied. Lines with a quotation
 * mark go through the parser that Spark uses.
 *
 * <p>Immutable; threads may share it.
 */
final class CsvLines implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int UNUSED = -1;

  private final TableSource.Csv csv;
  private final int[] placeOfColumn;
  private final int corruptAt;

  /**
   * @param header the names of all columns
   * @param columns those that are read, in the order in which they are
   */
  CsvLines(TableSource.Csv csv, List<String> header, List<String> columns) {
    this.csv = csv;
    this.placeOfColumn = new int[header.size()];
    Arrays.fill(placeOfColumn, UNUSED);
    for (int i = 0; i < columns.size(); i++) {
      placeOfColumn[header.indexOf(columns.get(i))] = i;
    }
    this.corruptAt = columns.size();
  }

  /** Returns the URI of the file that this task reads now; empty if Spark does not know. */
  static UTF8String currentFile() {
    return InputFileBlockHolder.getInputFilePath();
  }

  /**
   * Returns the rows of a partition: the cells, null if missing, and then the line if it has a
   * wrong number of cells or ends inside quotation marks. The same object every time.
   *
   * @param lines of Spark's text format, not of a batch: the task must be in the file of the line
   */
  Iterator<InternalRow> cells(Iterator<InternalRow> lines) {
    var cutter = new Cutter();
    return Iterators.map(
        Iterators.filter(Iterators.map(lines, row -> row.getUTF8String(0)), cutter::isRow),
        cutter::cut);
  }

  /** Cuts one line after another. */
  private final class Cutter {
    private final Object[] values = new Object[corruptAt + 1];
    private final InternalRow row = new GenericInternalRow(values);
    private final CsvParser parser = CsvFormat.parser(csv);
    private final UTF8String nullValue = UTF8String.fromString(csv.nullValue());
    private final char separator = csv.separator().charAt(0);
    private final boolean simple = separator < 0x80 && separator != '"';
    private UTF8String file = UTF8String.EMPTY_UTF8;
    private boolean headerComes;

    /** Returns whether a line is a row: not blank, and not the header, the first such line. */
    @SuppressWarnings("ReferenceEquality")
    boolean isRow(UTF8String line) {
      UTF8String now = currentFile();
      if (now != file) { // another object for each part of a file, even if the name is the same
        file = now;
        headerComes = csv.header() && InputFileBlockHolder.getStartOffset() == 0;
      }
      if (isBlank(line)) {
        return false;
      }
      boolean header = headerComes;
      headerComes = false;
      return !header;
    }

    private static boolean isBlank(UTF8String line) {
      for (int i = 0; i < line.numBytes(); i++) {
        byte b = Bytes.at(line, i);
        if (b < 0 || b > ' ') {
          return false;
        }
      }
      return true;
    }

    InternalRow cut(UTF8String line) {
      // The parser takes a line that begins with a NUL for a comment.
      boolean cut = (simple && Bytes.at(line, 0) != 0) ? cutSimply(line) : cutByParser(line);
      if (!cut) {
        Arrays.fill(values, null);
        values[corruptAt] = line;
      }
      return row;
    }

    /** Returns whether the line has the right number of cells. */
    private boolean cutSimply(UTF8String line) {
      Object bytes = line.getBaseObject();
      long begin = line.getBaseOffset();
      int length = line.numBytes();
      values[corruptAt] = null;
      int column = 0;
      int from = 0;
      for (int i = 0; i <= length; i++) {
        int b = i < length ? Platform.getByte(bytes, begin + i) : separator;
        if (b == '"') {
          return cutByParser(line);
        }
        if (b == separator) {
          if (column == placeOfColumn.length) {
            return false;
          }
          int place = placeOfColumn[column];
          if (place != UNUSED) {
            values[place] =
                i == from
                    ? null
                    : unlessNull(UTF8String.fromAddress(bytes, begin + from, i - from));
          }
          column++;
          from = i + 1;
        }
      }
      return column == placeOfColumn.length;
    }

    private UTF8String unlessNull(UTF8String cell) {
      boolean isNull = cell.numBytes() == nullValue.numBytes() && cell.equals(nullValue);
      return isNull ? null : cell;
    }

    private boolean cutByParser(UTF8String line) {
      String text = line.toString();
      if (CsvFormat.endsInQuotes(text, separator)) {
        return false; // the rest of the cell would be read as a row
      }
      String[] cells = parser.parseLine(text);
      if (cells == null || cells.length != placeOfColumn.length) {
        return false;
      }
      values[corruptAt] = null;
      for (int i = 0; i < cells.length; i++) {
        if (placeOfColumn[i] != UNUSED) {
          values[placeOfColumn[i]] =
              cells[i] == null ? null : unlessNull(UTF8String.fromString(cells[i]));
        }
      }
      return true;
    }
  }
}
