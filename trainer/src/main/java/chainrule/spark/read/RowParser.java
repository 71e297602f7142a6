package chainrule.spark.read;

import chainrule.data.CellValues;
import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.RowProblem;
import chainrule.data.Schema;
import chainrule.spark.shim.Bytes;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Turns a row of Spark SQL into a {@link RawRow}, or a {@link RowProblem}. The columns are in the
 * order of {@link Schema#columnNames} (without labels and weight for a prediction), followed by the
 * columns with the row's file and its number there.
 *
 * <p>Immutable; threads may share it.
 */
public final class RowParser implements Serializable {
  private static final long serialVersionUID = 1;

  /** The type of a column's cells. */
  enum Cells {
    /** Text. */
    TEXT,
    /** Doubles. */
    DOUBLE
  }

  private final Schema schema;
  private final List<String> columns;
  private final boolean[] isNumber;
  private final boolean[] isDouble;
  private final int numbers;
  private final RowPolicy policy;
  private final boolean labeled;
  private final int corruptAt;

  /**
   * @param cells the type of each column, in order
   * @param labeled whether labels and weight are read too
   * @param corruptRecord whether the next column has the text of a row with a wrong number of
   *     cells; the columns of the file and of the row's number may follow
   */
  RowParser(
      Schema schema, List<Cells> cells, RowPolicy policy, boolean labeled, boolean corruptRecord) {
    this.schema = schema;
    this.columns = List.copyOf(schema.columnNames().subList(0, cells.size()));
    this.numbers = schema.numericFeatures().size();
    this.isNumber = new boolean[schema.features().size()];
    for (int i = 0; i < isNumber.length; i++) {
      isNumber[i] = schema.features().get(i).isNumeric();
    }
    this.isDouble = new boolean[cells.size()];
    for (int i = 0; i < isDouble.length; i++) {
      isDouble[i] = cells.get(i) == Cells.DOUBLE;
    }
    this.policy = policy;
    this.labeled = labeled;
    this.corruptAt = corruptRecord ? cells.size() : -1;
  }

  Schema schema() {
    return schema;
  }

  /** Returns the names of the columns that are read, in order. */
  List<String> columns() {
    return columns;
  }

  /** Parses a row. Keeps no reference to it, so the caller may reuse it. */
  public ParsedRow parse(InternalRow row) {
    if (corruptAt >= 0 && !row.isNullAt(corruptAt)) {
      return ParsedRow.of(
          problem(row, "", row.getUTF8String(corruptAt).toString(), "as many cells as columns"));
    }
    List<RowProblem> problems = new ArrayList<>();
    double[] values = new double[numbers];
    String[] categories = new String[isNumber.length - numbers];
    int number = 0;
    int category = 0;
    for (int i = 0; i < isNumber.length; i++) {
      boolean missing;
      if (isNumber[i]) {
        values[number] = number(row, i, problems);
        missing = Double.isNaN(values[number++]);
      } else {
        categories[category] = text(row, i, problems);
        missing = categories[category++].isEmpty();
      }
      if (missing && policy.missing() != RowPolicy.Action.IMPUTE && problems.isEmpty()) {
        problems.add(missing(row, i));
      }
    }
    if (!problems.isEmpty()) {
      return ParsedRow.of(problems.get(0));
    }
    return labeled
        ? withLabels(row, values, categories)
        : ParsedRow.of(RawRow.withNumericLabel(values, categories, Double.NaN, 1));
  }

  private ParsedRow withLabels(InternalRow row, double[] numbers, String[] categories) {
    List<RowProblem> problems = new ArrayList<>();
    List<Column> labels = schema.labels();
    int first = isNumber.length;
    double[] labelNumbers = new double[labels.size()];
    String[] labelTexts = new String[labelNumbers.length];
    for (int i = 0; i < labelNumbers.length; i++) {
      int at = first + i;
      boolean numeric = labels.get(i).isNumeric();
      labelNumbers[i] = numeric ? number(row, at, problems) : Double.NaN;
      labelTexts[i] = numeric ? "" : text(row, at, problems);
      boolean missing = numeric ? Double.isNaN(labelNumbers[i]) : labelTexts[i].isEmpty();
      if (problems.isEmpty() && missing) {
        problems.add(problem(row, columns.get(at), shown(row, at), "a label in every row"));
      }
    }
    int last = first + labelNumbers.length;
    double weight = schema.isWeighted() ? number(row, last, problems) : 1;
    if (problems.isEmpty() && !(weight >= 0)) {
      problems.add(
          problem(row, schema.weight(), shown(row, last), ">= 0 in every row, being its weight"));
    }
    return problems.isEmpty()
        ? ParsedRow.of(RawRow.withLabels(numbers, categories, labelNumbers, labelTexts, weight))
        : ParsedRow.of(problems.get(0));
  }

  /** Returns a cell's number; NaN if it is missing, or invalid, which adds a problem. */
  private double number(InternalRow row, int at, List<RowProblem> problems) {
    if (row.isNullAt(at)) {
      return Double.NaN;
    }
    double value;
    if (isDouble[at]) {
      value = row.getDouble(at);
      if (Double.isNaN(value)) {
        return Double.NaN;
      }
    } else {
      UTF8String text = row.getUTF8String(at);
      if (text.numBytes() == 0 || (Bytes.at(text, 0) == Bytes.at(NAN, 0) && text.equals(NAN))) {
        return Double.NaN;
      }
      value = Decimals.parse(text);
      if (Double.isNaN(value)) {
        problems.add(problem(row, columns.get(at), text.toString(), "a decimal number or empty"));
        return Double.NaN;
      }
    }
    if (!CellValues.isInRange(value)) {
      problems.add(problem(row, columns.get(at), shown(row, at), CellValues.IN_RANGE));
      return Double.NaN;
    }
    return value;
  }

  private static final UTF8String NAN = UTF8String.fromString("NaN");

  /** Returns a cell's text as its file has it, as far as that is known; empty if it is null. */
  private String shown(InternalRow row, int at) {
    if (row.isNullAt(at)) {
      return "";
    }
    return isDouble[at] ? Double.toString(row.getDouble(at)) : row.getUTF8String(at).toString();
  }

  /** Returns a cell's text; empty if it is missing. Whole numbers are written without a point. */
  private String text(InternalRow row, int at, List<RowProblem> problems) {
    if (row.isNullAt(at)) {
      return "";
    }
    if (isDouble[at]) {
      return CellValues.category(row.getDouble(at));
    }
    String text = row.getUTF8String(at).toString();
    // Decoded wrongly, two categories could become the same one.
    boolean fromCsv = corruptAt >= 0;
    if (fromCsv && !CsvFormat.isText(text)) {
      problems.add(problem(row, columns.get(at), text, CsvFormat.UTF8_TEXT));
      return "";
    }
    return text;
  }

  private RowProblem missing(InternalRow row, int at) {
    int place = placeAt();
    return new RowProblem(
        file(row, place),
        number(row, place),
        columns.get(at),
        shown(row, at),
        "present in every row",
        true);
  }

  private RowProblem problem(InternalRow row, String column, String value, String expected) {
    int place = placeAt();
    return new RowProblem(file(row, place), number(row, place), column, value, expected, false);
  }

  /** Returns the index of the column with the row's file, if there is one. */
  private int placeAt() {
    return isDouble.length + (corruptAt >= 0 ? 1 : 0);
  }

  private static String file(InternalRow row, int place) {
    return row.numFields() <= place || row.isNullAt(place)
        ? ""
        : row.getUTF8String(place).toString();
  }

  private static long number(InternalRow row, int place) {
    return row.numFields() <= place || row.isNullAt(place + 1) ? -1 : row.getLong(place + 1);
  }
}
