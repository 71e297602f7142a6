package chainrule.train.sums;

import java.io.Serializable;

/**
 * What a worker returns: sums over rows, never means. Sums of two siblings in the fixed tree of
 * shards merge into their parent's.
 *
 * @param <S> the implementing type
 */
public interface Sums<S extends Sums<S>> extends Serializable {
  /** Adds the sums of this one's right sibling in the fixed tree of shards ({@link ShardTree}). */
  void merge(S sibling);
}
