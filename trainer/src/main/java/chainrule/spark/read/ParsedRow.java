package chainrule.spark.read;

import chainrule.data.RawRow;
import chainrule.data.RowProblem;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A row, or why there is none. Immutable.
 *
 * @param row one or none
 * @param problem one, if there is no row
 */
public record ParsedRow(List<RawRow> row, List<RowProblem> problem) implements Serializable {
  public static ParsedRow of(RawRow row) {
    return new ParsedRow(List.of(row), List.of());
  }

  public static ParsedRow of(RowProblem problem) {
    return new ParsedRow(List.of(), List.of(problem));
  }

  /** Returns the same, the problem being in this file if the row itself did not say so. */
  ParsedRow in(UTF8String file) {
    return problem.isEmpty() || !problem.get(0).file().isEmpty()
        ? this
        : of(problem.get(0).in(file.toString()));
  }
}
