package chainrule.ml;

import chainrule.data.Task;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;

/**
 * Trains a neural network for classification. It replaces {@code MultilayerPerceptronClassifier}
 * and has its params, except that {@code hiddenLayers} replaces {@code layers}: the sizes of inputs
 * and outputs come from the data. It adds losses, optimizers, validation, early stopping and row
 * weights.
 *
 * <p>Labels are 0, 1, …, as in all of Spark ML. Elements of the feature vectors with a nominal
 * attribute are categories. The other elements are numbers, and NaN is a missing number. The
 * classifier itself standardizes and encodes numbers.
 */
public final class ChainruleClassifier
    extends ProbabilisticClassifier<Vector, ChainruleClassifier, ChainruleClassificationModel>
    implements ChainruleSetters<ChainruleClassifier>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  // No initializers: the superclass's constructor calls both methods below, and an initializer
  // would
  // overwrite what they stored.
  private String uid;
  private TrainingParams trainingParams;

  public ChainruleClassifier() {
    setDefault(trainingParams().defaults().toSeq());
  }

  public ChainruleClassifier(String uid) {
    this(Uids.give(uid));
  }

  @SuppressWarnings("UnusedVariable") // evaluated before the superclass's constructor
  private ChainruleClassifier(Uids.Given given) {
    this();
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("chainruleClassifier");
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
  public ChainruleClassificationModel train(Dataset<?> dataset) {
    var outcome =
        new EstimatorFit(this, getFeaturesCol(), getLabelCol(), Task.CLASSIFICATION).train(dataset);
    return new ChainruleClassificationModel(uid(), outcome);
  }

  @Override
  public ChainruleClassifier copy(ParamMap extra) {
    return (ChainruleClassifier) defaultCopy(extra);
  }

  public static MLReader<ChainruleClassifier> read() {
    return new DefaultParamsReader<>();
  }

  public static ChainruleClassifier load(String path) {
    return read().load(path);
  }
}
