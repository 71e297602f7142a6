package chainrule.train.sums;

import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The scores of rows with two classes, for the area under the ROC curve: a sorted list of distinct
 * scores, each with the weights of its rows by class.
 *
 * <p>Scores keep 16 significant bits, so that the list stays short for any number of rows (a few
 * hundred thousand entries at most in practice). Rows whose scores are equal in these bits count as
 * tied. With more than 16 labels, scores keep one bit less for each doubling of the number of
 * labels, so that all lists together stay as short.
 *
 * <p>Not for sharing.
 */
final class ScoreRanks implements Serializable {
  private static final long serialVersionUID = 1;

  /** Number of bits of a float's significand that are dropped: 24 − 16. */
  private static final int DROPPED_BITS = 8;

  /** Up to this many lists, scores keep 16 significant bits. */
  private static final int FULL_LISTS = 16;

  private final int droppedBits;
  private int[] keys = new int[0];
  private double[] negative = new double[0];
  private double[] positive = new double[0];
  private int size;
  private boolean sorted = true;

  /**
   * @param lists number of lists, one for each label
   */
  ScoreRanks(int lists) {
    int more = Integer.SIZE - Integer.numberOfLeadingZeros((lists - 1) / FULL_LISTS);
    this.droppedBits = Math.min(DROPPED_BITS + more, 20);
  }

  /** Adds a row. */
  void add(float score, boolean isPositive, double weight) {
    if (size == keys.length) {
      int capacity = Math.max(64, 2 * size);
      keys = Arrays.copyOf(keys, capacity);
      negative = Arrays.copyOf(negative, capacity);
      positive = Arrays.copyOf(positive, capacity);
    }
    keys[size] = key(score);
    negative[size] = isPositive ? 0 : weight;
    positive[size] = isPositive ? weight : 0;
    size++;
    sorted = false;
  }

  /** Returns an integer in the order of the scores, of the significant bits that are kept. */
  private int key(float score) {
    int bits = Float.floatToIntBits(score + 0f);
    // The bits of negative floats have the reverse order as integers.
    return (bits ^ ((bits >> 31) & 0x7fffffff)) >> droppedBits;
  }

  /** Adds the rows of another list. */
  void merge(ScoreRanks other) {
    sort();
    other.sort();
    int[] mergedKeys = new int[size + other.size];
    double[] mergedNegative = new double[mergedKeys.length];
    double[] mergedPositive = new double[mergedKeys.length];
    int left = 0;
    int right = 0;
    int to = 0;
    while (left < size || right < other.size) {
      boolean takeLeft = left < size && (right == other.size || keys[left] <= other.keys[right]);
      boolean takeRight = right < other.size && (left == size || other.keys[right] <= keys[left]);
      mergedKeys[to] = takeLeft ? keys[left] : other.keys[right];
      if (takeLeft) {
        mergedNegative[to] += negative[left];
        mergedPositive[to] += positive[left++];
      }
      if (takeRight) {
        mergedNegative[to] += other.negative[right];
        mergedPositive[to] += other.positive[right++];
      }
      to++;
    }
    keys = mergedKeys;
    negative = mergedNegative;
    positive = mergedPositive;
    size = to;
  }

  /** Writes the list for another JVM. */
  void write(DataOutput out) throws IOException {
    sort();
    out.writeInt(size);
    for (int i = 0; i < size; i++) {
      out.writeInt(keys[i]);
      out.writeDouble(negative[i]);
      out.writeDouble(positive[i]);
    }
  }

  /** Replaces the list by the one that {@link #write} wrote. */
  void read(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / (Integer.BYTES + 2 * Double.BYTES)) {
      throw new BufferUnderflowException(); // before memory is allocated
    }
    keys = new int[count];
    negative = new double[count];
    positive = new double[count];
    for (int i = 0; i < count; i++) {
      keys[i] = in.getInt();
      negative[i] = in.getDouble();
      positive[i] = in.getDouble();
    }
    size = count;
    sorted = true;
  }

  /** Sorts by score. Rows with one score become one entry, summed in the order they were added. */
  private void sort() {
    if (sorted) {
      return;
    }
    long[] order = new long[size];
    for (int i = 0; i < size; i++) {
      order[i] = ((long) keys[i] << 32) | i;
    }
    Arrays.sort(order);
    int[] sortedKeys = new int[size];
    double[] sortedNegative = new double[size];
    double[] sortedPositive = new double[size];
    int to = -1;
    for (long entry : order) {
      int key = (int) (entry >> 32);
      if (to < 0 || sortedKeys[to] != key) {
        sortedKeys[++to] = key;
      }
      sortedNegative[to] += negative[(int) entry];
      sortedPositive[to] += positive[(int) entry];
    }
    keys = sortedKeys;
    negative = sortedNegative;
    positive = sortedPositive;
    size = to + 1;
    sorted = true;
  }

  /**
   * Returns the probability that a row of the second class has a higher score than one of the
   * first, where ties count half; NaN if a class is missing.
   */
  double areaUnderCurve() {
    sort();
    double below = 0;
    double area = 0;
    double positives = 0;
    for (int i = 0; i < size; i++) {
      area += positive[i] * (below + negative[i] / 2);
      below += negative[i];
      positives += positive[i];
    }
    return area / (below * positives);
  }
}
