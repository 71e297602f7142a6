package chainrule.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import chainrule.data.Column;
import chainrule.data.InvalidDataException;
import chainrule.data.Schema;
import chainrule.math.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Finds a table's files and columns, before anything is computed. CSV cells are read as text and
 * parsed by {@link RowParser}, so that an error can name the cell.
 *
 * <p>Not for sharing.
 */
public final class TableReader {
  private static final String CORRUPT = "_chainrule_corrupt_record";

  /** How many cells are looked at to tell numbers from names in a CSV table. */
  private static final int SAMPLED_CELLS = 500_000;

  private final SparkSession session;
  private final String key;
  private final TableSource source;
  private final String format;
  private final List<String> files;
  private final Dataset<Row> rows;

  /**
   * Opens a table.
   *
   * @param key the configuration key that names the paths, for messages
   * @throws InvalidDataException if a path names no file, or the files are not what they should be
   */
  public TableReader(SparkSession session, String key, TableSource source) {
    this.session = session;
    this.key = key;
    this.source = source;
    this.files = TableFiles.find(session, key, source.paths());
    this.format = source.formatOf(files);
    this.rows = read();
  }

  public List<String> columns() {
    return Arrays.stream(rows.columns()).filter(name -> !name.equals(CORRUPT)).toList();
  }

  /** Returns the rows as Spark SQL reads them: for CSV, all cells as text. */
  public Dataset<Row> rows() {
    return rows.select(
        columns().stream().map(TableReader::quoted).toArray(org.apache.spark.sql.Column[]::new));
  }

  /** Returns the format the table is read as. */
  public String format() {
    return format;
  }

  /** Returns the URIs of the table's files. */
  public List<String> files() {
    return files;
  }

  TableSource source() {
    return source;
  }

  boolean isCsv() {
    return format.equals("csv");
  }

  private static org.apache.spark.sql.Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  private Dataset<Row> read() {
    DataFrameReader reader = session.read().format(format);
    String[] paths = source.paths().toArray(new String[0]);
    if (!isCsv()) {
      try {
        return reader.load(paths);
      } catch (Exception e) { // Scala throws checked exceptions that Java cannot name here
        throw new InvalidDataException(
            key + ": Cannot read " + paths[0] + " as " + format + ": " + firstLine(e), e);
      }
    }
    List<String> header = CsvFiles.header(session, files, source.csv());
    requireDistinct(header);
    StructType schema = new StructType();
    for (String name : header) {
      schema = schema.add(name, DataTypes.StringType);
    }
    return reader
        .schema(schema.add(CORRUPT, DataTypes.StringType))
        .option("header", source.csv().header())
        .option("sep", source.csv().separator())
        .option("nullValue", source.csv().nullValue())
        .option("escape", "\"")
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", CORRUPT)
        // With pruning, Spark would not see that a row has too many or too few cells.
        .option("columnPruning", false)
        .option("enforceSchema", true)
        .load(paths);
  }

  private static String firstLine(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }

  private void requireDistinct(List<String> columns) {
    Set<String> seen = new LinkedHashSet<>();
    Set<String> seenAsSparkSees = new LinkedHashSet<>();
    for (String name : columns) {
      String place = CsvFiles.readable(files.get(0)) + ":1:" + name + ": Invalid header: ";
      if (!seen.add(name)) {
        throw new InvalidDataException(place + "the column is there twice (must be there once)");
      }
      if (!seenAsSparkSees.add(asSparkSees(session, name))) {
        throw new InvalidDataException(
            place
                + "the column is there twice, but for upper and lower case (must be there once"
                + " unless spark.sql.caseSensitive = true)");
      }
    }
  }

  /** Returns a name that is equal to another's if Spark takes their columns for the same. */
  static String asSparkSees(SparkSession session, String name) {
    boolean exact = Boolean.parseBoolean(session.conf().get("spark.sql.caseSensitive"));
    return exact ? name : name.toLowerCase(Locale.ROOT);
  }

