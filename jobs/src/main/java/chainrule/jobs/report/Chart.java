package chainrule.jobs.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * A chart as JSON for the page's script: axes with units, and series with a role that determines
 * their color.
 *
 * <p>Not for sharing while it is built.
 */
final class Chart {
  /** More precision would not be visible. */
  private static final MathContext DIGITS = new MathContext(5);

  private final ObjectNode json = JsonNodeFactory.instance.objectNode();
  private final ArrayNode series;

  private Chart(String kind, String x, String y) {
    json.put("kind", kind);
    json.putObject("x").put("label", x);
    json.putObject("y").put("label", y);
    series = json.putArray("series");
  }

  /** Starts a chart of points and lines over a numeric axis. */
  static Chart plane(String x, String y) {
    return new Chart("plane", x, y);
  }

  /** Starts a chart of vertical bars, one or more for each label. */
  static Chart bars(String x, String y, List<String> labels) {
    return new Chart("bars", x, y).labels("x", labels);
  }

  /** Starts a chart of horizontal bars, from the top. */
  static Chart lyingBars(String x, String y, List<String> labels) {
    return new Chart("lying", x, y).labels("y", labels);
  }

  /** Starts a map of squares over classes. */
  static Chart heat(String x, String y, List<String> labels) {
    return new Chart("heat", x, y).labels("x", labels);
  }

  /** Starts the chart of a column's distribution. The page's data have its values. */
  static Chart column(int index) {
    Chart chart = new Chart("column", "", "");
    chart.json.put("column", index);
    return chart;
  }

  private Chart labels(String axis, List<String> labels) {
    ArrayNode array = json.withObject("/" + axis).putArray("labels");
    labels.forEach(array::add);
    return this;
  }

  /** Fixes the range of an axis. */
  Chart range(String axis, double least, double most) {
    ObjectNode node = json.withObject("/" + axis);
    put(node, "min", least);
    put(node, "max", most);
    return this;
  }

  /** Makes an axis logarithmic; values of 0 are gaps. */
  Chart logarithmic(String axis) {
    json.withObject("/" + axis).put("logarithmic", true);
    return this;
  }

  /** Makes the chart square. */
  Chart square() {
    json.put("square", true);
    return this;
  }

  /** Adds a line through points. */
  Chart line(String name, String role, double[] x, double[] y) {
    return points(name, role, "line", x, y);
  }

  /** Adds a line with visible points. */
  Chart dottedLine(String name, String role, double[] x, double[] y) {
    return points(name, role, "dotted-line", x, y);
  }

  /** Adds a dashed line through points. */
  Chart dashes(String name, String role, double[] x, double[] y) {
    return points(name, role, "dashes", x, y);
  }

  /** Adds points. */
  Chart dots(String name, String role, double[] x, double[] y) {
    return points(name, role, "dots", x, y);
  }

  /** Adds squares; {@code shade} goes from 0 to 1. */
  Chart squares(String name, String role, double[] x, double[] y, double[] shade) {
    points(name, role, "dots", x, y);
    ArrayNode shades = ((ObjectNode) series.get(series.size() - 1)).putArray("shades");
    for (double value : shade) {
      add(shades, value);
    }
    return this;
  }

  private Chart points(String name, String role, String style, double[] x, double[] y) {
    ObjectNode one = series.addObject().put("name", name).put("role", role).put("style", style);
    ArrayNode points = one.putArray("points");
    for (int i = 0; i < x.length; i++) {
      ArrayNode point = points.addArray();
      add(point, x[i]);
      add(point, y[i]);
    }
    return this;
  }

  /** Adds a bar for each label. */
  Chart bar(String name, String role, double[] values) {
    ObjectNode one = series.addObject().put("name", name).put("role", role);
    ArrayNode array = one.putArray("values");
    for (double value : values) {
      add(array, value);
    }
    return this;
  }

  ObjectNode json() {
    return json;
  }

  /** Adds a number to an array; NaN and infinity become null, a gap. */
  static void add(ArrayNode array, double value) {
    if (Double.isFinite(value)) {
      array.add(new BigDecimal(value).round(DIGITS).doubleValue());
    } else {
      array.addNull();
    }
  }

  static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, new BigDecimal(value).round(DIGITS).doubleValue());
    }
  }
}
