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
 * Trains a network that tells classes apart: in place of {@code MultilayerPerceptronClassifier},
 * whose params it has but for {@code layers}, of which {@code hiddenLayers} are given and the
 * others found, and with losses, optimizers, validation, early stopping and row weights.
 *
 * <p>Labels are 0, 1, … as everywhere in Spark ML. Of the vectors' elements those with a nominal
 * attribute are categories, the others numbers, of which NaN is a missing one. Numbers are
 * standardized and encoded by the classifier itself.
 */
public final class ChainruleClassifier
    extends ProbabilisticClassifier<Vector, ChainruleClassifier, ChainruleClassificationModel>
    implements ChainruleSetters<ChainruleClassifier>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  // No initializers: the superclass's constructor asks for both, and these would forget them.
  private String uid;
  private TrainingParams trainingParams;

  public ChainruleClassifier() {
    setDefault(trainingParams().defaults().toSeq());
  }

  public ChainruleClassifier(String uid) {
    this(Uids.give(uid));
  }

  @SuppressWarnings("UnusedVariable") // given only so that it is given before all else
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
    return new ChainruleClassificationModel(uid(), outcome.model())
        .withSummary(new ChainruleTrainingSummary(outcome.report()));
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
