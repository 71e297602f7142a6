package chainrule.spark.read;

import chainrule.math.Check;
import chainrule.train.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Which columns of a table are used, and what for. Immutable.
 *
 * @param labels the columns to predict; at least one
 * @param weight the column of row weights; the empty text: none
 * @param include the features; none listed: all columns but labels, weight and those excluded
 * @param exclude columns that are not used
 * @param categorical the features whose values are names, even if they look like numbers; auto:
 *     text and boolean columns
 */
public record ColumnChoice(
    List<String> labels,
    String weight,
    List<String> include,
    List<String> exclude,
    Setting<ArrayList<String>> categorical) {
  public ColumnChoice {
    labels = List.copyOf(labels);
    Check.argument(!labels.isEmpty(), "data.label", labels, "a column or a list of columns");
    long distinct = labels.stream().distinct().count();
    Check.argument(distinct == labels.size(), "data.label", labels, "a list of distinct columns");
    Objects.requireNonNull(weight, "weight");
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    Objects.requireNonNull(categorical, "categorical");
  }

  /** Uses all columns to predict one. */
  public static ColumnChoice of(String label) {
    return new ColumnChoice(List.of(label), "", List.of(), List.of(), Setting.auto());
  }
}
