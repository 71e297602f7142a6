package chainrule.ml;

import chainrule.data.Task;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;

/**
 * Trains a network that predicts a number: what Spark ML has no perceptron for.
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

  @Override
  public ChainruleRegressionModel train(Dataset<?> dataset) {
    var outcome = new Fit(this, getFeaturesCol(), getLabelCol(), Task.REGRESSION).train(dataset);
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
