package chainrule.ml;

import chainrule.data.CellValues;
import chainrule.data.InvalidDataException;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Reads the features of a schema from rows of a Dataset. Immutable; threads may share it. */
final class ColumnReader implements Serializable {
  private static final long serialVersionUID = 1;

  private final String[] numericNames;
  private final int[] numerics;
  private final int[] categoricals;

  /**
   * @param table the rows' schema
   * @throws InvalidDataException if a column is not there, or has another type
   */
  ColumnReader(Schema schema, StructType table) {
    this.numericNames =
        schema.numericFeatures().stream().map(column -> column.name()).toArray(String[]::new);
    this.numerics = new int[numericNames.length];
    for (int i = 0; i < numerics.length; i++) {
      StructField field = field(table, numericNames[i]);
      if (!(field.dataType() instanceof NumericType)) {
        throw new InvalidDataException(
            String.format(
                "%s: Invalid numeric column: its type is %s (must be a number)",
                field.name(), field.dataType().simpleString()));
      }
      numerics[i] = table.fieldIndex(numericNames[i]);
    }
    this.categoricals =
        schema.categoricalFeatures().stream()
            .mapToInt(column -> table.fieldIndex(field(table, column.name()).name()))
            .toArray();
  }

  /** Returns a column of a table. */
  static StructField field(StructType table, String name) {
    if (!Arrays.asList(table.fieldNames()).contains(name)) {
      throw new InvalidDataException(
          String.format(
              "Invalid column: \"%s\" (must be one of %s)",
              name, Arrays.asList(table.fieldNames())));
    }
    return table.apply(name);
  }

  static void requireNoColumn(StructType table, String name) {
    if (Arrays.asList(table.fieldNames()).contains(name)) {
      throw new InvalidDataException(
          "Invalid outputCol: \"" + name + "\" (must not be a column of the table already)");
    }
  }

  RawRow read(Row row) {
    double[] numbers = new double[numerics.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = CellValues.number((Number) row.get(numerics[i]));
      if (!CellValues.isFeature(numbers[i])) {
        throw new InvalidDataException(
            String.format(
                "%s: Invalid value: %s (must be %s)",
                numericNames[i], numbers[i], CellValues.IN_RANGE));
      }
    }
    String[] categories = new String[categoricals.length];
    for (int i = 0; i < categories.length; i++) {
      categories[i] = CellValues.category(row.get(categoricals[i]));
    }
    return RawRow.withNumericLabel(numbers, categories, 0, 1);
  }
}