  /**
   * Finds the features, label and weight among the columns and tells numbers from names.
   *
   * @throws InvalidDataException if a column is not there, or of a type that cannot be used
   */
  public Schema schema(ColumnChoice choice) {
    List<String> columns = columns();
    requireColumn("data.label", choice.label(), columns);
    if (!choice.weight().isEmpty()) {
      requireColumn("data.weight", choice.weight(), columns);
    }
    choice.include().forEach(name -> requireColumn("data.features.include", name, columns));
    choice.exclude().forEach(name -> requireColumn("data.features.exclude", name, columns));
    List<String> listed = choice.categorical().orElse(new ArrayList<>());
    listed.forEach(name -> requireColumn("data.features.categorical", name, columns));
    Check.argument(
        !choice.weight().equals(choice.label()),
        "data.weight",
        choice.weight(),
        "another column than the label");
    Check.argument(
        !choice.include().contains(choice.label()),
        "data.features.include",
        choice.label(),
        "without the label");
    List<String> features =
        (choice.include().isEmpty() ? columns : choice.include())
            .stream()
                .filter(name -> !choice.exclude().contains(name))
                .filter(name -> !name.equals(choice.label()) && !name.equals(choice.weight()))
                .toList();
    if (features.isEmpty()) {
      throw new InvalidDataException(
          key + ": Cannot train: no column is left as a feature beside the label");
    }
    boolean automatic = choice.categorical().isAuto();
    List<String> open = new ArrayList<>(automatic ? features : List.of());
    open.add(choice.label());
    Set<String> numeric = numericColumns(open);
    List<Column> columnsOfFeatures = new ArrayList<>();
    for (String name : features) {
      boolean names = automatic ? !numeric.contains(name) : listed.contains(name);
      if (!names) {
        requireNumeric(name);
      }
      columnsOfFeatures.add(names ? Column.categorical(name) : Column.numeric(name));
    }
    Column label =
        numeric.contains(choice.label())
            ? Column.numeric(choice.label())
            : Column.categorical(choice.label());
    return new Schema(columnsOfFeatures, label, choice.weight());
  }

  private void requireColumn(String setting, String name, Collection<String> columns) {
    if (!columns.contains(name)) {
      throw new InvalidDataException(
          String.format(
              "%s: Invalid column: \"%s\" (must be a column of %s)%s",
              setting, name, source.paths().get(0), Names.suggestion(name, columns)));
    }
  }

  private void requireNumeric(String name) {
    DataType type = field(name).dataType();
    boolean readable = type instanceof NumericType || isCsv();
    if (!readable) {
      throw new InvalidDataException(
          String.format(
              "%s: Invalid numeric column: its type is %s (must be a number; list it in"
                  + " data.features.categorical or data.features.exclude)",
              name, type.simpleString()));
    }
  }

  private StructField field(String name) {
    return rows.schema().apply(name);
  }

  /** Returns which of these columns hold numbers: by type, or for CSV by a sample of the cells. */
  private Set<String> numericColumns(List<String> names) {
    Set<String> numeric = new LinkedHashSet<>();
    if (!isCsv()) {
      for (String name : names) {
        DataType type = field(name).dataType();
        if (type instanceof NumericType) {
          numeric.add(name);
        } else if (!(type instanceof StringType || type instanceof BooleanType)) {
          throw new InvalidDataException(
              String.format(
                  "%s: Invalid column type: %s (must be a number, text or boolean; exclude or convert"
                      + " the column)",
                  name, type.simpleString()));
        }
      }
      return numeric;
    }
    var columns = names.stream().map(TableReader::quoted);
    int count = Math.max(100, SAMPLED_CELLS / names.size());
    List<Row> sample =
        rows.select(columns.toArray(org.apache.spark.sql.Column[]::new))
            .limit(count)
            .collectAsList();
    for (int i = 0; i < names.size(); i++) {
      if (looksNumeric(sample, i)) {
        numeric.add(names.get(i));
      }
    }
    return numeric;
  }

  /**
   * Says whether most cells are numbers. Not all, so that a stray text among numbers is refused as
   * what it is, and does not silently turn its column into names.
   */
  private static boolean looksNumeric(List<Row> sample, int column) {
    int present = 0;
    int numbers = 0;
    for (Row row : sample) {
      if (!row.isNullAt(column) && !row.getString(column).isEmpty()) {
        present++;
        var text = org.apache.spark.unsafe.types.UTF8String.fromString(row.getString(column));
        numbers += Double.isNaN(Decimals.parse(text)) ? 0 : 1;
      }
    }
    return 2 * numbers > present || present == 0;
  }

  /** A table's rows, selected and typed as {@link RowParser} reads them, and that parser. */
  record Selection(List<org.apache.spark.sql.Column> columns, RowParser parser) {}

  /** Returns the columns of a selection alone. */
  Dataset<Row> only(Selection selection) {
    return rows.select(selection.columns.toArray(org.apache.spark.sql.Column[]::new));
  }

