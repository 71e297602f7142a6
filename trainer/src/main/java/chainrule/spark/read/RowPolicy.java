package chainrule.spark.read;

import chainrule.data.RowProblem;
import chainrule.math.Check;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * What happens to rows that cannot be used as they are. Immutable.
 *
 * @param missing what happens to rows with missing features
 * @param malformed what happens to rows with cells that cannot be read
 */
public record RowPolicy(Action missing, Action malformed) implements Serializable {
  /** What happens to a row. */
  public enum Action {
    /** Missing values are imputed; only for missing ones. */
    IMPUTE,
    /** The table is refused, the row named. */
    REFUSE,
    /** The row is left out and counted. */
    DROP;

    /** Returns the action of that name. */
    public static Action of(String key) {
      for (Action action : values()) {
        if (action.name().toLowerCase(Locale.ROOT).equals(key)) {
          return action;
        }
      }
      throw Check.invalid("action", '"' + key + '"', "impute, refuse or drop");
    }
  }

  public RowPolicy {
    Objects.requireNonNull(missing, "missing");
    Check.argument(malformed != Action.IMPUTE, "data.malformed", "impute", "refuse or drop");
  }

  /** Returns whether a row with this problem is refused. */
  public boolean refuses(RowProblem problem) {
    return (problem.missing() ? missing : malformed) == Action.REFUSE;
  }

  /** Imputes missing features and refuses malformed cells. */
  public static RowPolicy defaults() {
    return new RowPolicy(Action.IMPUTE, Action.REFUSE);
  }
}
