package chainrule.ml;

import java.io.Serializable;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;

/** The columns of {@link ChainruleMultiLabelClassifier} and its model. */
public interface MultiLabelParams extends ChainruleParams {
  /** Returns where the params are kept; not for callers. */
  Kept multiLabelParams();

  default Param<String> featuresCol() {
    return multiLabelParams().featuresCol;
  }

  default String getFeaturesCol() {
    return getOrDefault(featuresCol());
  }

  default Param<String> labelCol() {
    return multiLabelParams().labelCol;
  }

  default String getLabelCol() {
    return getOrDefault(labelCol());
  }

  default Param<String> probabilityCol() {
    return multiLabelParams().probabilityCol;
  }

  default String getProbabilityCol() {
    return getOrDefault(probabilityCol());
  }

  default Param<String> predictionCol() {
    return multiLabelParams().predictionCol;
  }

  default String getPredictionCol() {
    return getOrDefault(predictionCol());
  }

  /** The params of one object. */
  final class Kept implements Serializable {
    private static final long serialVersionUID = 1;

    private final Param<String> featuresCol;
    private final Param<String> labelCol;
    private final Param<String> probabilityCol;
    private final Param<String> predictionCol;

    Kept(Params owner) {
      featuresCol = new Param<>(owner, "featuresCol", "column of the vectors of features");
      labelCol =
          new Param<>(
              owner,
              "labelCol",
              "column of vectors with an element for each label: 1 if the row has it, else 0");
      probabilityCol =
          new Param<>(
              owner,
              "probabilityCol",
              "column for vectors with the probability of each label; empty: none");
      predictionCol =
          new Param<>(
              owner,
              "predictionCol",
              "column for arrays of the numbers, from 0, of the labels whose probability is above"
                  + " 0.5, as MultilabelClassificationEvaluator takes them; empty: none");
    }

    ParamMap defaults() {
      return new ParamMap()
          .put(featuresCol, "features")
          .put(labelCol, "label")
          .put(probabilityCol, "probability")
          .put(predictionCol, "prediction");
    }
  }
}