  /** Returns the columns of a selection behind the table's own. */
  Dataset<Row> with(Selection selection) {
    List<org.apache.spark.sql.Column> all = new ArrayList<>();
    columns().forEach(name -> all.add(quoted(name)));
    for (int i = 0; i < selection.columns.size(); i++) {
      all.add(selection.columns.get(i).as("_chainrule_" + i));
    }
    return rows.select(all.toArray(org.apache.spark.sql.Column[]::new));
  }

  /**
   * Selects the columns of a schema.
   *
   * @param labeled whether label and weight are selected too
   * @throws InvalidDataException if a column is not there, or has another type
   */
  Selection select(Schema schema, RowPolicy policy, boolean labeled) {
    List<String> names =
        labeled ? schema.columnNames() : schema.features().stream().map(Column::name).toList();
    Collection<String> columns = columns();
    List<org.apache.spark.sql.Column> selected = new ArrayList<>();
    List<RowParser.Cells> cells = new ArrayList<>();
    for (String name : names) {
      if (!columns.contains(name)) {
        throw new InvalidDataException(
            String.format(
                "%s: Cannot use %s: it has no column \"%s\", which the model needs%s",
                key, source.paths().get(0), name, Names.suggestion(name, columns)));
      }
      boolean number =
          schema.features().stream().anyMatch(c -> c.name().equals(name) && c.isNumeric())
              || name.equals(schema.weight())
              || (name.equals(schema.label().name()) && schema.label().isNumeric());
      if (number) {
        requireNumeric(name);
      }
      DataType type = field(name).dataType();
      boolean asDouble = type instanceof NumericType && (number || isFractional(type));
      cells.add(asDouble ? RowParser.Cells.DOUBLE : RowParser.Cells.TEXT);
      selected.add(quoted(name).cast(asDouble ? DataTypes.DoubleType : DataTypes.StringType));
    }
    if (isCsv()) {
      selected.add(quoted(CORRUPT));
    }
    selected.addAll(place());
    return new Selection(
        List.copyOf(selected), new RowParser(schema, cells, policy, labeled, isCsv()));
  }

  private static boolean isFractional(DataType type) {
    return type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType);
  }

  /** Returns the columns that say where a row is from, as far as the format knows. */
  private List<org.apache.spark.sql.Column> place() {
    var nowhere = lit(null).cast(DataTypes.LongType);
    boolean isParquet = format.equals("parquet");
    if (isCsv() || isParquet) {
      return List.of(col("_metadata.file_path"), isParquet ? col("_metadata.row_index") : nowhere);
    }
    return List.of(lit(files.get(0)), nowhere);
  }

  /** Returns a problem as a sentence: file:row:column, what was found and what it must be. */
  String describe(RowProblem problem) {
    OptionalLong line = line(problem);
    String file = problem.file().isEmpty() ? files.get(0) : problem.file();
    String place =
        CsvFiles.readable(file)
            + (line.isPresent() ? ":" + line.getAsLong() : "")
            + (problem.column().isEmpty() ? "" : ":" + problem.column());
    if (problem.column().isEmpty()) {
      return String.format(
          "%s: Invalid row: \"%s\" (must have %s, %d)",
          place, problem.value(), problem.expected(), columns().size());
    }
    String what =
        problem.value().isEmpty() ? "Missing value" : "Invalid value: \"" + problem.value() + "\"";
    return place + ": " + what + " (must be " + problem.expected() + ")";
  }

  private OptionalLong line(RowProblem problem) {
    if (problem.row() >= 0) {
      return OptionalLong.of(problem.row() + 1);
    }
    if (!isCsv() || problem.file().isEmpty()) {
      return OptionalLong.empty();
    }
    return CsvFiles.line(
        session, problem.file(), source.csv(), (line, cells) -> isIt(problem, line, cells));
  }

  /** Says whether a line of a CSV file is the one with a problem. */
  private boolean isIt(RowProblem problem, String line, List<String> cells) {
    if (problem.column().isEmpty()) {
      return line.equals(problem.value());
    }
    int at = columns().indexOf(problem.column());
    if (at >= cells.size()) {
      return false;
    }
    String cell = cells.get(at).equals(source.csv().nullValue()) ? "" : cells.get(at);
    return cell.equals(problem.value());
  }

  /**
   * Returns what a failed job should tell if a row of this table was the cause.
   *
   * @param failure what Spark threw
   */
  public Optional<InvalidDataException> explain(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RowProblemException row) {
        return Optional.of(new InvalidDataException(describe(row.problem()), failure));
      }
    }
    return Optional.empty();
  }
}
