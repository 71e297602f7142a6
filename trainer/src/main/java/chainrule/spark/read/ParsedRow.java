package chainrule.spark.read;

import chainrule.data.RawRow;
import chainrule.data.RowProblem;
import java.io.Serializable;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.unsafe.types.UTF8String;

/** A row of a table, or the reason why it cannot be used. Immutable. */
public sealed interface ParsedRow extends Serializable {
  /**
   * A row that can be used.
   *
   * @param row its values
   */
  record Usable(RawRow row) implements ParsedRow {
    @Override
    public Optional<RowProblem> problem() {
      return Optional.empty();
    }

    @Override
    public RawRow orElseThrow(Function<RowProblem, ? extends RuntimeException> error) {
      return row;
    }

    @Override
    public ParsedRow in(UTF8String file) {
      return this;
    }
  }

  /**
   * A row that cannot be used.
   *
   * @param reason with the file, the row and the column
   */
  record Unusable(RowProblem reason) implements ParsedRow {
    @Override
    public Optional<RowProblem> problem() {
      return Optional.of(reason);
    }

    @Override
    public RawRow orElseThrow(Function<RowProblem, ? extends RuntimeException> error) {
      throw error.apply(reason);
    }

    @Override
    public ParsedRow in(UTF8String file) {
      return reason.file().isEmpty() ? of(reason.in(file.toString())) : this;
    }
  }

  static ParsedRow of(RawRow row) {
    return new Usable(row);
  }

  static ParsedRow of(RowProblem problem) {
    return new Unusable(problem);
  }

  /** Returns why the row cannot be used; empty if it can. */
  Optional<RowProblem> problem();

  /** Returns the row, or throws the exception that a function makes of its problem. */
  RawRow orElseThrow(Function<RowProblem, ? extends RuntimeException> error);

  /** Returns the same; a problem that names no file is then in this file. */
  ParsedRow in(UTF8String file);
}
