package chainrule.data;

import chainrule.math.Check;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a row's label becomes the network's target, and a prediction a value of the label's column.
 */
public sealed interface LabelEncoding extends Serializable {
  /** Returned by {@link #target} for a label that training did not see. */
  float UNKNOWN = -1;

  Task task();

  /** Returns the target: a class index, or a standardized number. */
  float target(RawRow row);

  /**
   * The classes of a classification: ascending, numbers as numbers, texts by code point; output i
   * of the network is class i.
   *
   * @param names the labels as texts
   * @param numeric whether the label's column holds numbers
   */
  record Classes(List<String> names, boolean numeric, Map<String, Integer> indices)
      implements LabelEncoding {
    public Classes {
      names = List.copyOf(names);
      indices = Map.copyOf(indices);
      Check.argument(names.size() >= 2, "classes", names, "two or more");
    }

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
    public String nameOf(RawRow row) {
      return numeric ? text(row.labelNumber()) : row.labelText();
    }

    @Override
    public float target(RawRow row) {
      Integer index = indices.get(nameOf(row));
      return index == null ? UNKNOWN : index;
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
    public float target(RawRow row) {
      return (float) ((row.labelNumber() - mean) / deviation);
    }

    /** Returns a prediction in the label's own unit. */
    public double original(double output) {
      return output * deviation + mean;
    }
  }
}
