package chainrule.data;

import chainrule.math.Check;
import chainrule.math.RandomStream;
import chainrule.math.Seeds;

/**
 * The order in which a shard's rows are used in an epoch: a pure function of (seed, epoch, shard,
 * number of rows, rows in a block). Blocks are permuted, and then the rows inside each window of
 * consecutive blocks, so that data larger than memory is read a window at a time; a shard of up to
 * a window's size is permuted whole.
 *
 * <p>Not for sharing: it keeps the permutation of the window last asked for.
 */
public final class EpochOrder {
  /** Blocks in a window. */
  static final int WINDOW_BLOCKS = 32;

  private static final long BLOCK_SALT = 11;
  private static final long WINDOW_SALT = 12;

  private final int rows;
  private final int blockRows;
  private final long key;
  private final int[] blockOrder;
  private int[] window = new int[0];
  private int windowIndex = -1;
  private int windowStart;
  private int windowEnd;

  /**
   * Makes the order of one shard in one epoch.
   *
   * @param rows of the shard
   * @param blockRows rows of each of its blocks but the last
   */
  public EpochOrder(long seed, long epoch, int shard, int rows, int blockRows) {
    Check.argument(rows >= 0, "rows", rows, ">= 0");
    Check.argument(blockRows > 0, "blockRows", blockRows, "> 0");
    this.rows = rows;
    this.blockRows = blockRows;
    this.key = Seeds.mix(seed, epoch, shard);
    this.blockOrder = new int[(int) (((long) rows + blockRows - 1) / blockRows)];
    for (int i = 0; i < blockOrder.length; i++) {
      blockOrder[i] = i;
    }
    new RandomStream(Seeds.mix(key, BLOCK_SALT)).shuffle(blockOrder, 0, blockOrder.length);
  }

  /** Writes which rows of the shard stand at the places {@code from} to {@code to} (exclusive). */
  public void copyRows(int from, int to, int[] target) {
    if (!(from >= 0 && from <= to && to <= rows)) {
      throw Check.invalid("places", from + " to " + to, "in order and at most " + rows);
    }
    for (int place = from; place < to; ) {
      seek(place);
      int count = Math.min(to, windowEnd) - place;
      System.arraycopy(window, place - windowStart, target, place - from, count);
      place += count;
    }
  }

  /** Makes the window that holds this place the current one. */
  private void seek(int place) {
    if (windowIndex < 0 || place < windowStart) {
      windowIndex = -1;
      windowEnd = 0;
    } else if (place < windowEnd) {
      return;
    }
    do {
      windowIndex++;
      windowStart = windowEnd;
      windowEnd = windowStart + rowsInWindow(windowIndex);
    } while (place >= windowEnd);
    fillWindow();
  }

  private int rowsInBlock(int block) {
    return Math.min(blockRows, rows - block * blockRows);
  }

  private int rowsInWindow(int index) {
    int first = index * WINDOW_BLOCKS;
    int last = Math.min(first + WINDOW_BLOCKS, blockOrder.length);
    int count = 0;
    for (int i = first; i < last; i++) {
      count += rowsInBlock(blockOrder[i]);
    }
    return count;
  }

  private void fillWindow() {
    int count = windowEnd - windowStart;
    if (window.length < count) {
      window = new int[count];
    }
    int at = 0;
    int first = windowIndex * WINDOW_BLOCKS;
    for (int i = first; at < count; i++) {
      int start = blockOrder[i] * blockRows;
      for (int j = 0; j < rowsInBlock(blockOrder[i]); j++) {
        window[at++] = start + j;
      }
    }
    new RandomStream(Seeds.mix(key, WINDOW_SALT, windowIndex)).shuffle(window, 0, count);
  }
}
