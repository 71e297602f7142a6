package chainrule.spark.read;

import chainrule.data.CategoryCounts;
import chainrule.data.Column;
import chainrule.data.InvalidDataException;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.math.Check;
import chainrule.spark.cluster.TaskResults;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds features, labels and weight among a table's columns, and decides which columns are numeric
 * and which are categorical: by type, or for CSV by whether most of a column's cells are numbers.
 * Most and not all, so that a stray text among numbers is refused, and does not silently make its
 * column categorical.
 *
 * <p>The kind of a column must not depend on the order of rows and files. If the first rows of a
 * CSV table agree, they decide. If they mix numbers and texts, all cells are counted. If they are
 * all texts, {@link #requireNames} checks the later rows once the column's values are counted.
 * Texts in a numeric column are refused when they are read.
 *
 * <p>Not for sharing.
 */
final class SchemaFinder {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaFinder.class);

  /** How many cells of a CSV table are looked at first. */
  private static final int SAMPLED_CELLS = 500_000;

  private final SparkSession session;
  private final String key;
  private final TableSource source;
  private final List<String> files;
  private final StructType types;
  private final boolean isCsv;
  private final Function<List<String>, JavaRDD<InternalRow>> texts;
  private final Set<String> unmixedNames = new LinkedHashSet<>();

  /**
   * @param key the configuration key that names the table's paths, for messages
   * @param types of all columns
   * @param texts reads columns of all rows of a CSV table as texts, null where there is none
   */
  SchemaFinder(
      SparkSession session,
      String key,
      TableSource source,
      List<String> files,
      StructType types,
      boolean isCsv,
      Function<List<String>, JavaRDD<InternalRow>> texts) {
    this.session = session;
    this.key = key;
    this.source = source;
    this.files = files;
    this.types = types;
    this.isCsv = isCsv;
    this.texts = texts;
  }

  /**
   * Finds the columns.
   *
   * @throws InvalidDataException if a column is not there, or of a type that cannot be used
   */
  Schema find(ColumnChoice choice) {
    List<String> columns = List.of(types.fieldNames());
    choice.labels().forEach(name -> requireColumn("data.label", name, columns));
    if (!choice.weight().isEmpty()) {
      requireColumn("data.weight", choice.weight(), columns);
    }
    choice.include().forEach(name -> requireColumn("data.features.include", name, columns));
    choice.exclude().forEach(name -> requireColumn("data.features.exclude", name, columns));
    List<String> listed = choice.categorical().orElse(new ArrayList<>());
    listed.forEach(name -> requireColumn("data.features.categorical", name, columns));
    Check.argument(
        !choice.labels().contains(choice.weight()),
        "data.weight",
        choice.weight(),
        "another column than the label");
    for (String label : choice.labels()) {
      Check.argument(
          !choice.include().contains(label), "data.features.include", label, "without the label");
    }
    List<String> features = features(choice, columns);
    boolean automatic = choice.categorical().isAuto();
    List<String> open = new ArrayList<>(automatic ? features : List.of());
    open.addAll(choice.labels());
    Set<String> numeric = numericColumns(open);
    List<Column> columnsOfFeatures = new ArrayList<>();
    for (String name : features) {
      boolean names = automatic ? !numeric.contains(name) : listed.contains(name);
      if (!names) {
        requireNumeric(name, types.apply(name).dataType(), isCsv);
      }
      columnsOfFeatures.add(names ? Column.categorical(name) : Column.numeric(name));
    }
    List<Column> labels =
        choice.labels().stream()
            .map(name -> numeric.contains(name) ? Column.numeric(name) : Column.categorical(name))
            .toList();
    return new Schema(columnsOfFeatures, labels, choice.weight());
  }

  private List<String> features(ColumnChoice choice, List<String> columns) {
    List<String> features =
        (choice.include().isEmpty() ? columns : choice.include())
            .stream()
                .filter(name -> !choice.exclude().contains(name))
                .filter(name -> !choice.labels().contains(name) && !name.equals(choice.weight()))
                .toList();
    if (features.isEmpty()) {
      throw new InvalidDataException(
          key + ": Cannot train: no column is left as a feature beside the label");
    }
    return features;
  }

  private void requireColumn(String setting, String name, Collection<String> columns) {
    if (!columns.contains(name)) {
      throw new InvalidDataException(
          String.format(
              "%s: Invalid column: \"%s\" (must be a column of %s)%s%s",
              setting,
              name,
              source.paths().get(0),
              Names.suggestion(name, columns),
              separatorHint(columns)));
    }
  }

  /** Returns a question where all of a CSV table's cells seem to stand in one column. */
  private String separatorHint(Collection<String> columns) {
    boolean separated =
        isCsv
            && columns.size() == 1
            && columns.iterator().next().chars().anyMatch(c -> ",;|\t".indexOf(c) >= 0);
    return separated ? "; the table has one column: is data.csv.separator right?" : "";
  }

  /**
   * Throws unless a column can be read as numbers.
   *
   * @throws InvalidDataException that names the column and its type
   */
  static void requireNumeric(String name, DataType type, boolean isCsv) {
    if (!(type instanceof NumericType || isCsv)) {
      throw new InvalidDataException(
          String.format(
              "%s: Invalid numeric column: its type is %s (must be a number; list it in"
                  + " data.features.categorical or data.features.exclude)",
              name, type.simpleString()));
    }
  }

  /** Returns which of these columns hold numbers. */
  private Set<String> numericColumns(List<String> names) {
    Set<String> numeric = new LinkedHashSet<>();
    if (isCsv) {
      numericCells(names, numeric);
      return numeric;
    }
    for (String name : names) {
      DataType type = types.apply(name).dataType();
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

  private void numericCells(List<String> names, Set<String> numeric) {
    List<String> columns = List.of(types.fieldNames());
    // All cells of a row are cut, however few of them are looked at.
    int most = Math.max(100, SAMPLED_CELLS / columns.size());
    List<List<String>> sample = CsvFiles.firstRows(session, files, source.csv(), most);
    boolean isAll = sample.size() < most;
    List<String> mixed = new ArrayList<>();
    for (String name : names) {
      int column = columns.indexOf(name);
      var cells = new CellCounts();
      for (List<String> row : sample) {
        cells.add(column < row.size() ? row.get(column) : "", source.csv().nullValue());
      }
      if (isAll || cells.agree()) {
        if (cells.areNumbers()) {
          numeric.add(name);
        } else if (!isAll) {
          unmixedNames.add(name);
        }
      } else {
        mixed.add(name);
      }
    }
    if (!mixed.isEmpty()) {
      LOG.info("The first rows leave open what {} holds: looking at all rows", mixed);
      List<CellCounts> counts = count(mixed);
      for (int i = 0; i < mixed.size(); i++) {
        if (counts.get(i).areNumbers()) {
          numeric.add(mixed.get(i));
        }
      }
    }
  }

  private List<CellCounts> count(List<String> names) {
    int width = names.size();
    String nullValue = source.csv().nullValue();
    JavaRDD<List<CellCounts>> counts =
        texts
            .apply(names)
            .mapPartitions(
                rows -> {
                  List<CellCounts> own = new ArrayList<>();
                  for (int i = 0; i < width; i++) {
                    own.add(new CellCounts());
                  }
                  while (rows.hasNext()) {
                    InternalRow row = rows.next();
                    for (int i = 0; i < width; i++) {
                      own.get(i)
                          .add(row.isNullAt(i) ? "" : row.getUTF8String(i).toString(), nullValue);
                    }
                  }
                  return List.of(own).iterator();
                });
    return TaskResults.merge(counts, CellCounts::merge);
  }

  /**
   * Returns the columns of a CSV table that are categories because no cell of the first rows is a
   * number, if there are more rows.
   */
  Set<String> unmixedNames() {
    return unmixedNames;
  }

  /**
   * Throws if most cells of a column are numbers although its first cells are not, so that another
   * order of the rows would give the column another kind.
   *
   * @param unmixedNames columns that are categories by their first rows
   * @throws InvalidDataException that names the column and how many of its cells are numbers
   */
  static void requireNames(Set<String> unmixedNames, TableStatistics statistics) {
    List<Column> columns = statistics.schema().categoricalFeatures();
    for (int i = 0; i < columns.size(); i++) {
      if (unmixedNames.contains(columns.get(i).name())) {
        CategoryCounts counts = statistics.categories(i);
        var cells = new CellCounts();
        counts.ascending().forEach(value -> cells.add(value, "", counts.count(value)));
        if (cells.present() > 0 && cells.areNumbers()) {
          throw new InvalidDataException(
              String.format(
                  "%s: Invalid column: %d of its %d cells are numbers, but none in the first rows"
                      + " (must be settled by data.features.categorical, a list of the columns that"
                      + " hold names)",
                  columns.get(i).name(), cells.numbers(), cells.present()));
        }
      }
    }
  }
}
