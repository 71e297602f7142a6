package chainrule.ml;

import chainrule.data.InvalidDataException;
import chainrule.data.Task;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a neural network for multi-label classification, which predicts for each of several labels
 * whether a row has it. The network has one logit and sigmoid for each label, and the loss of a row
 * is the sum of their cross-entropies. This is a separate estimator because Spark ML's classifiers
 * predict one class for each row.
 *
 * <p>Labels are vectors with one element for each label, 1 or 0. (Arrays are refused, because
 * Spark's {@code MultilabelClassificationEvaluator} reads them as lists of the labels that a row
 * has.) Elements of the feature vectors with a nominal attribute are categories. The other elements
 * are numbers, and NaN is a missing number.
 */
public final class ChainruleMultiLabelClassifier extends Estimator<ChainruleMultiLabelModel>
    implements ChainruleSetters<ChainruleMultiLabelClassifier>,
        MultiLabelParams,
        DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  // No initializers: see ChainruleClassifier.
  private String uid;
  private TrainingParams trainingParams;
  private Kept multiLabelParams;

  public ChainruleMultiLabelClassifier() {
    setDefault(trainingParams().defaults().toSeq());
    setDefault(multiLabelParams().defaults().toSeq());
  }

  public ChainruleMultiLabelClassifier(String uid) {
    this(Uids.give(uid));
  }

  @SuppressWarnings("UnusedVariable") // evaluated before the superclass's constructor
  private ChainruleMultiLabelClassifier(Uids.Given given) {
    this();
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("chainruleMultiLabelClassifier");
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

  public ChainruleMultiLabelClassifier setFeaturesCol(String value) {
    set(featuresCol(), value);
    return this;
  }

  public ChainruleMultiLabelClassifier setLabelCol(String value) {
    set(labelCol(), value);
    return this;
  }

  public ChainruleMultiLabelClassifier setProbabilityCol(String value) {
    set(probabilityCol(), value);
    return this;
  }

  public ChainruleMultiLabelClassifier setPredictionCol(String value) {
    set(predictionCol(), value);
    return this;
  }

  /**
   * Trains.
   *
   * @throws InvalidDataException if the rows cannot be trained on
   */
  @Override
  public ChainruleMultiLabelModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    var outcome =
        new EstimatorFit(this, getFeaturesCol(), getLabelCol(), Task.CLASSIFICATION).train(dataset);
    var model = new ChainruleMultiLabelModel(uid(), outcome);
    return copyValues(model.setParent(this), ParamMap.empty());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    StructField label = ColumnReader.field(schema, getLabelCol());
    if (!(label.dataType() instanceof VectorUDT)) {
      throw new InvalidDataException(
          String.format(
              "%s: Invalid label: its type is %s (must be a vector with 1 or 0 for each label)",
              label.name(), label.dataType().simpleString()));
    }
    return ChainruleMultiLabelModel.withPredictions(schema, this, List.of());
  }

  @Override
  public ChainruleMultiLabelClassifier copy(ParamMap extra) {
    return (ChainruleMultiLabelClassifier) defaultCopy(extra);
  }

  public static MLReader<ChainruleMultiLabelClassifier> read() {
    return new DefaultParamsReader<>();
  }

  public static ChainruleMultiLabelClassifier load(String path) {
    return read().load(path);
  }
}
