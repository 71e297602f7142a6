package chainrule.train.shard;

import chainrule.math.Check;
import java.io.Serializable;

/**
 * One of the equal parts into which a table is split by the content of its rows, for
 * cross-validation: each in turn has the validation rows. Immutable.
 *
 * @param index of the fold, from 0
 * @param count number of folds, at least 2
 */
public record Fold(int index, int count) implements Serializable {
  public Fold {
    Check.argument(count >= 2, "folds", count, ">= 2");
    Check.argument(index >= 0 && index < count, "fold", index, "from 0 to " + (count - 1));
  }
}
