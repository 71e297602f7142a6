package chainrule.train.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import chainrule.math.RandomStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShardTreeTest {
  /** A float sum, whose last bits depend on the order of its additions. */
  private static final class FloatSum implements Sums<FloatSum> {
    private static final long serialVersionUID = 1;

    private float sum;

    FloatSum(float sum) {
      this.sum = sum;
    }

    @Override
    public void merge(FloatSum sibling) {
      sum += sibling.sum;
    }
  }

  /** What was merged, and on which side: addition commutes and would not tell. */
  private static final class Text implements Sums<Text> {
    private static final long serialVersionUID = 1;

    private String text;

    Text(int node) {
      this.text = Integer.toString(node);
    }

    @Override
    public void merge(Text sibling) {
      text = "(" + text + " " + sibling.text + ")";
    }
  }

  private static float[] leaves(int shards) {
    var random = new RandomStream(shards);
    float[] leaves = new float[shards];
    for (int i = 0; i < shards; i++) {
      leaves[i] = (float) (random.nextGaussian() * Math.exp(5 * random.nextGaussian()));
    }
    return leaves;
  }

  /** Adds neighbours in pairs until one is left: the tree's definition. */
  private static float expected(float[] leaves) {
    float[] level = leaves;
    while (level.length > 1) {
      float[] above = new float[level.length / 2];
      for (int i = 0; i < above.length; i++) {
        above[i] = level[2 * i] + level[2 * i + 1];
      }
      level = above;
    }
    return level[0];
  }

  private static List<Integer> nodes(int shards, int from, int to) {
    List<Integer> nodes = new ArrayList<>();
    new ShardTree(shards).forEachNode(from, to, nodes::add);
    return nodes;
  }

  @Test
  void numbersNodesAsInAHeap() {
    var tree = new ShardTree(8);
    assertThat(tree.shards()).isEqualTo(8);
    assertThat(List.of(tree.firstShard(1), tree.endShard(1))).containsExactly(0, 8);
    assertThat(List.of(tree.firstShard(5), tree.endShard(5))).containsExactly(2, 4);
    assertThat(List.of(tree.firstShard(15), tree.endShard(15))).containsExactly(7, 8);
    assertThat(nodes(8, 0, 8)).containsExactly(1);
    assertThat(nodes(8, 0, 4)).containsExactly(2);
    assertThat(nodes(8, 1, 7)).containsExactly(9, 5, 6, 14);
    assertThat(nodes(8, 3, 4)).containsExactly(11);
    assertThat(nodes(8, 3, 3)).isEmpty();
    assertThat(nodes(1, 0, 1)).containsExactly(1);
    assertThat(nodes(65_536, 0, 65_536)).containsExactly(1);
  }

  @Property(tries = 300)
  void coversARangeByItsLargestNodes(
      @ForAll @IntRange(max = 6) int power,
      @ForAll @IntRange(max = 64) int a,
      @ForAll @IntRange(max = 64) int b) {
    int shards = 1 << power;
    int from = Math.min(shards, Math.min(a, b));
    int to = Math.min(shards, Math.max(a, b));
    var tree = new ShardTree(shards);
    int covered = from;
    for (int node : nodes(shards, from, to)) {
      assertThat(tree.firstShard(node)).isEqualTo(covered);
      covered = tree.endShard(node);
      if (node != ShardTree.ROOT) {
        boolean parentLiesInside =
            tree.firstShard(node / 2) >= from && tree.endShard(node / 2) <= to;
        assertThat(parentLiesInside).as("parent of %d", node).isFalse();
      }
    }
    assertThat(covered).isEqualTo(to);
  }

  @Test
  void computesLeavesInOrderAndAddsPairs() {
    for (int shards = 1; shards <= 64; shards *= 2) {
      float[] leaves = leaves(shards);
      List<Integer> order = new ArrayList<>();
      List<FloatSum> recycled = new ArrayList<>();
      FloatSum root =
          new ShardTree(shards)
              .<FloatSum>compute(
                  ShardTree.ROOT,
                  shard -> {
                    order.add(shard);
                    return new FloatSum(leaves[shard]);
                  },
                  recycled::add);
      assertThat(root.sum).isEqualTo(expected(leaves));
      assertThat(order).isSorted().hasSize(shards).doesNotHaveDuplicates();
      assertThat(recycled).hasSize(shards - 1).doesNotContain(root);
    }
  }

  /** Shards cut into ranges, each range into its nodes, each node computed: in some order. */
  private static List<Integer> pieces(int shards, Random random) {
    List<Integer> pieces = new ArrayList<>();
    for (int from = 0; from < shards; ) {
      int to = from + 1 + random.nextInt(shards - from);
      pieces.addAll(nodes(shards, from, to));
      from = to;
    }
    Collections.shuffle(pieces, random);
    return pieces;
  }

  private static FloatSum node(int shards, int node) {
    float[] leaves = leaves(shards);
    return new ShardTree(shards).compute(node, shard -> new FloatSum(leaves[shard]), merged -> {});
  }

  @Property(tries = 300)
  void collectsTheSameBitsInWhateverOrderNodesArrive(
      @ForAll @IntRange(max = 6) int power, @ForAll Random random) {
    int shards = 1 << power;
    var collector = new ShardTree.Collector<FloatSum>(shards);
    for (int piece : pieces(shards, random)) {
      collector.put(piece, node(shards, piece), merged -> {});
    }
    assertThat(collector.takeRoot().sum).isEqualTo(expected(leaves(shards)));
  }

  @Property(tries = 300)
  void mergesTheSameBitsByPartsOnTheWay(
      @ForAll @IntRange(max = 6) int power, @ForAll Random random) {
    int shards = 1 << power;
    List<ShardTree.Collector<FloatSum>> tasks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tasks.add(new ShardTree.Collector<>(shards));
    }
    for (int node : pieces(shards, random)) {
      tasks.get(random.nextInt(3)).put(node, node(shards, node), merged -> {});
    }
    var last = new ShardTree.Collector<FloatSum>(shards);
    Collections.shuffle(tasks, random);
    tasks.forEach(task -> task.take((node, sums) -> last.put(node, sums, merged -> {})));
    List<Integer> left = new ArrayList<>();
    last.take(
        (node, sums) -> {
          left.add(node);
          assertThat(sums.sum).isEqualTo(expected(leaves(shards)));
        });
    assertThat(left).containsExactly(ShardTree.ROOT);
  }

  @Property(tries = 100)
  void alwaysMergesTheRightSiblingIntoTheLeft(@ForAll Random random) {
    List<Integer> nodes = new ArrayList<>(List.of(4, 10, 11, 12, 13, 7));
    Collections.shuffle(nodes, random);
    var collector = new ShardTree.Collector<Text>(8);
    for (int node : nodes) {
      collector.put(node, new Text(node), merged -> {});
    }
    String expected = "((4 (10 11)) ((12 13) 7))";
    assertThat(collector.takeRoot().text).isEqualTo(expected);
    Text computed = new ShardTree(4).compute(ShardTree.ROOT, Text::new, merged -> {});
    assertThat(computed.text).isEqualTo("((0 1) (2 3))");
  }

  @Test
  void handsOnNodesWhoseSiblingsAreElsewhere() {
    var collector = new ShardTree.Collector<FloatSum>(8);
    for (int node : new int[] {13, 10, 12, 9}) {
      collector.put(node, new FloatSum(node), merged -> {});
    }
    List<String> left = new ArrayList<>();
    collector.take((node, sums) -> left.add(node + ": " + sums.sum));
    assertThat(left).containsExactly("6: 25.0", "9: 9.0", "10: 10.0");
  }

  @Test
  void collectsTheSameBitsFromManyThreads() throws Exception {
    int shards = 64;
    float expected = expected(leaves(shards));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      var collector = new ShardTree.Collector<FloatSum>(shards);
      for (int round = 0; round < 200; round++) {
        List<Integer> pieces = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
          pieces.add(shards + shard);
        }
        Collections.shuffle(pieces, new Random(round));
        List<Callable<Object>> puts = new ArrayList<>();
        for (int node : pieces) {
          puts.add(Executors.callable(() -> collector.put(node, node(shards, node), merged -> {})));
        }
        for (Future<Object> put : threads.invokeAll(puts)) {
          put.get();
        }
        assertThat(collector.takeRoot().sum).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Otherwise the tests above could not fail. */
  @Test
  void wouldGiveOtherBitsInAnotherOrder() {
    int different = 0;
    for (int shards = 4; shards <= 64; shards *= 2) {
      float inOrder = 0;
      for (float leaf : leaves(shards)) {
        inOrder += leaf;
      }
      different += inOrder != expected(leaves(shards)) ? 1 : 0;
    }
    assertThat(different).isGreaterThanOrEqualTo(3);
  }

  @Test
  void givesTheRootOnlyWhenItIsComplete() {
    var collector = new ShardTree.Collector<FloatSum>(2);
    collector.put(2, new FloatSum(1), merged -> {});
    assertThatIllegalStateException()
        .isThrownBy(collector::takeRoot)
        .withMessage("Cannot take the root's sums: some shard's are missing");
    collector.put(3, new FloatSum(2), merged -> {});
    assertThat(collector.takeRoot().sum).isEqualTo(3);
    assertThatIllegalStateException().isThrownBy(collector::takeRoot);
  }

  @Test
  void refusesANumberOfShardsThatIsNoPowerOfTwo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ShardTree(6))
        .withMessage("Invalid shards: 6 (must be a power of two from 1 to 65536)");
  }
}
