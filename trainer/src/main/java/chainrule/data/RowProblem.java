package chainrule.data;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Objects;

/**
 * Why a row cannot be used. Immutable.
 *
 * @param file the row's file
 * @param row the row's number in the file, from 0; negative if it is not known
 * @param column the column; the empty text if it is the whole row
 * @param value what was found
 * @param expected what it must be
 * @param missing whether it is a missing feature rather than a malformed cell
 */
public record RowProblem(
    String file, long row, String column, String value, String expected, boolean missing)
    implements Comparable<RowProblem>, Serializable {
  private static final Comparator<RowProblem> ORDER =
      Comparator.comparing(RowProblem::file)
          .thenComparing(RowProblem::row)
          .thenComparing(RowProblem::column)
          .thenComparing(RowProblem::value);

  public RowProblem {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(expected, "expected");
  }

  /** Returns the same problem in this file. */
  public RowProblem in(String other) {
    return new RowProblem(other, row, column, value, expected, missing);
  }

  /** Returns the problem as texts, for the shuffle. */
  public String[] toTexts() {
    return new String[] {
      file, Long.toString(row), column, value, expected, Boolean.toString(missing)
    };
  }

  /** Returns the problem that {@link #toTexts} wrote. */
  public static RowProblem of(String[] texts) {
    return new RowProblem(
        texts[0],
        Long.parseLong(texts[1]),
        texts[2],
        texts[3],
        texts[4],
        Boolean.parseBoolean(texts[5]));
  }

  @Override
  public int compareTo(RowProblem other) {
    return ORDER.compare(this, other);
  }
}
