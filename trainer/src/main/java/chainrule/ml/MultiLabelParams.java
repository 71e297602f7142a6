package chainrule.ml;

import chainrule.params.Hyperparameters;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The columns of {@link ChainruleMultiLabelClassifier} and its model. */
public interface MultiLabelParams extends ChainruleParams {
  /** Returns the params; only for the classes of this package. */
  Kept multiLabelParams();

  default Param<String> featuresCol() {
    return multiLabelParams().get("featuresCol");
  }

  default String getFeaturesCol() {
    return getOrDefault(featuresCol());
  }

  default Param<String> labelCol() {
    return multiLabelParams().get("labelCol");
  }

  default String getLabelCol() {
    return getOrDefault(labelCol());
  }

  default Param<String> probabilityCol() {
    return multiLabelParams().get("probabilityCol");
  }

  default String getProbabilityCol() {
    return getOrDefault(probabilityCol());
  }

  default Param<String> predictionCol() {
    return multiLabelParams().get("predictionCol");
  }

  default String getPredictionCol() {
    return getOrDefault(predictionCol());
  }

  /** The params of one object. */
  final class Kept extends DescribedParams {
    private static final long serialVersionUID = 1;

    Kept(Params owner) {
      super(owner, Hyperparameters.MULTI_LABEL);
    }
  }
}
