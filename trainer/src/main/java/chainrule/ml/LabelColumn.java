package chainrule.ml;

import chainrule.data.Column;
import chainrule.data.InvalidDataException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A column with the label of each row, a number, or with several, a vector or an array of numbers.
 * Immutable; threads may share it.
 */
final class LabelColumn implements Serializable {
  private static final long serialVersionUID = 1;

  private enum Kind {
    NUMBER,
    VECTOR,
    ARRAY
  }

  private final String name;
  private final Kind kind;
  private final List<String> labels;
  private final VectorUDT type = new VectorUDT();

  private LabelColumn(String name, Kind kind, List<String> labels) {
    this.name = name;
    this.kind = kind;
    this.labels = labels;
  }

  /** Returns whether a column may have several labels a row. */
  static boolean isOfSeveral(StructField field) {
    return kind(field) != Kind.NUMBER;
  }

  private static Kind kind(StructField field) {
    if (field.dataType() instanceof VectorUDT) {
      return Kind.VECTOR;
    }
    boolean array =
        field.dataType() instanceof ArrayType type && type.elementType() instanceof NumericType;
    return array ? Kind.ARRAY : Kind.NUMBER;
  }

  /**
   * Finds the number of labels in a column: from its metadata, or else from its first row.
   *
   * @throws InvalidDataException if it has none
   */
  static LabelColumn of(Dataset<Row> table, String name) {
    StructField field = table.schema().apply(name);
    Kind kind = kind(field);
    return new LabelColumn(
        name, kind, kind == Kind.NUMBER ? List.of(name) : labels(table, field, kind));
  }

  /** Returns the elements' names where they have any, or else their places. */
  private static List<String> labels(Dataset<Row> table, StructField field, Kind kind) {
    int size = -1;
    if (kind == Kind.VECTOR) {
      AttributeGroup group = AttributeGroup.fromStructField(field);
      size = group.size();
      List<String> names =
          group.attributes().isEmpty()
              ? List.of()
              : Arrays.stream(group.attributes().get())
                  .filter(attribute -> attribute.name().isDefined())
                  .map(attribute -> attribute.name().get())
                  .distinct()
                  .toList();
      if (size > 0 && names.size() == size) {
        return names;
      }
    }
    int count = size > 0 ? size : firstSize(table, field.name(), kind);
    return IntStream.range(0, count).mapToObj(i -> field.name() + '[' + i + ']').toList();
  }

  private static int firstSize(Dataset<Row> table, String name, Kind kind) {
    List<Row> first = table.select(functions.col(VectorRows.quoted(name))).takeAsList(1);
    int size = 0;
    if (!first.isEmpty() && !first.get(0).isNullAt(0)) {
      size =
          kind == Kind.VECTOR
              ? ((Vector) first.get(0).get(0)).size()
              : first.get(0).getList(0).size();
    }
    if (size == 0) {
      throw new InvalidDataException(
          name + ": Invalid label: none in the first row (must be there in every row)");
    }
    return size;
  }

  /** Returns the labels, each a number. */
  List<Column> labels() {
    return labels.stream().map(Column::numeric).toList();
  }

  /** Returns the column as {@link #read} takes it. */
  org.apache.spark.sql.Column selected() {
    var column = functions.col(VectorRows.quoted(name));
    return switch (kind) {
      case NUMBER -> column.cast(DataTypes.DoubleType);
      case VECTOR -> column;
      case ARRAY -> column.cast(DataTypes.createArrayType(DataTypes.DoubleType));
    };
  }

  String name() {
    return name;
  }

  /** Returns a row's labels, NaN if missing; their number may differ from the first row's. */
  double[] read(InternalRow row, int at) {
    if (row.isNullAt(at)) {
      return new double[] {Double.NaN};
    }
    return switch (kind) {
      case NUMBER -> new double[] {row.getDouble(at)};
      case VECTOR -> type.deserialize(row.getStruct(at, type.sqlType().length())).toArray().clone();
      case ARRAY -> numbers(row.getArray(at));
    };
  }

  private static double[] numbers(ArrayData array) {
    double[] numbers = new double[array.numElements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.isNullAt(i) ? Double.NaN : array.getDouble(i);
    }
    return numbers;
  }

  /** Returns a column of vectors whose elements have these names. */
  static StructField named(String column, List<String> names) {
    Attribute[] attributes =
        names.stream()
            .map(name -> NumericAttribute.defaultAttr().withName(name))
            .toArray(Attribute[]::new);
    return new AttributeGroup(column, attributes).toStructField();
  }

  /** Returns a schema with one field, by its name, in the place of another. */
  static StructType replaced(StructType schema, StructField field) {
    return new StructType(
        Arrays.stream(schema.fields())
            .map(other -> other.name().equals(field.name()) ? field : other)
            .toArray(StructField[]::new));
  }
}
