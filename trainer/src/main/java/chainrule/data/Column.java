package chainrule.data;

import java.io.Serializable;
import java.util.Objects;

/**
 * A column of the table: its name and how its values are read.
 *
 * @param name as the table has it
 * @param kind how its values are read
 */
public record Column(String name, Kind kind) implements Serializable {
  /** How a column's values are read. */
  public enum Kind {
    /** Decimal numbers; NaN is a missing one. */
    NUMERIC,
    /** Texts, each a category; the empty text is a missing one. */
    CATEGORICAL
  }

  public Column {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
  }

  public static Column numeric(String name) {
    return new Column(name, Kind.NUMERIC);
  }

  public static Column categorical(String name) {
    return new Column(name, Kind.CATEGORICAL);
  }

  public boolean isNumeric() {
    return kind == Kind.NUMERIC;
  }
}
