package chainrule.data;

import chainrule.math.Check;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Converts a row's label into the network's target, and a prediction into a value of the label's
 * column; or converts {@link Several} labels, each with its own target and output.
 */
public sealed interface LabelEncoding extends Serializable {
  /** Returned by {@link #target} for a label that training did not see. */
  float UNKNOWN = -1;

  /** Returns what is learnt of the label. */
  Task task();

  /** Returns how many labels these are, and targets a row has. */
  default int count() {
    return 1;
  }

  /** Returns how each label is encoded, in order. */
  default List<LabelEncoding> each() {
    return List.of(this);
  }

  /**
   * Returns a target: a class index, or a standardized number.
   *
   * @param index of the label among the row's
   */
  float target(RawRow row, int index);

  /**
   * The classes of a classification: ascending, numbers as numbers, texts by code point; output i
   * of the network is class i.
   *
   * @param names the labels as texts
   * @param numeric whether the label's column holds numbers
   * @param indices the index of each name
   */
  record Classes(List<String> names, boolean numeric, Map<String, Integer> indices)
      implements LabelEncoding {
    public Classes {
      names = List.copyOf(names);
      indices = Map.copyOf(indices);
      Check.argument(names.size() >= 2, "classes", names, "two or more");
    }

    /**
     * Makes classes, ascending.
     *
     * @throws IllegalArgumentException if they are fewer than two
     */
    public static Classes of(List<String> names, boolean numeric) {
      Map<String, Integer> indices = new HashMap<>();
      for (String name : names) {
        indices.put(name, indices.size());
      }
      return new Classes(names, numeric, indices);
    }

    @Override
    public Task task() {
      return Task.CLASSIFICATION;
    }

    /** Returns the label of a row as a class name, whether or not it is one of these. */
    public String nameOf(RawRow row, int index) {
      return numeric ? text(row.labelNumber(index)) : row.labelText(index);
    }

    @Override
    public float target(RawRow row, int index) {
      Integer found = indices.get(nameOf(row, index));
      return found == null ? UNKNOWN : found;
    }

    /** Returns a number as a class name: {@code 3}, not {@code 3.0}, and no exponent. */
    public static String text(double number) {
      long whole = (long) number; // the nearest there is, if the number is beyond
      return whole == number && whole != Long.MAX_VALUE
          ? Long.toString(whole)
          : new BigDecimal(Double.toString(number)).toPlainString();
    }
  }

  /**
   * The scale of a regression: target = (label − mean) / deviation.
   *
   * @param mean what is subtracted; 0 if labels are not standardized
   * @param deviation what is divided by; 1 if labels are not standardized
   */
  record Scale(double mean, double deviation) implements LabelEncoding {
    public Scale {
      Check.argument(Double.isFinite(mean), "mean", mean, "finite");
      Check.argument(
          deviation > 0 && Double.isFinite(deviation), "deviation", deviation, "> 0 and finite");
    }

    @Override
    public Task task() {
      return Task.REGRESSION;
    }

    @Override
    public float target(RawRow row, int index) {
      return (float) ((row.labelNumber(index) - mean) / deviation);
    }

    /** Returns a prediction in the label's own unit. */
    public double original(double output) {
      return output * deviation + mean;
    }
  }

  /**
   * Several labels of one task: numbers, each with its own {@link Scale}, or labels of two {@link
   * Classes} each. Output i of the network, and target i of a row, is label i's.
   *
   * @param names of the labels' columns
   * @param each how each is encoded, in the same order
   */
  record Several(List<String> names, List<LabelEncoding> each) implements LabelEncoding {
    public Several {
      names = List.copyOf(names);
      each = List.copyOf(each);
      Check.argument(names.size() >= 2, "labels", names, "two or more");
      Check.argument(
          names.stream().distinct().count() == names.size(), "labels", names, "distinct");
      Check.argument(each.size() == names.size(), "encodings", each.size(), "" + names.size());
      boolean numbers = each.get(0) instanceof Scale;
      for (int i = 0; i < each.size(); i++) {
        boolean fits =
            numbers
                ? each.get(i) instanceof Scale
                : each.get(i) instanceof Classes classes && classes.names().size() == 2;
        Check.argument(
            fits,
            "label " + names.get(i),
            each.get(i),
            numbers ? "a number, as the others are" : "of two classes, one label among several");
      }
    }

    @Override
    public Task task() {
      return each.get(0).task();
    }

    @Override
    public int count() {
      return each.size();
    }

    @Override
    public float target(RawRow row, int index) {
      return each.get(index).target(row, index);
    }
  }
}
