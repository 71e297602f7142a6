package chainrule.train.sums;

import chainrule.data.Placement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * The fixed binary tree over the V shards along which all sums are merged, so that a sum's bits do
 * not depend on which worker computes what, or finishes first.
 *
 * <p>Nodes are numbered as in a heap: 1 is the root, the children of n are 2n and 2n + 1, the leaf
 * of shard v is V + v. A parent is its left child with the right one merged into it, and nothing
 * else ever merges.
 */
public final class ShardTree {
  /** The node whose sums are those of all shards. */
  public static final int ROOT = 1;

  private final int shards;

  /**
   * Makes the tree of {@code shards} leaves.
   *
   * @throws IllegalArgumentException if that is not a power of two
   */
  public ShardTree(int shards) {
    Placement.checkShards(shards);
    this.shards = shards;
  }

  public int shards() {
    return shards;
  }

  /** Returns the first shard below a node. */
  int firstShard(int node) {
    return (node << depthBelow(node)) - shards;
  }

  /** Returns the shard after the last one below a node. */
  int endShard(int node) {
    return ((node + 1) << depthBelow(node)) - shards;
  }

  private int depthBelow(int node) {
    return Integer.numberOfLeadingZeros(node) - Integer.numberOfLeadingZeros(shards);
  }

  /** Calls {@code action} with the largest nodes within a range of shards, in ascending order. */
  public void forEachNode(int fromShard, int toShard, Consumer<Integer> action) {
    Deque<Integer> open = new ArrayDeque<>();
    open.push(ROOT);
    while (!open.isEmpty()) {
      int node = open.pop();
      if (endShard(node) <= fromShard || firstShard(node) >= toShard) {
        continue;
      }
      if (firstShard(node) >= fromShard && endShard(node) <= toShard) {
        action.accept(node);
      } else {
        open.push(2 * node + 1);
        open.push(2 * node);
      }
    }
  }

  /**
   * Computes the sums of a node's shards in order, and returns the sums of the node.
   *
   * @param leaf computes the sums of a shard
   * @param recycle receives the sums that were merged into others
   */
  public <S extends Sums<S>> S compute(int node, IntFunction<S> leaf, Consumer<S> recycle) {
    if (node >= shards) {
      return leaf.apply(node - shards);
    }
    S left = compute(2 * node, leaf, recycle);
    S right = compute(2 * node + 1, leaf, recycle);
    left.merge(right);
    recycle.accept(right);
    return left;
  }

  /** Returns the number of shards below a node. */
  public int shardsBelow(int node) {
    return 1 << depthBelow(node);
  }

  /** A node of the tree and its sums. */
  private record Node<S extends Sums<S>>(int index, S sums) {}

  /**
   * Collects the sums of nodes, from any threads and in any order.
   *
   * <p>Threads may share it. The thread that adds the second of two siblings merges them.
   *
   * @param <S> the sums of a node
   */
  public static final class Collector<S extends Sums<S>> {
    private final AtomicReferenceArray<Node<S>> waiting;

    /** Collects over the tree of {@code shards} leaves. */
    public Collector(int shards) {
      waiting = new AtomicReferenceArray<>(2 * shards);
    }

    /**
     * Adds a node's sums.
     *
     * @param recycle receives the sums that were merged into others
     */
    public void put(int node, S sums, Consumer<S> recycle) {
      Node<S> merged = new Node<>(node, sums);
      while (merged.index != ROOT) {
        // The left sibling's slot serves the pair: the sibling that comes first is put there.
        int pair = merged.index & ~1;
        if (waiting.compareAndSet(pair, null, merged)) {
          return;
        }
        Node<S> sibling = waiting.getAndSet(pair, null);
        boolean isLeft = merged.index == pair;
        S left = isLeft ? merged.sums : sibling.sums;
        S right = isLeft ? sibling.sums : merged.sums;
        left.merge(right);
        recycle.accept(right);
        merged = new Node<>(pair / 2, left);
      }
      waiting.set(ROOT, merged);
    }

    /**
     * Returns the root's sums and empties the collector.
     *
     * @throws IllegalStateException if the sums of some shards were not added
     */
    public S takeRoot() {
      Node<S> root = waiting.getAndSet(ROOT, null);
      if (root == null) {
        throw new IllegalStateException("Cannot take the root's sums: some shard's are missing");
      }
      return root.sums;
    }

    /**
     * Calls {@code action} with the nodes that could not merge further, and empties the collector.
     */
    public void take(BiConsumer<Integer, S> action) {
      for (int i = ROOT; i < waiting.length(); i++) {
        Node<S> node = waiting.getAndSet(i, null);
        if (node != null) {
          action.accept(node.index, node.sums);
        }
      }
    }
  }
}
