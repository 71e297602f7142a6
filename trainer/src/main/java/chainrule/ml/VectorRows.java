package chainrule.ml;

import chainrule.data.CellValues;
import chainrule.data.Column;
import chainrule.data.InvalidDataException;
import chainrule.data.RawRow;
import chainrule.data.RowProblem;
import chainrule.data.Schema;
import chainrule.spark.cluster.TaskResults;
import chainrule.spark.read.ParsedRow;
import chainrule.spark.read.RowSource;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.AttributeType;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Rows in the form of Spark ML: a vector of features, dense or sparse, a numeric label or several
 * (see {@link LabelColumn}), and optionally a weight. The vector's elements with a nominal
 * attribute are categories, as in Spark ML's trees; all others are numbers, NaN if missing.
 */
final class VectorRows implements RowSource {
  private final Dataset<Row> rows;
  private final Reader reader;

  /**
   * Returns the rows of a table.
   *
   * @param weight the empty text: every row weighs 1
   * @throws InvalidDataException if the features are no vectors
   */
  static VectorRows of(Dataset<Row> table, String features, String label, String weight) {
    LabelColumn labels = LabelColumn.of(table, label);
    return new VectorRows(table, features, labels, schema(table, features, labels, weight));
  }

  private VectorRows(Dataset<Row> table, String features, LabelColumn labels, Schema schema) {
    List<org.apache.spark.sql.Column> columns = new ArrayList<>();
    columns.add(functions.col(quoted(features)));
    columns.add(labels.selected());
    if (schema.isWeighted()) {
      columns.add(functions.col(quoted(schema.weight())).cast(DataTypes.DoubleType));
    }
    this.rows = table.select(columns.toArray(org.apache.spark.sql.Column[]::new));
    this.reader = new Reader(features, labels, schema);
  }

  static String quoted(String name) {
    return '`' + name.replace("`", "``") + '`';
  }

  /** Returns a feature for each element. */
  private static Schema schema(
      Dataset<Row> table, String features, LabelColumn labels, String weight) {
    StructField field = table.schema().apply(features);
    if (!(field.dataType() instanceof VectorUDT)) {
      throw new InvalidDataException(
          String.format(
              "%s: Invalid features: their type is %s (must be a vector, such as VectorAssembler"
                  + " makes)",
              features, field.dataType().simpleString()));
    }
    AttributeGroup group = AttributeGroup.fromStructField(field);
    int size = group.size() > 0 ? group.size() : firstSize(table, features);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      boolean nominal =
          group.attributes().isDefined()
              && group.getAttr(i).attrType().equals(AttributeType.Nominal());
      // Elements go by their place: Spark lets attributes share a name or have none.
      String name = features + '[' + i + ']';
      columns.add(nominal ? Column.categorical(name) : Column.numeric(name));
    }
    return new Schema(columns, labels.labels(), weight);
  }

  private static int firstSize(Dataset<Row> table, String features) {
    List<Row> first = table.select(functions.col(quoted(features))).takeAsList(1);
    if (first.isEmpty() || first.get(0).isNullAt(0)) {
      throw new InvalidDataException(
          features + ": Invalid features: none in the first row (must be a vector in every row)");
    }
    return ((Vector) first.get(0).get(0)).size();
  }

  @Override
  public Schema schema() {
    return reader.schema;
  }

  @Override
  public JavaRDD<ParsedRow> parsed() {
    Reader own = reader;
    return rows.queryExecution().toRdd().toJavaRDD().map(own::parse);
  }

  @Override
  public List<ParsedRow> first(int count) {
    Reader own = reader;
    return TaskResults.collect(
        rows.limit(count).queryExecution().toRdd().toJavaRDD().map(own::parse));
  }

  @Override
  public String describe(RowProblem problem) {
    return String.format(
        "%s: Invalid value: %s (must be %s)",
        problem.column(), problem.value(), problem.expected());
  }

  /** Turns a row of Spark SQL into a {@link RawRow}. Immutable. */
  private static final class Reader implements Serializable {
    private static final long serialVersionUID = 1;

    private final String features;
    private final LabelColumn labels;
    private final Schema schema;
    private final boolean[] isNumber;
    private final int numbers;
    private final VectorUDT type = new VectorUDT();

    Reader(String features, LabelColumn labels, Schema schema) {
      this.features = features;
      this.labels = labels;
      this.schema = schema;
      this.isNumber = new boolean[schema.features().size()];
      for (int i = 0; i < isNumber.length; i++) {
        isNumber[i] = schema.features().get(i).isNumeric();
      }
      this.numbers = schema.numericFeatures().size();
    }

    ParsedRow parse(InternalRow row) {
      Vector vector =
          row.isNullAt(0)
              ? Vectors.zeros(0)
              : type.deserialize(row.getStruct(0, type.sqlType().length()));
      if (vector.size() != isNumber.length) {
        return problem(
            features,
            row.isNullAt(0) ? "null" : vector.size() + " elements",
            isNumber.length + " elements in every row");
      }
      double[] values = vector.toArray();
      for (int i = 0; i < values.length; i++) {
        if (!CellValues.isFeature(values[i])) {
          return problem(features + '[' + i + ']', Double.toString(values[i]), CellValues.IN_RANGE);
        }
      }
      double[] label = labels.read(row, 1);
      int count = schema.labels().size();
      if (label.length != count && !row.isNullAt(1)) {
        return problem(labels.name(), label.length + " elements", count + " elements in every row");
      }
      for (int i = 0; i < label.length; i++) {
        if (!CellValues.isInRange(label[i])) {
          return problem(
              row.isNullAt(1) ? labels.name() : schema.labels().get(i).name(),
              row.isNullAt(1) ? "null" : Double.toString(label[i]),
              "a number in every row, " + CellValues.IN_RANGE);
        }
      }
      double weight = 1;
      if (schema.isWeighted()) {
        weight = row.isNullAt(2) ? Double.NaN : row.getDouble(2);
        if (!(weight >= 0 && CellValues.isInRange(weight))) {
          return problem(
              schema.weight(),
              row.isNullAt(2) ? "null" : Double.toString(weight),
              ">= 0 in every row, being its weight");
        }
      }
      return ParsedRow.of(rawRow(values, label, weight));
    }

    private RawRow rawRow(double[] values, double[] label, double weight) {
      String[] noTexts = new String[label.length];
      Arrays.fill(noTexts, "");
      if (numbers == values.length) {
        // A dense vector's own array, which Spark may use again.
        double[] own = Arrays.copyOf(values, values.length);
        return RawRow.withLabels(own, new String[0], label, noTexts, weight);
      }
      double[] numeric = new double[numbers];
      String[] categories = new String[values.length - numbers];
      CellValues.split(values, isNumber, numeric, categories);
      return RawRow.withLabels(numeric, categories, label, noTexts, weight);
    }

    private static ParsedRow problem(String column, String value, String expected) {
      return ParsedRow.of(new RowProblem("", -1, column, value, expected, false));
    }
  }
}
