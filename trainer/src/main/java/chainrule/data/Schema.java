package chainrule.data;

import chainrule.math.Check;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The columns that training reads: features in the table's order, the label, and a column of row
 * weights if there is one. Immutable.
 *
 * @param features the columns a prediction depends on; at least one
 * @param label the column to predict
 * @param weight the name of the column of row weights, or the empty text: every row weighs 1
 */
public record Schema(List<Column> features, Column label, String weight) implements Serializable {
  public Schema {
    features = List.copyOf(features);
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(weight, "weight");
    Check.argument(!features.isEmpty(), "features", features, "at least one column");
    long distinct = features.stream().map(Column::name).distinct().count();
    Check.argument(distinct == features.size(), "features", features, "columns of distinct names");
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

  /** Returns the names of all columns: features, label, weight. */
  public List<String> columnNames() {
    Stream<String> names =
        Stream.concat(features.stream().map(Column::name), Stream.of(label.name()));
    return (isWeighted() ? Stream.concat(names, Stream.of(weight)) : names)
        .collect(Collectors.toUnmodifiableList());
  }
}
