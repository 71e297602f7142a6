package chainrule.ml;

import chainrule.data.LabelEncoding;
import chainrule.math.Matrix;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.sums.ClassPrediction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A network for classification. {@code rawPrediction} holds the network's logits; with two classes
 * and a single logit z, it holds −z and z. {@code probability} holds the class probabilities that
 * the loss derives from the logits.
 *
 * <p>Threads may share it for prediction.
 */
public final class ChainruleClassificationModel
    extends ProbabilisticClassificationModel<Vector, ChainruleClassificationModel>
    implements ChainruleModel {
  private static final long serialVersionUID = 1;

  // No initializers: see ChainruleClassifier.
  private String uid;
  private TrainingParams trainingParams;
  private final FittedNetwork fitted;

  ChainruleClassificationModel(String uid, TrainedModel model) {
    this(Uids.give(uid), FittedNetwork.of(model));
  }

  ChainruleClassificationModel(String uid, Trainer.Outcome outcome) {
    this(Uids.give(uid), FittedNetwork.of(outcome));
  }

  @SuppressWarnings("UnusedVariable") // evaluated before the superclass's constructor
  private ChainruleClassificationModel(Uids.Given given, FittedNetwork fitted) {
    this.fitted = fitted;
    setDefault(trainingParams().defaults().toSeq());
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("chainruleClassificationModel");
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

  @Override
  public int numClasses() {
    return ((LabelEncoding.Classes) trained().encoder().label()).names().size();
  }

  @Override
  public Vector predictRaw(Vector features) {
    return raw(fitted.network().scoreOne(features, getBlas()), 0);
  }

  private static Vector raw(Matrix outputs, int row) {
    if (outputs.columns() == 1) {
      double logit = outputs.get(row, 0);
      return Vectors.dense(-logit, logit);
    }
    double[] values = new double[outputs.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = outputs.get(row, i);
    }
    return Vectors.dense(values);
  }

  @Override
  public Vector raw2probabilityInPlace(Vector rawPrediction) {
    double[] values = ((DenseVector) rawPrediction).values();
    int outputs = trained().network().outputs();
    Matrix row = Matrix.zeros(1, outputs);
    for (int i = 0; i < outputs; i++) {
      row.set(0, i, (float) values[values.length - outputs + i]);
    }
    trained().loss().toPredictions(row);
    System.arraycopy(probability(row, 0, values.length).toArray(), 0, values, 0, values.length);
    return rawPrediction;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType transformed = transformSchema(dataset.schema());
    // In the order of Spark ML's own models, which differs from that of their schema.
    List<String> added =
        Stream.of(getRawPredictionCol(), getProbabilityCol(), getPredictionCol())
            .filter(name -> !name.isEmpty())
            .toList();
    if (added.isEmpty()) {
      return dataset.toDF();
    }
    StructType schema = dataset.schema();
    for (String name : added) {
      schema = schema.add(transformed.apply(name));
    }
    int features = dataset.schema().fieldIndex(getFeaturesCol());
    return Blocks.add(
        dataset.toDF(),
        schema,
        () -> {
          var scorer = new Scorer(trained(), getBlas(), Scorer.BLOCK);
          return block -> columns(scorer, Blocks.vectors(block, features), added);
        });
  }

  private List<Object[]> columns(Scorer scorer, List<Vector> block, List<String> added) {
    Matrix outputs = scorer.outputs(block);
    boolean thresholded = isDefined(thresholds());
    List<Vector> raws = new ArrayList<>(block.size());
    for (int i = 0; i < block.size(); i++) {
      raws.add(raw(outputs, i));
    }
    boolean needsProbability = thresholded || added.contains(getProbabilityCol());
    if (needsProbability) {
      trained().loss().toPredictions(outputs); // a block at a time
    }
    List<Object[]> rows = new ArrayList<>(block.size());
    for (int i = 0; i < block.size(); i++) {
      Vector raw = raws.get(i);
      Vector probability = needsProbability ? probability(outputs, i, raw.size()) : raw;
      Object[] values = new Object[added.size()];
      for (int j = 0; j < values.length; j++) {
        String name = added.get(j);
        if (name.equals(getRawPredictionCol())) {
          values[j] = raw;
        } else if (name.equals(getProbabilityCol())) {
          values[j] = probability;
        } else {
          values[j] = thresholded ? probability2prediction(probability) : (double) raw.argmax();
        }
      }
      rows.add(values);
    }
    return rows;
  }

  private static Vector probability(Matrix predictions, int row, int classes) {
    double[] values = new double[classes];
    for (int i = 0; i < classes; i++) {
      values[i] = ClassPrediction.probability(predictions, row, i);
    }
    return Vectors.dense(values);
  }

  @Override
  public ChainruleClassificationModel copy(ParamMap extra) {
    var copied = new ChainruleClassificationModel(Uids.give(uid()), fitted.copy());
    copyValues(copied, extra);
    return copied.setParent(parent());
  }

  /**
   * Returns this model and the names of its columns. Both superclasses declare this method, with
   * types that are the same to Java; only Spark's own summaries use it.
   */
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public scala.Tuple3 findSummaryModel() {
    return new scala.Tuple3<>(this, getProbabilityCol(), getPredictionCol());
  }

  public static MLReader<ChainruleClassificationModel> read() {
    return new ModelFolder.Reader<>(
        ChainruleClassificationModel.class, ChainruleClassificationModel::new);
  }

  public static ChainruleClassificationModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "ChainruleClassificationModel: uid="
        + uid()
        + ", numClasses="
        + numClasses()
        + ", numFeatures="
        + numFeatures();
  }
}
