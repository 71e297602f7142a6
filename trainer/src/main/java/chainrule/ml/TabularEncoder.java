package chainrule.ml;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.NumberEncoding;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.spark.cluster.TaskResults;
import chainrule.train.settings.Recipe;
import chainrule.train.settings.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Turns numeric and categorical columns into the vectors that a network takes. Numbers are
 * standardized, and encoded piecewise linearly too; missing ones are imputed, with an input that
 * marks them. Categories are one-hot, missing and unseen ones included; a column with many has an
 * index with a nominal attribute instead. One scan of the rows collects all statistics, which
 * depend on the rows alone and not on their partitions.
 *
 * <p>{@link ChainruleClassifier} and {@link ChainruleRegressor} take its vectors as they are, and
 * learn an embedding of each index. For estimators that take numbers only, set {@code embedAbove}
 * so high that all names are one-hot.
 */
public final class TabularEncoder extends Estimator<TabularEncoderModel>
    implements TabularParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  /** How many values of numeric columns are sampled for quantiles; tables of fewer are exact. */
  private static final double SAMPLED_VALUES = 4e6;

  // No initializers: see ChainruleClassifier.
  private String uid;
  private Kept tabularParams;

  public TabularEncoder() {
    setDefault(tabularParams().defaults().toSeq());
  }

  public TabularEncoder(String uid) {
    this(Uids.give(uid));
  }

  @SuppressWarnings("UnusedVariable") // given only so that it is given before all else
  private TabularEncoder(Uids.Given given) {
    this();
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("tabularEncoder");
    }
    return uid;
  }

  @Override
  public Kept tabularParams() {
    if (tabularParams == null) {
      tabularParams = new Kept(this);
    }
    return tabularParams;
  }

  public TabularEncoder setInputCols(String[] value) {
    set(inputCols(), value);
    return this;
  }

  public TabularEncoder setExcludedCols(String[] value) {
    set(excludedCols(), value);
    return this;
  }

  public TabularEncoder setCategoricalCols(String[] value) {
    set(categoricalCols(), value);
    return this;
  }

  public TabularEncoder setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }

  public TabularEncoder setStandardization(boolean value) {
    set(standardization(), value);
    return this;
  }

  public TabularEncoder setNumberEncoding(String value) {
    set(numberEncoding(), value);
    return this;
  }

  public TabularEncoder setEmbedAbove(int value) {
    set(embedAbove(), value);
    return this;
  }

  /**
   * Fits the encoding to rows.
   *
   * @throws InvalidDataException if a column cannot be encoded
   */
  @Override
  public TabularEncoderModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Schema schema = schema(dataset.schema());
    var reader = new ColumnReader(schema, dataset.schema());
    long rows = dataset.count();
    int numbers = schema.numericFeatures().size();
    double sampled = SAMPLED_VALUES / ((double) rows * Math.max(1, numbers));
    TableStatistics statistics =
        rows == 0
            ? new TableStatistics(schema)
            : TaskResults.merge(
                dataset
                    .toDF()
                    .toJavaRDD()
                    .mapPartitions(
                        part -> {
                          var own = new TableStatistics(schema);
                          while (part.hasNext()) {
                            RawRow row = reader.read(part.next());
                            own.add(row, Placement.isSampled(Placement.key(row, 1), sampled));
                          }
                          return List.of(own).iterator();
                        }),
                TableStatistics::merge);
    Setting<NumberEncoding> encoding =
        isDefined(numberEncoding())
            ? Setting.of(NumberEncoding.of(getNumberEncoding()))
            : Setting.auto();
    Encoder encoder =
        Encoder.fit(
            statistics,
            new LabelEncoding.Scale(0, 1),
            getStandardization(),
            Recipe.bins(encoding, getStandardization(), rows, numbers),
            getEmbedAbove());
    return copyValues(new TabularEncoderModel(uid(), schema, encoder), ParamMap.empty())
        .setParent(this);
  }

  /** Returns the columns to encode, and a label that nothing reads. */
  private Schema schema(StructType table) {
    Set<String> excluded = new HashSet<>(Arrays.asList(getExcludedCols())); // only looked up
    excluded.add(getOutputCol());
    List<String> names =
        isDefined(inputCols())
            ? List.of(getInputCols())
            : Arrays.stream(table.fieldNames()).filter(name -> !excluded.contains(name)).toList();
    Set<String> named =
        new HashSet<>(
            isDefined(categoricalCols()) ? Arrays.asList(getCategoricalCols()) : List.of());
    for (String name : named) {
      if (!names.contains(name)) {
        throw new InvalidDataException(
            String.format(
                "categoricalCols: Invalid column: \"%s\" (must be one of the columns to encode: %s)",
                name, names));
      }
    }
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(column(ColumnReader.field(table, name), named.contains(name)));
    }
    return new Schema(columns, Column.numeric(""), "");
  }

  private static Column column(StructField field, boolean named) {
    DataType type = field.dataType();
    if (type instanceof NumericType && !named) {
      return Column.numeric(field.name());
    }
    if (type instanceof StringType || type instanceof BooleanType || type instanceof NumericType) {
      return Column.categorical(field.name());
    }
    throw new InvalidDataException(
        String.format(
            "%s: Invalid column type: %s (must be a number, text or boolean; exclude or convert the"
                + " column)",
            field.name(), type.simpleString()));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    ColumnReader.requireNoColumn(schema, getOutputCol());
    schema(schema);
    return schema.add(getOutputCol(), SQLDataTypes.VectorType(), false);
  }

  @Override
  public TabularEncoder copy(ParamMap extra) {
    return (TabularEncoder) defaultCopy(extra);
  }

  public static MLReader<TabularEncoder> read() {
    return new DefaultParamsReader<>();
  }

  public static TabularEncoder load(String path) {
    return read().load(path);
  }
}
