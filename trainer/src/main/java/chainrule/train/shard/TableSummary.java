package chainrule.train.shard;

import chainrule.data.Column;
import chainrule.data.Fingerprint;
import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.math.Check;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * The summary of a table, from which {@code auto} settings are derived: number of rows,
 * fingerprint, labels, and for small tables the split keys. Merging is exact, so rows and parts may
 * be added in any order.
 *
 * <p>Not for sharing.
 */
public final class TableSummary implements Serializable {
  private static final long serialVersionUID = 1;

  /** The maximum number of classes of a label. */
  public static final int MAXIMUM_CLASSES = 10_000;

  private final List<LabelSummary> labels;
  private Fingerprint fingerprint = Fingerprint.empty();
  private long weighing;
  private long[] splitKeys = new long[64];

  /**
   * @param labels the labels' columns
   */
  public TableSummary(List<Column> labels) {
    this.labels = labels.stream().map(column -> new LabelSummary(column.isNumeric())).toList();
  }

  /** Adds a row, with its split key (see {@link Placement}). */
  public void add(RawRow row, long splitKey) {
    if (fingerprint.rows() < Placement.EXACT_SPLIT_ROWS) {
      int index = (int) fingerprint.rows();
      if (index == splitKeys.length) {
        splitKeys = Arrays.copyOf(splitKeys, 2 * index);
      }
      splitKeys[index] = splitKey;
    }
    fingerprint = fingerprint.plus(row);
    weighing += row.weight() > 0 ? 1 : 0;
    for (int i = 0; i < labels.size(); i++) {
      labels.get(i).add(row, i);
    }
  }

  /** Adds the rows of another summary, and returns this. */
  public TableSummary merge(TableSummary other) {
    long merged = rows() + other.rows();
    if (merged <= Placement.EXACT_SPLIT_ROWS) {
      splitKeys = Arrays.copyOf(splitKeys, (int) Math.max(64, merged));
      System.arraycopy(other.splitKeys, 0, splitKeys, (int) rows(), (int) other.rows());
    }
    fingerprint = fingerprint.plus(other.fingerprint);
    weighing += other.weighing;
    for (int i = 0; i < labels.size(); i++) {
      labels.get(i).merge(other.labels.get(i));
    }
    return this;
  }

  public long rows() {
    return fingerprint.rows();
  }

  /** Returns the number of rows that weigh more than 0. */
  public long weighing() {
    return weighing;
  }

  public Fingerprint fingerprint() {
    return fingerprint;
  }

  /** Returns the summary of each label, in the schema's order. */
  public List<LabelSummary> labels() {
    return labels;
  }

  /** Returns the placement in which this fraction of the rows are validation rows. */
  public Placement placement(long seed, double fraction) {
    return new Placement(seed, bound(fraction));
  }

  /**
   * Returns the placement in which the rows of a fold are validation rows. Each row is in one fold.
   * Up to {@link Placement#EXACT_SPLIT_ROWS} rows, the sizes of folds differ by at most one.
   *
   * @throws IllegalArgumentException if there are more folds than rows
   */
  public Placement placement(long seed, Fold fold) {
    Check.argument(
        fold.count() <= rows(),
        "folds",
        fold.count(),
        "at most " + rows() + ", the rows there are");
    double folds = fold.count();
    boolean last = fold.index() + 1 == fold.count();
    return new Placement(
        seed, bound(fold.index() / folds), last ? 0 : bound((fold.index() + 1) / folds));
  }

  /** Returns the split key below which this fraction of the rows is. */
  private long bound(double fraction) {
    if (fraction == 0) {
      return 0;
    }
    return rows() <= Placement.EXACT_SPLIT_ROWS
        ? Placement.exactBound(Arrays.copyOf(splitKeys, (int) rows()), fraction)
        : Placement.expectedBound(fraction);
  }

  /**
   * Throws unless the table has rows, some row weighs more than 0, and a model knows every label.
   *
   * @param label how the model encodes labels
   * @param name of the table, for the message
   * @throws InvalidDataException with the unknown label and the number of rows that have it
   */
  public void requireKnownLabels(LabelEncoding label, String name) {
    if (rows() == 0) {
      throw new InvalidDataException(
          "Invalid " + name + " table: it has no rows (must have at least one)");
    }
    if (weighing == 0) {
      throw new InvalidDataException(
          "Invalid " + name + " table: all its rows weigh 0 (must have a row that weighs more)");
    }
    for (int i = 0; i < label.count(); i++) {
      if (label.each().get(i) instanceof LabelEncoding.Classes classes) {
        String which = label instanceof LabelEncoding.Several of ? of.names().get(i) + ": " : "";
        requireKnown(which, labels.get(i), classes, name);
      }
    }
  }

  private static void requireKnown(
      String which, LabelSummary label, LabelEncoding.Classes classes, String table) {
    for (String value : label.classes()) {
      if (!classes.indices().containsKey(value)) {
        throw new InvalidDataException(
            String.format(
                "%sInvalid label in the %s table: \"%s\", in %d rows (must be one of the classes of"
                    + " the training table: %s)",
                which, table, value, label.values().count(value), classes.names()));
      }
    }
  }
}
