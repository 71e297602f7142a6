package chainrule.train.sums;

import java.io.Serializable;

/**
 * The answer of a worker: sums over rows, never means. The sums of two siblings in the fixed tree
 * of shards merge into those of their parent.
 *
 * @param <S> the implementing type
 */
public interface Sums<S extends Sums<S>> extends Serializable {
  /** Adds the sums of the right sibling in the fixed tree of shards ({@link ShardTree}). */
  void merge(S sibling);
}
