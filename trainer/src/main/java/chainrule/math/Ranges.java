package chainrule.math;

import java.util.ArrayList;
import java.util.List;

/**
 * Which values of a flat array something applies to: an ascending list of ranges, such as all
 * weights but no bias. Immutable.
 *
 * @param list ascending, without overlaps
 */
public record Ranges(List<Range> list) {
  /**
   * Indices that follow each other.
   *
   * @param from the first of them
   * @param to the index behind the last; {@code from} if there is none
   */
  public record Range(int from, int to) {
    public Range {
      Check.argument(from >= 0 && from <= to, "range", from + " to " + to, "ascending from 0");
    }
  }

  public Ranges {
    list = List.copyOf(list);
    int end = 0;
    for (Range range : list) {
      Check.argument(range.from >= end, "range", range, "behind the one before it");
      end = range.to;
    }
  }

  /** Returns no range. */
  public static Ranges none() {
    return new Ranges(List.of());
  }

  /** Returns the one range from 0 to {@code length}. */
  public static Ranges all(int length) {
    return new Ranges(List.of(new Range(0, length)));
  }

  /** Returns these ranges and one more behind them. */
  public Ranges with(int from, int to) {
    var longer = new ArrayList<>(list);
    longer.add(new Range(from, to));
    return new Ranges(longer);
  }
}
