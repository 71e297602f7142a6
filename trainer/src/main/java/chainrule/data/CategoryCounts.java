package chainrule.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often each value of a categorical column occurs. Not for sharing.
 *
 * <p>Distinct values are counted up to a limit, so that a column of identifiers does not fill the
 * memory.
 */
public final class CategoryCounts implements Serializable {
  private static final long serialVersionUID = 1;

  // Only looked up, and sorted before it is listed: its order never matters.
  private final Map<String, Long> counts = new HashMap<>();
  private final int limit;
  private boolean overflowed;

  /**
   * @param limit the most distinct values that are counted
   */
  public CategoryCounts(int limit) {
    this.limit = limit;
  }

  /** Adds a value. */
  public void add(String value) {
    add(value, 1);
  }

  private void add(String value, long times) {
    if (counts.size() < limit || counts.containsKey(value)) {
      counts.merge(value, times, Long::sum);
    } else {
      overflowed = true;
    }
  }

  /** Adds the values that another was given. */
  public void merge(CategoryCounts other) {
    other.counts.forEach(this::add);
    overflowed |= other.overflowed;
  }

  /** Returns whether there are more distinct values than the limit. */
  public boolean overflowed() {
    return overflowed;
  }

  /** Returns how many distinct values were counted. */
  public int size() {
    return counts.size();
  }

  public long count(String value) {
    return counts.getOrDefault(value, 0L);
  }

  /** Returns the values by falling frequency, those of equal frequency by code point. */
  public List<String> byFrequency() {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey(CategoryCounts::compareCodePoints)))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns the values in ascending order by code point. */
  public List<String> ascending() {
    return counts.keySet().stream().sorted(CategoryCounts::compareCodePoints).toList();
  }

  /** Orders texts by code point; {@code String.compareTo} compares UTF-16 units instead. */
  static int compareCodePoints(String left, String right) {
    int[] leftPoints = left.codePoints().toArray();
    int[] rightPoints = right.codePoints().toArray();
    return Arrays.compare(leftPoints, rightPoints);
  }
}
