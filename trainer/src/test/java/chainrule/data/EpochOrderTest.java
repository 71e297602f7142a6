package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
  private static int[] all(EpochOrder order, int rows) {
    int[] target = new int[rows];
    order.copyRows(0, rows, target);
    return target;
  }

  @Property(tries = 300)
  void isAPermutation(
      @ForAll long seed,
      @ForAll @IntRange(max = 700) int rows,
      @ForAll @IntRange(min = 1, max = 9) int blockRows) {
    int[] order = all(new EpochOrder(seed, 3, 1, rows, blockRows), rows);
    Arrays.sort(order);
    assertThat(order).isEqualTo(IntStream.range(0, rows).toArray());
  }

  @Property(tries = 100)
  void givesTheSameRowsInAnyPiecesAndDirection(
      @ForAll @IntRange(min = 1, max = 700) int rows,
      @ForAll @IntRange(min = 1, max = 9) int blockRows,
      @ForAll Random random) {
    int[] whole = all(new EpochOrder(1, 2, 3, rows, blockRows), rows);
    var order = new EpochOrder(1, 2, 3, rows, blockRows);
    for (int i = 0; i < 10; i++) {
      int from = random.nextInt(rows + 1);
      int to = from + random.nextInt(rows + 1 - from);
      int[] piece = new int[to - from];
      order.copyRows(from, to, piece);
      assertThat(piece).isEqualTo(Arrays.copyOfRange(whole, from, to));
    }
  }

  @Property(tries = 50)
  void takesTheRowsOfAWindowFromItsBlocksAlone(
      @ForAll @IntRange(min = 1, max = 1_000) int rows,
      @ForAll @IntRange(min = 1, max = 5) int blockRows) {
    int[] order = all(new EpochOrder(9, 0, 0, rows, blockRows), rows);
    // A window ends where the rows of its first 32 blocks do; one of them may be the short last.
    int windowRows = EpochOrder.WINDOW_BLOCKS * blockRows;
    int[] window = new int[(rows + blockRows - 1) / blockRows];
    Arrays.fill(window, -1);
    int[] blocksOfWindow = new int[rows / windowRows + 2];
    int end = 0;
    int current = -1;
    for (int place = 0; place < rows; place++) {
      if (place == end) {
        current++;
        int[] blocks =
            IntStream.range(place, Math.min(rows, place + windowRows))
                .map(i -> order[i] / blockRows)
                .distinct()
                .limit(EpochOrder.WINDOW_BLOCKS)
                .toArray();
        for (int block : blocks) {
          end += Math.min(blockRows, rows - block * blockRows);
        }
      }
      int block = order[place] / blockRows;
      if (window[block] < 0) {
        window[block] = current;
        blocksOfWindow[current]++;
      }
      assertThat(window[block]).isEqualTo(current);
      assertThat(blocksOfWindow[current]).isLessThanOrEqualTo(EpochOrder.WINDOW_BLOCKS);
    }
  }

  @Test
  void differsBySeedEpochShardAndWindow() {
    int[] order = all(new EpochOrder(1, 1, 1, 200, 4), 200);
    assertThat(all(new EpochOrder(1, 1, 1, 200, 4), 200)).isEqualTo(order);
    assertThat(all(new EpochOrder(2, 1, 1, 200, 4), 200)).isNotEqualTo(order);
    assertThat(all(new EpochOrder(1, 2, 1, 200, 4), 200)).isNotEqualTo(order);
    assertThat(all(new EpochOrder(1, 1, 2, 200, 4), 200)).isNotEqualTo(order);
  }

  @Test
  void mixesBlocksAndTheRowsInThem() {
    int[] order = all(new EpochOrder(1, 1, 1, 4_000, 4), 4_000);
    int stayed = 0;
    int neighbours = 0;
    for (int i = 1; i < order.length; i++) {
      stayed += order[i] == i ? 1 : 0;
      neighbours += order[i] == order[i - 1] + 1 ? 1 : 0;
    }
    // One row is expected to stay; windows of 128 rows have 96 pairs of neighbours among 128².
    assertThat(stayed).isLessThan(10);
    assertThat(neighbours).isLessThan(60);
  }

  @Test
  void refusesPlacesThatThereAreNot() {
    var order = new EpochOrder(1, 1, 1, 5, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> order.copyRows(0, 6, new int[6]))
        .withMessage("Invalid places: 0 to 6 (must be in order and at most 5)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> order.copyRows(3, 2, new int[6]))
        .withMessage("Invalid places: 3 to 2 (must be in order and at most 5)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EpochOrder(1, 1, 1, -1, 2))
        .withMessage("Invalid rows: -1 (must be >= 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EpochOrder(1, 1, 1, 1, 0))
        .withMessage("Invalid blockRows: 0 (must be > 0)");
  }
}
