package chainrule.spark.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import chainrule.data.Causes;
import chainrule.data.Column;
import chainrule.data.InvalidDataException;
import chainrule.data.RowProblem;
import chainrule.data.RowProblemException;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.spark.cluster.JobDescription;
import chainrule.spark.cluster.TaskResults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * Finds a table's files and columns, before anything is computed. CSV cells are read as text and
 * parsed by {@link RowParser}, so that an error can name the cell.
 *
 * <p>Not for sharing.
 */
public final class TableReader {
  private static final String CORRUPT = "_chainrule_corrupt_record";
  private static final String LINE = "_chainrule_line";

  private final SparkSession session;
  private final String key;
  private final TableSource source;
  private final String format;
  private final List<String> files;
  private final FileWatch watch;
  private final List<String> header;
  private final Dataset<Row> rows;
  private Set<String> unmixedNames = Set.of();

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
    List<FileStatus> found = TableFiles.find(session, key, source.paths());
    this.files = found.stream().map(file -> file.getPath().toUri().toString()).toList();
    this.watch = new FileWatch(session, found);
    this.format = source.formatOf(files);
    this.header = isCsv() ? CsvFiles.header(session, files, source.csv()) : Collections.emptyList();
    if (format.equals("parquet")) {
      ParquetFiles.requireAlike(session, files);
    }
    this.rows = read();
  }

  public List<String> columns() {
    return Arrays.stream(rows.columns()).filter(name -> !name.equals(CORRUPT)).toList();
  }

  /** Returns the rows as Spark SQL reads them: for CSV, all cells as text. */
  public Dataset<Row> rows() {
    return rows.select(
        columns().stream().map(Names::quoted).toArray(org.apache.spark.sql.Column[]::new));
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

  private Dataset<Row> read() {
    DataFrameReader reader = session.read().format(format);
    String[] paths = source.paths().toArray(new String[0]);
    if (!isCsv()) {
      try {
        return JobDescription.during(
            session.sparkContext(), "looking for columns", () -> reader.load(paths));
      } catch (Exception e) { // Scala throws checked exceptions that Java cannot name here
        throw new InvalidDataException(
            key + ": Cannot read " + paths[0] + " as " + format + ": " + firstLine(e), e);
      }
    }
    requireDistinct(header);
    StructType schema = new StructType();
    for (String name : header) {
      schema = schema.add(name, DataTypes.StringType);
    }
    return reader
        .schema(schema.add(CORRUPT, DataTypes.StringType))
        .options(CsvFormat.sparkOptions(source.csv()))
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
      String place = TableFiles.readable(files.get(0)) + ":1:" + name + ": Invalid header: ";
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
  public static String asSparkSees(SparkSession session, String name) {
    boolean exact = Boolean.parseBoolean(session.conf().get("spark.sql.caseSensitive"));
    return exact ? name : name.toLowerCase(Locale.ROOT);
  }

  /**
   * Finds the features, labels and weight, and which of the columns are categorical.
   *
   * @throws InvalidDataException if a column is not there, or of a type that cannot be used
   */
  public Schema schema(ColumnChoice choice) {
    var finder =
        new SchemaFinder(session, key, source, files, rows().schema(), isCsv(), this::texts);
    Schema schema = finder.find(choice);
    unmixedNames = finder.unmixedNames();
    return schema;
  }

  /** Returns the texts of columns of a CSV table, all rows; those of unreadable rows are null. */
  private JavaRDD<InternalRow> texts(List<String> names) {
    List<org.apache.spark.sql.Column> columns = names.stream().map(Names::quoted).toList();
    return cells(names, columns);
  }

  /**
   * The columns that a parser reads.
   *
   * @param columns in the order in which the parser reads them
   * @param place columns that name file and row, which the parser reads if they follow; may be
   *     empty
   * @param parser turns these columns into a row or a problem
   */
  public record Selection(
      List<org.apache.spark.sql.Column> columns,
      List<org.apache.spark.sql.Column> place,
      RowParser parser) {
    private Stream<org.apache.spark.sql.Column> all() {
      return Stream.concat(columns.stream(), place.stream());
    }
  }

  /** Reads the first rows of the table, as they come in its files. */
  List<ParsedRow> first(Selection selection, int count) {
    RowParser parser = selection.parser;
    return TaskResults.collect(
        rows.select(selection.all().toArray(org.apache.spark.sql.Column[]::new))
            .limit(count)
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .map(parser::parse));
  }

  /** Reads the table. */
  JavaRDD<ParsedRow> parsed(Selection selection) {
    RowParser parser = selection.parser;
    // Spark lists the files again, and another time for every seed and part of the table.
    watch.requireSame(TableFiles.present(session, key, source.paths()));
    FileWatch watched = watch; // so that the closure holds it and not this object
    // Columns that say where a row is from would cost more than all else: Spark copies a row for
    // them, twice. A task knows the file it is in.
    return cells(selection.parser.columns(), selection.columns)
        .mapPartitions(
            cells ->
                Iterators.map(
                    watched.over(cells), row -> parser.parse(row).in(CsvLines.currentFile())));
  }

  private JavaRDD<InternalRow> cells(List<String> read, List<org.apache.spark.sql.Column> columns) {
    if (isCsv() && read.stream().distinct().count() == read.size()) {
      Dataset<Row> text =
          session
              .read()
              .schema(new StructType().add(LINE, DataTypes.StringType))
              .text(source.paths().toArray(new String[0]));
      if (text.columns().length == 1) { // otherwise there are columns in the names of folders
        var lines = new CsvLines(source.csv(), header, read);
        return text.queryExecution().toRdd().toJavaRDD().mapPartitions(lines::cells);
      }
    }
    return rows.select(columns.toArray(org.apache.spark.sql.Column[]::new))
        .queryExecution()
        .toRdd()
        .toJavaRDD();
  }

  /** Returns the table's rows with the columns of a selection appended. */
  public Dataset<Row> with(Selection selection) {
    List<org.apache.spark.sql.Column> all = new ArrayList<>();
    columns().forEach(name -> all.add(Names.quoted(name)));
    List<org.apache.spark.sql.Column> appended = selection.all().toList();
    for (int i = 0; i < appended.size(); i++) {
      all.add(appended.get(i).as("_chainrule_" + i));
    }
    return rows.select(all.toArray(org.apache.spark.sql.Column[]::new));
  }

  /**
   * Selects the columns of a schema.
   *
   * @param labeled whether labels and weight are selected too
   * @throws InvalidDataException if a column is not there, or has another type
   */
  public Selection select(Schema schema, RowPolicy policy, boolean labeled) {
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
          Stream.concat(schema.features().stream(), schema.labels().stream())
                  .anyMatch(column -> column.name().equals(name) && column.isNumeric())
              || name.equals(schema.weight());
      DataType type = rows.schema().apply(name).dataType();
      if (number) {
        SchemaFinder.requireNumeric(name, type, isCsv());
      }
      boolean asDouble = type instanceof NumericType && (number || isFractional(type));
      cells.add(asDouble ? RowParser.Cells.DOUBLE : RowParser.Cells.TEXT);
      selected.add(Names.quoted(name).cast(asDouble ? DataTypes.DoubleType : DataTypes.StringType));
    }
    if (isCsv()) {
      selected.add(Names.quoted(CORRUPT));
    }
    return new Selection(
        List.copyOf(selected), place(), new RowParser(schema, cells, policy, labeled, isCsv()));
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

  /**
   * Returns the rows with the columns of a schema, label and weight among them.
   *
   * @throws InvalidDataException if a column is not there, or has another type
   */
  public RowSource source(Schema schema, RowPolicy policy) {
    Selection selection = select(schema, policy, true);
    return new RowSource() {
      @Override
      public Schema schema() {
        return schema;
      }

      @Override
      public JavaRDD<ParsedRow> parsed() {
        return TableReader.this.parsed(selection);
      }

      @Override
      public void check(TableStatistics statistics) {
        SchemaFinder.requireNames(unmixedNames, statistics);
      }

      @Override
      public List<ParsedRow> first(int count) {
        return TableReader.this.first(selection, count);
      }

      @Override
      public String describe(RowProblem problem) {
        return TableReader.this.describe(problem);
      }
    };
  }

  /** Returns a problem as a sentence: file:row:column, what was found and what it must be. */
  String describe(RowProblem problem) {
    return new ProblemReport(source.csv(), format, files, rows, columns()).describe(problem);
  }

  /**
   * Returns the error to report if a row of this table made a job fail.
   *
   * @param failure what Spark threw
   */
  public Optional<InvalidDataException> explain(Throwable failure) {
    return Causes.find(failure, RowProblemException.class)
        .map(row -> new InvalidDataException(describe(row.problem()), failure))
        .or(() -> ReadFailure.of(failure));
  }
}
