package chainrule.ml;

import chainrule.data.LabelEncoding;
import chainrule.math.Matrix;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A network for regression. It predicts a number in the label's unit, or a vector of several.
 *
 * <p>Threads may share it for prediction.
 */
public final class ChainruleRegressionModel
    extends RegressionModel<Vector, ChainruleRegressionModel> implements ChainruleModel {
  private static final long serialVersionUID = 1;

  // No initializers: see ChainruleClassifier.
  private String uid;
  private TrainingParams trainingParams;
  private final FittedNetwork fitted;

  ChainruleRegressionModel(String uid, TrainedModel model) {
    this(Uids.give(uid), FittedNetwork.of(model));
  }

  ChainruleRegressionModel(String uid, Trainer.Outcome outcome) {
    this(Uids.give(uid), FittedNetwork.of(outcome));
  }

  @SuppressWarnings("UnusedVariable") // evaluated before the superclass's constructor
  private ChainruleRegressionModel(Uids.Given given, FittedNetwork fitted) {
    this.fitted = fitted;
    setDefault(trainingParams().defaults().toSeq());
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("chainruleRegressionModel");
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
  public FittedNetwork fitted() {
    return fitted;
  }

  @Override
  public int numFeatures() {
    return trained().schema().features().size();
  }

  /** Returns how many numbers are predicted. */
  public int numOutputs() {
    return trained().encoder().label().count();
  }

  /**
   * Returns the predicted number.
   *
   * @throws IllegalStateException if the model predicts several
   */
  @Override
  public double predict(Vector features) {
    if (numOutputs() > 1) {
      throw new IllegalStateException(
          "Cannot predict one number: the model has "
              + numOutputs()
              + " outputs (use predictVector)");
    }
    return predictVector(features).apply(0);
  }

  /** Returns the predicted numbers, one or several. */
  public Vector predictVector(Vector features) {
    Matrix outputs = fitted.network().scoreOne(features, getBlas());
    trained().loss().toPredictions(outputs);
    return originals(outputs, 0);
  }

  private Vector originals(Matrix outputs, int row) {
    List<LabelEncoding> labels = trained().encoder().label().each();
    double[] values = new double[labels.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ((LabelEncoding.Scale) labels.get(i)).original(outputs.get(row, i));
    }
    return Vectors.dense(values);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    StructType transformed = super.transformSchema(schema);
    return numOutputs() == 1 || getPredictionCol().isEmpty()
        ? transformed
        : LabelColumn.replaced(
            transformed, LabelColumn.named(getPredictionCol(), trained().schema().labelNames()));
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    if (schema.size() == dataset.schema().size()) {
      return dataset.toDF(); // the prediction has no name
    }
    int features = dataset.schema().fieldIndex(getFeaturesCol());
    return Blocks.add(
        dataset.toDF(),
        schema,
        () -> {
          var scorer = new Scorer(trained(), getBlas(), Scorer.BLOCK);
          return block -> predictions(scorer, Blocks.vectors(block, features));
        });
  }

  private List<Object[]> predictions(Scorer scorer, List<Vector> block) {
    Matrix outputs = scorer.outputs(block);
    trained().loss().toPredictions(outputs);
    boolean one = numOutputs() == 1;
    return IntStream.range(0, block.size())
        .mapToObj(i -> originals(outputs, i))
        .map(values -> new Object[] {one ? (Object) values.apply(0) : values})
        .toList();
  }

  @Override
  public ChainruleRegressionModel copy(ParamMap extra) {
    var copied = new ChainruleRegressionModel(Uids.give(uid()), fitted.copy());
    copyValues(copied, extra);
    return copied.setParent(parent());
  }

  public static MLReader<ChainruleRegressionModel> read() {
    return new ModelFolder.Reader<>(ChainruleRegressionModel.class, ChainruleRegressionModel::new);
  }

  public static ChainruleRegressionModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "ChainruleRegressionModel: uid="
        + uid()
        + ", numFeatures="
        + numFeatures()
        + ", numOutputs="
        + numOutputs();
  }
}
