package chainrule.ml;

import chainrule.data.InvalidDataException;
import chainrule.math.Matrix;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.sums.ClassPrediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A network for multi-label classification. {@code probability} holds a vector with the probability
 * of each label, whose elements have the labels' names. {@code prediction} holds an array with the
 * indices, from 0, of the labels whose probability is above 0.5.
 *
 * <p>Threads may share it for prediction.
 */
public final class ChainruleMultiLabelModel extends Model<ChainruleMultiLabelModel>
    implements MultiLabelParams, ChainruleModel {
  private static final long serialVersionUID = 1;

  // No initializers: see ChainruleClassifier.
  private String uid;
  private TrainingParams trainingParams;
  private Kept multiLabelParams;
  private final FittedNetwork fitted;

  ChainruleMultiLabelModel(String uid, TrainedModel model) {
    this(Uids.give(uid), FittedNetwork.of(model));
  }

  ChainruleMultiLabelModel(String uid, Trainer.Outcome outcome) {
    this(Uids.give(uid), FittedNetwork.of(outcome));
  }

  @SuppressWarnings("UnusedVariable") // evaluated before the superclass's constructor
  private ChainruleMultiLabelModel(Uids.Given given, FittedNetwork fitted) {
    this.fitted = fitted;
    setDefault(trainingParams().defaults().toSeq());
    setDefault(multiLabelParams().defaults().toSeq());
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("chainruleMultiLabelModel");
    }
    return uid;
  }

  @Override
  public TrainingParams trainingParams() {
    if (trainingParams == null) {
      trainingParams = new TrainingParams(this);
    }
    return trainingParams;
  }

  @Override
  public Kept multiLabelParams() {
    if (multiLabelParams == null) {
      multiLabelParams = new Kept(this);
    }
    return multiLabelParams;
  }

  public ChainruleMultiLabelModel setFeaturesCol(String value) {
    set(featuresCol(), value);
    return this;
  }

  public ChainruleMultiLabelModel setProbabilityCol(String value) {
    set(probabilityCol(), value);
    return this;
  }

  public ChainruleMultiLabelModel setPredictionCol(String value) {
    set(predictionCol(), value);
    return this;
  }

  @Override
  public FittedNetwork fitted() {
    return fitted;
  }

  public int numFeatures() {
    return trained().schema().features().size();
  }

  public int numLabels() {
    return trained().schema().labels().size();
  }

  /** Returns the names of the labels, in the order of the probabilities. */
  public String[] labels() {
    return trained().schema().labelNames().toArray(new String[0]);
  }

  /** Returns the probability of each label. */
  public Vector predictProbability(Vector features) {
    Matrix outputs = fitted.network().scoreOne(features, getBlas());
    trained().loss().toPredictions(outputs);
    return probabilities(outputs, 0);
  }

  private static Vector probabilities(Matrix predictions, int row) {
    double[] values = new double[predictions.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ClassPrediction.probability(predictions.get(row, i), 1);
    }
    return Vectors.dense(values);
  }

  /** Returns the indices, from 0 and ascending, of the labels with a probability above 0.5. */
  public double[] predict(Vector features) {
    return present(predictProbability(features));
  }

  private static double[] present(Vector probabilities) {
    List<Double> present = new ArrayList<>();
    for (int i = 0; i < probabilities.size(); i++) {
      if (ClassPrediction.classOf((float) probabilities.apply(i)) == 1) {
        present.add((double) i);
      }
    }
    return present.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    if (schema.size() == dataset.schema().size()) {
      return dataset.toDF(); // the predictions have no names
    }
    int features = dataset.schema().fieldIndex(getFeaturesCol());
    return Blocks.add(
        dataset.toDF(),
        schema,
        () -> {
          var scorer = new Scorer(trained(), getBlas(), Scorer.BLOCK);
          return block -> columns(scorer, Blocks.vectors(block, features));
        });
  }

  private List<Object[]> columns(Scorer scorer, List<Vector> block) {
    Matrix outputs = scorer.outputs(block);
    trained().loss().toPredictions(outputs);
    List<Object[]> rows = new ArrayList<>(block.size());
    for (int i = 0; i < block.size(); i++) {
      List<Object> values = new ArrayList<>();
      Vector probabilities = probabilities(outputs, i);
      if (!getProbabilityCol().isEmpty()) {
        values.add(probabilities);
      }
      if (!getPredictionCol().isEmpty()) {
        values.add(Arrays.stream(present(probabilities)).boxed().toArray(Double[]::new));
      }
      rows.add(values.toArray());
    }
    return rows;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return withPredictions(schema, this, trained().schema().labelNames());
  }

  /**
   * Returns the schema with the columns that a model adds.
   *
   * @param labels their names, if they are known
   */
  static StructType withPredictions(
      StructType schema, MultiLabelParams params, List<String> labels) {
    StructField features = ColumnReader.field(schema, params.getFeaturesCol());
    if (!(features.dataType() instanceof VectorUDT)) {
      throw new InvalidDataException(
          String.format(
              "%s: Invalid features: their type is %s (must be a vector, such as VectorAssembler"
                  + " makes)",
              features.name(), features.dataType().simpleString()));
    }
    StructType transformed = schema;
    String probability = params.getProbabilityCol();
    if (!probability.isEmpty()) {
      requireNoColumn(transformed, "probabilityCol", probability);
      transformed =
          labels.isEmpty()
              ? transformed.add(probability, SQLDataTypes.VectorType(), false)
              : transformed.add(LabelColumn.named(probability, labels));
    }
    if (!params.getPredictionCol().isEmpty()) {
      requireNoColumn(transformed, "predictionCol", params.getPredictionCol());
      transformed =
          transformed.add(
              params.getPredictionCol(),
              DataTypes.createArrayType(DataTypes.DoubleType, false),
              false);
    }
    return transformed;
  }

  private static void requireNoColumn(StructType table, String param, String name) {
    if (Arrays.asList(table.fieldNames()).contains(name)) {
      throw new InvalidDataException(
          String.format(
              "Invalid %s: \"%s\" (must not be a column of the table already)", param, name));
    }
  }

  @Override
  public ChainruleMultiLabelModel copy(ParamMap extra) {
    var copied = new ChainruleMultiLabelModel(Uids.give(uid()), fitted.copy());
    copyValues(copied, extra);
    return copied.setParent(parent());
  }

  public static MLReader<ChainruleMultiLabelModel> read() {
    return new ModelFolder.Reader<>(ChainruleMultiLabelModel.class, ChainruleMultiLabelModel::new);
  }

  public static ChainruleMultiLabelModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "ChainruleMultiLabelModel: uid="
        + uid()
        + ", numLabels="
        + numLabels()
        + ", numFeatures="
        + numFeatures();
  }
}
