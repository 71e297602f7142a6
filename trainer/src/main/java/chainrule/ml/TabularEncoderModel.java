package chainrule.ml;

import chainrule.data.Encoder;
import chainrule.data.Schema;
import chainrule.model.EncoderFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Turns columns into vectors as {@link TabularEncoder} found it, the same for every row ever after.
 * The attributes of the vectors' elements name the column that each is of.
 */
public final class TabularEncoderModel extends Model<TabularEncoderModel>
    implements TabularParams, MLWritable {
  private static final long serialVersionUID = 1;

  // No initializers: see ChainruleClassifier.
  private String uid;
  private Kept tabularParams;
  private final Schema schema;
  private final Encoder encoder;

  TabularEncoderModel(String uid, Schema schema, Encoder encoder) {
    this(Uids.give(uid), schema, encoder);
  }

  @SuppressWarnings("UnusedVariable") // given only so that it is given before all else
  private TabularEncoderModel(Uids.Given given, Schema schema, Encoder encoder) {
    this.schema = schema;
    this.encoder = encoder;
    setDefault(tabularParams().defaults().toSeq());
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("tabularEncoderModel");
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

  public TabularEncoderModel setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }

  /** Returns the length of the vectors. */
  public int numInputs() {
    return encoder.layout().inputs();
  }

  Schema schema() {
    return schema;
  }

  Encoder encoder() {
    return encoder;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType transformed = transformSchema(dataset.schema());
    var reader = new ColumnReader(schema, dataset.schema());
    Encoder own = encoder;
    return Blocks.add(
        dataset.toDF(),
        transformed,
        () -> block -> block.stream().map(row -> new Object[] {vector(own, reader, row)}).toList());
  }

  private static Object vector(Encoder encoder, ColumnReader reader, Row row) {
    float[] cells = new float[encoder.layout().cells()];
    encoder.encode(reader.read(row), cells, 0);
    float[] inputs = new float[encoder.layout().inputs()];
    encoder.layout().expand(cells, 0, inputs, 0);
    double[] values = new double[inputs.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = inputs[i];
    }
    return Vectors.dense(values).compressed();
  }

  @Override
  public StructType transformSchema(StructType table) {
    ColumnReader.requireNoColumn(table, getOutputCol());
    var unused = new ColumnReader(schema, table); // which checks the columns
    StructField group =
        new AttributeGroup(getOutputCol(), attributes().toArray(Attribute[]::new)).toStructField();
    return table.add(
        new StructField(
            group.name(), group.dataType(), false, TabularColumns.marked(group.metadata())));
  }

  private List<Attribute> attributes() {
    List<Attribute> attributes = new ArrayList<>();
    for (Encoder.Numeric number : encoder.numerics()) {
      attributes.add(NumericAttribute.defaultAttr().withName(number.name()));
    }
    for (Encoder.Numeric number : encoder.numerics()) {
      if (number.indicator()) {
        attributes.add(BinaryAttribute.defaultAttr().withName(number.name() + "_missing"));
      }
    }
    for (Encoder.Numeric number : encoder.numerics()) {
      for (int t = 0; t < number.piecewise().inputs(); t++) {
        attributes.add(NumericAttribute.defaultAttr().withName(number.name() + "_bin" + t));
      }
    }
    for (Encoder.Categorical category : encoder.categoricals()) {
      for (String value : category.embedded() ? List.<String>of() : category.values()) {
        attributes.add(BinaryAttribute.defaultAttr().withName(category.name() + "_" + value));
      }
    }
    for (Encoder.Categorical category : encoder.categoricals()) {
      if (category.embedded()) {
        // How many and not which: schemas travel with every plan, and there may be a million.
        attributes.add(
            NominalAttribute.defaultAttr()
                .withName(category.name())
                .withNumValues(category.values().size() + 1));
      }
    }
    return attributes;
  }

  @Override
  public TabularEncoderModel copy(ParamMap extra) {
    var copied = new TabularEncoderModel(uid(), schema, encoder);
    copyValues(copied, extra);
    return copied.setParent(parent());
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  private static final class Writer extends MLWriter {
    private final TabularEncoderModel model;

    Writer(TabularEncoderModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      new ModelFolder(path, sparkSession(), EncoderFile.NAME)
          .write(model, new EncoderFile(model.schema, model.encoder).toBytes());
    }
  }

  private static final class Reader extends MLReader<TabularEncoderModel> {
    @Override
    public TabularEncoderModel load(String path) {
      return ModelFolder.load(
          path,
          sparkSession(),
          EncoderFile.NAME,
          TabularEncoderModel.class,
          (uid, bytes) -> {
            EncoderFile file = EncoderFile.of(bytes);
            return new TabularEncoderModel(uid, file.schema(), file.encoder());
          });
    }
  }

  public static MLReader<TabularEncoderModel> read() {
    return new Reader();
  }

  public static TabularEncoderModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "TabularEncoderModel: uid="
        + uid()
        + ", columns="
        + Arrays.toString(schema.features().stream().map(column -> column.name()).toArray())
        + ", numInputs="
        + numInputs();
  }
}
