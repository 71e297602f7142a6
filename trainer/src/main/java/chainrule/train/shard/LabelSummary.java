package chainrule.train.shard;

import chainrule.data.CategoryCounts;
import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import java.io.Serializable;
import java.util.List;

/** The values of a label in all rows, and whether they could be classes. Not for sharing. */
public final class LabelSummary implements Serializable {
  private static final long serialVersionUID = 1;

  private final boolean numeric;
  private final CategoryCounts values = new CategoryCounts(TableSummary.MAXIMUM_CLASSES);
  private boolean whole = true;

  LabelSummary(boolean numeric) {
    this.numeric = numeric;
  }

  void add(RawRow row, int index) {
    double label = row.labelNumber(index);
    if (numeric && !Double.isFinite(label)) {
      throw new InvalidDataException("Invalid label: " + label + " (must be a finite number)");
    }
    whole &= numeric && label == Math.rint(label) && Math.abs(label) < 1e15;
    values.add(numeric ? LabelEncoding.Classes.text(label) : row.labelText(index));
  }

  void merge(LabelSummary other) {
    whole &= other.whole;
    values.merge(other.values);
  }

  /** Returns whether the label's column holds numbers. */
  public boolean numeric() {
    return numeric;
  }

  /** Returns whether every value is a whole number. */
  public boolean whole() {
    return whole;
  }

  /** Returns the distinct values, as texts; counted up to {@link TableSummary#MAXIMUM_CLASSES}. */
  public CategoryCounts values() {
    return values;
  }

  /** Returns the distinct values in ascending order: numbers as numbers, texts by code point. */
  public List<String> classes() {
    return numeric
        ? values.ascending().stream()
            .sorted((a, b) -> Double.compare(Double.parseDouble(a), Double.parseDouble(b)))
            .toList()
        : values.ascending();
  }
}
