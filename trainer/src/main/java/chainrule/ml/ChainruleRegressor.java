package chainrule.ml;

import chainrule.data.Task;
import java.util.Arrays;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a neural network for regression; Spark ML has no perceptron for regression.
 *
 * <p>If the label column holds vectors, or arrays of numbers, each row has several labels. One
 * network predicts them together, and {@code predictionCol} holds vectors whose elements have the
 * names of the label's elements. (A vector of one element is the same as a number.) Spark's {@code
 * RegressionEvaluator} accepts numbers only; the model's summary has the metrics of each label.
 *
 * <p>Predictions are in the label's unit. Elements of the feature vectors with a nominal attribute
 * are categories. The other elements are numbers, and NaN is a missing number. The regressor itself
 * standardizes and encodes numbers.
 */
public final class ChainruleRegressor
    extends Regressor<Vector, ChainruleRegressor, ChainruleRegressionModel>
    implements ChainruleSetters<ChainruleRegressor>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  // No initializers: the superclass's constructor calls both methods below, and an initializer
  // would
  // overwrite what they stored.
  private String uid;
  private TrainingParams trainingParams;

  public ChainruleRegressor() {
    setDefault(trainingParams().defaults().toSeq());
  }

  public ChainruleRegressor(String uid) {
    this(Uids.give(uid));
  }

  @SuppressWarnings("UnusedVariable") // evaluated before the superclass's constructor
  private ChainruleRegressor(Uids.Given given) {
    this();
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("chainruleRegressor");
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

  /** Trains as Spark ML's regressors do; labels may also be vectors. */
  @Override
  public ChainruleRegressionModel fit(Dataset<?> dataset) {
    if (!hasSeveralLabels(dataset.schema())) {
      return super.fit(dataset);
    }
    transformSchema(dataset.schema());
    return copyValues(train(dataset).setParent(this), ParamMap.empty());
  }

  private boolean hasSeveralLabels(StructType schema) {
    return Arrays.asList(schema.fieldNames()).contains(getLabelCol())
        && LabelColumn.isOfSeveral(schema.apply(getLabelCol()));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    if (!hasSeveralLabels(schema)) {
      return super.transformSchema(schema);
    }
    StructField label = schema.apply(getLabelCol());
    StructField number = DataTypes.createStructField(getLabelCol(), DataTypes.DoubleType, true);
    StructType transformed = super.transformSchema(LabelColumn.replaced(schema, number));
    StructType labelled = LabelColumn.replaced(transformed, label);
    return getPredictionCol().isEmpty()
        ? labelled
        : LabelColumn.replaced(
            labelled,
            DataTypes.createStructField(getPredictionCol(), SQLDataTypes.VectorType(), false));
  }

  @Override
  public ChainruleRegressionModel train(Dataset<?> dataset) {
    var outcome =
        new EstimatorFit(this, getFeaturesCol(), getLabelCol(), Task.REGRESSION).train(dataset);
    return new ChainruleRegressionModel(uid(), outcome);
  }

  @Override
  public ChainruleRegressor copy(ParamMap extra) {
    return (ChainruleRegressor) defaultCopy(extra);
  }

  public static MLReader<ChainruleRegressor> read() {
    return new DefaultParamsReader<>();
  }

  public static ChainruleRegressor load(String path) {
    return read().load(path);
  }
}
