package chainrule.spark;

import chainrule.train.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Which columns of a table are used, and what for. Immutable.
 *
 * @param label the column to predict
 * @param weight the column of row weights; the empty text: none
 * @param include the features; none listed: all columns but label, weight and those excluded
 * @param exclude columns that are not used
 * @param categorical the features whose values are names, even if they look like numbers; auto:
 *     text and boolean columns
 */
public record ColumnChoice(
    String label,
    String weight,
    List<String> include,
    List<String> exclude,
    Choice<ArrayList<String>> categorical) {
  public ColumnChoice {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(weight, "weight");
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    Objects.requireNonNull(categorical, "categorical");
  }

  /** Uses all columns to predict one. */
  public static ColumnChoice of(String label) {
    return new ColumnChoice(label, "", List.of(), List.of(), Choice.auto());
  }
}
