package chainrule.data;

import chainrule.math.Check;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The columns that training reads: features in the table's order, the labels, and a column of row
 * weights if there is one. Immutable.
 *
 * @param features the columns a prediction depends on; at least one
 * @param labels the columns to predict, in the order of the targets; at least one
 * @param weight the name of the column of row weights, or the empty text: every row weighs 1
 */
public record Schema(List<Column> features, List<Column> labels, String weight)
    implements Serializable {
  public Schema {
    features = List.copyOf(features);
    labels = List.copyOf(labels);
    Objects.requireNonNull(weight, "weight");
    Check.argument(!features.isEmpty(), "features", features, "at least one column");
    Check.argument(areDistinct(features), "features", features, "columns of distinct names");
    Check.argument(!labels.isEmpty(), "labels", labels, "at least one column");
    Check.argument(areDistinct(labels), "labels", labels, "columns of distinct names");
  }

  /** Makes the schema of a table with one label. */
  public Schema(List<Column> features, Column label, String weight) {
    this(features, List.of(label), weight);
  }

  private static boolean areDistinct(List<Column> columns) {
    return columns.stream().map(Column::name).distinct().count() == columns.size();
  }

  /**
   * Returns the label of a schema that has one.
   *
   * @throws IllegalStateException if it has several
   */
  public Column label() {
    if (labels.size() > 1) {
      throw new IllegalStateException("Cannot tell the label: there are " + labels.size());
    }
    return labels.get(0);
  }

  /** Returns the names of the labels, in order. */
  public List<String> labelNames() {
    return labels.stream().map(Column::name).toList();
  }

  /** Returns the numeric features, in order: a row's numbers. */
  public List<Column> numericFeatures() {
    return features.stream().filter(Column::isNumeric).toList();
  }

  /** Returns the categorical features, in order: a row's categories. */
  public List<Column> categoricalFeatures() {
    return features.stream().filter(column -> !column.isNumeric()).toList();
  }

  public boolean isWeighted() {
    return !weight.isEmpty();
  }

  /** Returns the names of all columns: features, labels, weight. */
  public List<String> columnNames() {
    Stream<String> names = Stream.concat(features.stream(), labels.stream()).map(Column::name);
    return (isWeighted() ? Stream.concat(names, Stream.of(weight)) : names).toList();
  }
}
