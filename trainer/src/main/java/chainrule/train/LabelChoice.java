package chainrule.train;

import chainrule.data.Column;
import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.Task;
import chainrule.train.settings.Setting;
import chainrule.train.shard.LabelSummary;
import chainrule.train.shard.TableSummary;
import java.util.ArrayList;
import java.util.List;

/** Derives the task and the classes from a table's labels. */
final class LabelChoice {
  /** A label of at most this many distinct whole numbers is a class label, unless task is given. */
  private static final int MAXIMUM_NUMERIC_CLASSES = 20;

  private final Setting<Task> given;
  private final List<Column> columns;
  private final TableSummary summary;
  private final List<String> classes;

  /**
   * @param given the task of the settings; auto: derived from the values
   * @param classes of each label in ascending order if they are known beforehand; otherwise empty
   */
  LabelChoice(
      Setting<Task> given, List<Column> columns, TableSummary summary, List<String> classes) {
    this.given = given;
    this.columns = columns;
    this.summary = summary;
    this.classes = classes;
  }

  /**
   * Returns how the labels are encoded: by their classes, or for a regression by scales whose
   * numbers training fits.
   *
   * @throws InvalidDataException if the table cannot be trained on
   */
  LabelEncoding encoding() {
    if (summary.rows() == 0) {
      throw new InvalidDataException(
          "Invalid training table: it has no rows (must have at least one)");
    }
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      LabelSummary label = summary.labels().get(i);
      tasks.add(given.orElseGet(() -> automaticTask(label)));
    }
    requireOneTask(tasks);
    List<LabelEncoding> encodings = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      encodings.add(encoding(tasks.get(i), columns.get(i).name(), summary.labels().get(i)));
    }
    return columns.size() == 1
        ? encodings.get(0)
        : new LabelEncoding.Several(columns.stream().map(Column::name).toList(), encodings);
  }

  private Task automaticTask(LabelSummary label) {
    boolean few = !label.values().overflowed() && label.values().size() <= MAXIMUM_NUMERIC_CLASSES;
    return !label.numeric() || (label.whole() && few && summary.rows() > 1)
        ? Task.CLASSIFICATION
        : Task.REGRESSION;
  }

  private void requireOneTask(List<Task> tasks) {
    int first = tasks.indexOf(Task.CLASSIFICATION);
    int other = tasks.indexOf(Task.REGRESSION);
    if (first >= 0 && other >= 0) {
      throw new InvalidDataException(
          String.format(
              "Invalid label: %s has %d classes, %s has numbers (a list of labels must be"
                  + " all numbers or all of two classes%s)",
              columns.get(first).name(),
              summary.labels().get(first).values().size(),
              columns.get(other).name(),
              numeric() ? "; set data.task = regression if all are numbers" : ""));
    }
  }

  private boolean numeric() {
    return columns.stream().allMatch(Column::isNumeric);
  }

  private LabelEncoding encoding(Task task, String name, LabelSummary label) {
    if (task == Task.REGRESSION) {
      requireNumbers(name, label);
      return new LabelEncoding.Scale(0, 1);
    }
    if (!classes.isEmpty()) {
      return LabelEncoding.Classes.of(classes, label.numeric());
    }
    if (label.values().overflowed()) {
      throw new InvalidDataException(
          name
              + ": Invalid label: more than "
              + TableSummary.MAXIMUM_CLASSES
              + " classes (must be fewer; set data.task = regression if it is a number)");
    }
    if (label.values().size() < 2) {
      throw new InvalidDataException(
          name
              + ": Invalid label: every row is \""
              + label.classes().get(0)
              + "\" (must have two or more classes)");
    }
    if (columns.size() > 1 && label.values().size() > 2) {
      throw new InvalidDataException(
          String.format(
              "%s: Invalid label: %d classes (must have two in a list of labels%s)",
              name,
              label.values().size(),
              numeric() ? "; set data.task = regression if all are numbers" : ""));
    }
    return LabelEncoding.Classes.of(label.classes(), label.numeric());
  }

  private static void requireNumbers(String name, LabelSummary label) {
    if (!label.numeric()) {
      throw new InvalidDataException(
          name
              + ": Invalid label: texts such as \""
              + label.values().ascending().get(0)
              + "\" (must be numbers for a regression)");
    }
  }
}
