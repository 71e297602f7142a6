package chainrule.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * One pass of statistics over a table's rows: what {@link Encoder} is made from. Merging is exact,
 * so rows and parts may come in any order.
 *
 * <p>Not for sharing.
 */
public final class TableStatistics implements Serializable {
  private static final long serialVersionUID = 1;

  /** The most distinct values of a categorical column: one of more is refused as an identifier. */
  static final int MAXIMUM_DISTINCT = 1_000_000;

  private final Schema schema;
  private final List<NumberStatistics> numbers = new ArrayList<>();
  private final List<CategoryCounts> categories = new ArrayList<>();
  private final List<NumberStatistics> labelNumbers = new ArrayList<>();
  private long rows;
  private long weighing;

  /** Makes the statistics of no rows. */
  public TableStatistics(Schema schema) {
    this.schema = schema;
    schema.numericFeatures().forEach(column -> numbers.add(new NumberStatistics()));
    schema
        .categoricalFeatures()
        .forEach(column -> categories.add(new CategoryCounts(MAXIMUM_DISTINCT)));
    schema.labels().forEach(column -> labelNumbers.add(new NumberStatistics()));
  }

  /**
   * Adds a row.
   *
   * @param sampled whether its numbers are kept for quantiles
   */
  public void add(RawRow row, boolean sampled) {
    rows++;
    weighing += row.weight() > 0 ? 1 : 0;
    for (int i = 0; i < numbers.size(); i++) {
      numbers.get(i).add(row.number(i), sampled);
    }
    for (int i = 0; i < categories.size(); i++) {
      categories.get(i).add(row.category(i));
    }
    for (int i = 0; i < labelNumbers.size(); i++) {
      if (schema.labels().get(i).isNumeric()) {
        labelNumbers.get(i).add(row.labelNumber(i), false);
      }
    }
  }

  /** Adds the rows that another was given, and returns this. */
  public TableStatistics merge(TableStatistics other) {
    rows += other.rows;
    weighing += other.weighing;
    for (int i = 0; i < numbers.size(); i++) {
      numbers.get(i).merge(other.numbers.get(i));
    }
    for (int i = 0; i < categories.size(); i++) {
      categories.get(i).merge(other.categories.get(i));
    }
    for (int i = 0; i < labelNumbers.size(); i++) {
      labelNumbers.get(i).merge(other.labelNumbers.get(i));
    }
    return this;
  }

  public Schema schema() {
    return schema;
  }

  public long rows() {
    return rows;
  }

  /** Returns how many rows weigh more than 0. */
  public long weighing() {
    return weighing;
  }

  /** Returns what is known of a numeric feature. */
  public NumberStatistics numbers(int index) {
    return numbers.get(index);
  }

  /** Returns what is known of a categorical feature. */
  public CategoryCounts categories(int index) {
    return categories.get(index);
  }

  /** Returns what is known of a label that is a number. */
  public NumberStatistics labelNumbers(int index) {
    return labelNumbers.get(index);
  }
}
