package chainrule.spark.read;

import chainrule.spark.shim.Bytes;
import chainrule.data.Column;
import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.data.RowProblem;
import chainrule.data.Schema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Turns a row of Spark SQL into a {@link RawRow}, or says why it cannot. Columns come in the order
 * of {@link Schema#columnNames} (without labels and weight if rows are only to be predicted), then
 * those that say where the row is from.
 *
 * <p>Immutable; threads may share it.
 */
public final class RowParser implements Serializable {
  private static final long serialVersionUID = 1;

  /** How the cells of a column come. */
  enum Cells {
    /** As text. */
    TEXT,
    /** As doubles. */
    DOUBLE
  }

  /** What a text of a CSV file must be. */
  static final String UTF8_TEXT =
      "UTF-8 text without NUL bytes; iconv converts a file of another encoding";

  private final Schema schema;
  private final List<String> columns;
  private final boolean[] isNumber;
  private final boolean[] comesAsDouble;
  private final int numbers;
  private final RowPolicy policy;
  private final boolean labeled;
  private final int corruptAt;

  /**
   * @param cells how each column comes, in order
   * @param labeled whether labels and weight are read too
   * @param corruptRecord whether a column follows that holds the text of a row with a wrong number
   *     of cells; then may come one with the file, then one with the row's number in it
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
    this.comesAsDouble = new boolean[cells.size()];
    for (int i = 0; i < comesAsDouble.length; i++) {
      comesAsDouble[i] = cells.get(i) == Cells.DOUBLE;
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

  /** Parses a row. Keeps nothing of it, so the row may be used again. */
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

  /** Returns a cell's number; NaN if it is missing, and if it is none, which is then a problem. */
  private double number(InternalRow row, int at, List<RowProblem> problems) {
    if (row.isNullAt(at)) {
      return Double.NaN;
    }
    double value;
    if (comesAsDouble[at]) {
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
    if (!(Math.abs(value) <= RowSource.LARGEST)) {
      problems.add(problem(row, columns.get(at), shown(row, at), "finite and within ±1e150"));
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
    return comesAsDouble[at]
        ? Double.toString(row.getDouble(at))
        : row.getUTF8String(at).toString();
  }

  /** Returns a cell's text; empty if it is missing. Whole numbers are written without a point. */
  private String text(InternalRow row, int at, List<RowProblem> problems) {
    if (row.isNullAt(at)) {
      return "";
    }
    if (comesAsDouble[at]) {
      double value = row.getDouble(at);
      return Double.isFinite(value) ? LabelEncoding.Classes.text(value) : "";
    }
    String text = row.getUTF8String(at).toString();
    // Two names in another encoding could become the same one.
    boolean fromCsv = corruptAt >= 0;
    if (fromCsv && (text.indexOf(CsvFiles.NOT_UTF8) >= 0 || text.indexOf('\0') >= 0)) {
      problems.add(problem(row, columns.get(at), text, UTF8_TEXT));
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

  /** Where the columns begin, if there are any, that say where a row is from. */
  private int placeAt() {
    return comesAsDouble.length + (corruptAt >= 0 ? 1 : 0);
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
