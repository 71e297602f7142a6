package chainrule.train.shard;

import chainrule.math.Check;
import java.io.Serializable;

/**
 * One of the equal parts into which a table is cut by its rows' content, to hold out each in turn.
 * Immutable.
 *
 * @param index which, from 0
 * @param count how many there are, at least 2
 */
public record Fold(int index, int count) implements Serializable {
  public Fold {
    Check.argument(count >= 2, "folds", count, ">= 2");
    Check.argument(index >= 0 && index < count, "fold", index, "from 0 to " + (count - 1));
  }
}
