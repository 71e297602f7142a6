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
 * Trains a network that predicts a number: what Spark ML has no perceptron for.
 *
 * <p>A label column of vectors, or of arrays of numbers, has several labels a row: they are
 * predicted together by one network, and {@code predictionCol} holds vectors too, whose elements
 * have the names of the label's. (One element is a label like a number.) Spark's {@code
 * RegressionEvaluator} takes numbers alone; the model's summary has the metrics of each label.
 *
 * <p>Predictions are in the label's own unit. Of the vectors' elements those with a nominal
 * attribute are categories, the others numbers, of which NaN is a missing one. Numbers are
 * standardized and encoded by the regressor itself.
 */
public final class ChainruleRegressor
    extends Regressor<Vector, ChainruleRegressor, ChainruleRegressionModel>
    implements ChainruleSetters<ChainruleRegressor>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  // No initializers: the superclass's constructor asks for both, and these would forget them.
  private String uid;
  private TrainingParams trainingParams;

  public ChainruleRegressor() {
    setDefault(trainingParams().defaults().toSeq());
  }

  public ChainruleRegressor(String uid) {
    this(Uids.give(uid));
  }

  @SuppressWarnings("UnusedVariable") // given only so that it is given before all else
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

  /** Trains; as Spark ML's own, but that labels may be vectors. */
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
    return new ChainruleRegressionModel(uid(), outcome.model())
        .withSummary(new ChainruleTrainingSummary(outcome.report()));
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
