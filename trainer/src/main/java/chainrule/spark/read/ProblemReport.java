package chainrule.spark.read;

import static org.apache.spark.sql.functions.col;

import chainrule.data.RowProblem;
import chainrule.spark.cluster.JobDescription;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Describes rows that cannot be used. Finds a row's number in its file only now, with one more scan
 * of that file or column: carrying the number with every row would cost far more.
 *
 * @param format the table's
 * @param files the table's
 * @param rows as Spark SQL reads them
 * @param columns the names of the table's columns
 */
record ProblemReport(
    TableSource.Csv csv,
    String format,
    List<String> files,
    Dataset<Row> rows,
    List<String> columns) {
  /** Returns a problem as a sentence: file:row:column, what was found and what it must be. */
  String describe(RowProblem problem) {
    OptionalLong line = line(problem);
    String file = problem.file().isEmpty() ? files.get(0) : problem.file();
    String place =
        TableFiles.readable(file)
            + (line.isPresent() ? ":" + line.getAsLong() : "")
            + (problem.column().isEmpty() ? "" : ":" + problem.column());
    if (problem.column().isEmpty()) {
      boolean open = CsvFormat.endsInQuotes(problem.value(), csv.separator().charAt(0));
      String rule =
          open
              ? CsvFormat.ONE_LINE
              : String.format("must have %s, %d", problem.expected(), columns.size());
      return String.format("%s: Invalid row: \"%s\" (%s)", place, problem.value(), rule);
    }
    String what =
        problem.value().isEmpty()
            ? "Missing value"
            : "Invalid value: \"" + problem.value().replace("\0", "\\0") + "\"";
    return place + ": " + what + " (must be " + problem.expected() + ")";
  }

  private OptionalLong line(RowProblem problem) {
    if (problem.row() >= 0) {
      return OptionalLong.of(problem.row() + 1);
    }
    if (format.equals("parquet") && !problem.file().isEmpty()) {
      return rowInParquet(problem);
    }
    if (!format.equals("csv") || problem.file().isEmpty()) {
      return OptionalLong.empty();
    }
    return CsvFiles.line(
        rows.sparkSession(), problem.file(), csv, (line, cells) -> isIt(problem, line, cells));
  }

  /** Looks for a row's number, from 1, by the value that is the problem. */
  private OptionalLong rowInParquet(RowProblem problem) {
    var cell = Names.quoted(problem.column());
    Dataset<Long> found =
        rows.select(
                cell.cast(DataTypes.StringType),
                col("_metadata.row_index"),
                col("_metadata.file_path"),
                cell)
            .filter(
                (FilterFunction<Row>)
                    row ->
                        TableFiles.readable(row.getString(2))
                                .equals(TableFiles.readable(problem.file()))
                            && shown(row).contains(problem.value()))
            .select(col("row_index"))
            .as(Encoders.LONG());
    return JobDescription.during(
            rows.sparkSession().sparkContext(),
            "looking for a row that cannot be used",
            () -> found.takeAsList(1))
        .stream()
        .mapToLong(index -> index + 1)
        .findFirst();
  }

  /** Returns how a cell may be shown in a problem: as text, and as a double if it is a number. */
  private static List<String> shown(Row row) {
    if (row.isNullAt(0)) {
      return List.of("");
    }
    return row.get(3) instanceof Number number
        ? List.of(row.getString(0), Double.toString(number.doubleValue()))
        : List.of(row.getString(0));
  }

  /** Returns whether a line of a CSV file is the one with a problem. */
  private boolean isIt(RowProblem problem, String line, List<String> cells) {
    if (problem.column().isEmpty()) {
      return line.equals(problem.value());
    }
    int at = columns.indexOf(problem.column());
    if (at >= cells.size()) {
      return false;
    }
    String cell = cells.get(at).equals(csv.nullValue()) ? "" : cells.get(at);
    return cell.equals(problem.value());
  }
}
