// Generated from chainrule.params.Hyperparameters by GeneratedParamsTest; do not edit.
package chainrule.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The params of each hyperparameter as objects. {@link ChainruleSetters} describes each. */
public interface ChainruleParamAccessors extends Params {
  /** Returns the params; only for the classes of this package. */
  TrainingParams trainingParams();

  default IntArrayParam hiddenLayers() {
    return trainingParams().get("hiddenLayers");
  }

  default Param<String> activation() {
    return trainingParams().get("activation");
  }

  default Param<String> outputActivation() {
    return trainingParams().get("outputActivation");
  }

  default DoubleParam dropout() {
    return trainingParams().get("dropout");
  }

  default BooleanParam layerNorm() {
    return trainingParams().get("layerNorm");
  }

  default BooleanParam residual() {
    return trainingParams().get("residual");
  }

  default IntParam embeddingSize() {
    return trainingParams().get("embeddingSize");
  }

  default Param<String> initializer() {
    return trainingParams().get("initializer");
  }

  default IntParam ensembleSize() {
    return trainingParams().get("ensembleSize");
  }

  default Param<String> loss() {
    return trainingParams().get("loss");
  }

  default DoubleParam huberDelta() {
    return trainingParams().get("huberDelta");
  }

  default DoubleParam labelSmoothing() {
    return trainingParams().get("labelSmoothing");
  }

  default Param<String> solver() {
    return trainingParams().get("solver");
  }

  default DoubleParam stepSize() {
    return trainingParams().get("stepSize");
  }

  default DoubleParam momentum() {
    return trainingParams().get("momentum");
  }

  default DoubleParam beta1() {
    return trainingParams().get("beta1");
  }

  default DoubleParam beta2() {
    return trainingParams().get("beta2");
  }

  default DoubleParam rho() {
    return trainingParams().get("rho");
  }

  default DoubleParam epsilon() {
    return trainingParams().get("epsilon");
  }

  default DoubleParam weightDecay() {
    return trainingParams().get("weightDecay");
  }

  default IntParam memory() {
    return trainingParams().get("memory");
  }

  default Param<String> schedule() {
    return trainingParams().get("schedule");
  }

  default DoubleParam scheduleEvery() {
    return trainingParams().get("scheduleEvery");
  }

  default DoubleParam scheduleFactor() {
    return trainingParams().get("scheduleFactor");
  }

  default DoubleParam scheduleWarmup() {
    return trainingParams().get("scheduleWarmup");
  }

  default DoubleParam scheduleTotal() {
    return trainingParams().get("scheduleTotal");
  }

  default DoubleParam scheduleMinimum() {
    return trainingParams().get("scheduleMinimum");
  }

  default Param<String> scheduleUnit() {
    return trainingParams().get("scheduleUnit");
  }

  default IntParam batchSize() {
    return trainingParams().get("batchSize");
  }

  default IntParam maxIter() {
    return trainingParams().get("maxIter");
  }

  default LongParam seed() {
    return trainingParams().get("seed");
  }

  default Param<String> selection() {
    return trainingParams().get("selection");
  }

  default BooleanParam refit() {
    return trainingParams().get("refit");
  }

  default DoubleArrayParam classWeights() {
    return trainingParams().get("classWeights");
  }

  default BooleanParam balancedClasses() {
    return trainingParams().get("balancedClasses");
  }

  default DoubleParam regParam() {
    return trainingParams().get("regParam");
  }

  default DoubleParam clipNorm() {
    return trainingParams().get("clipNorm");
  }

  default IntParam patience() {
    return trainingParams().get("patience");
  }

  default DoubleParam tol() {
    return trainingParams().get("tol");
  }

  default IntParam shards() {
    return trainingParams().get("shards");
  }

  default Param<String> engine() {
    return trainingParams().get("engine");
  }

  default Param<String> blas() {
    return trainingParams().get("blas");
  }

  default BooleanParam standardization() {
    return trainingParams().get("standardization");
  }

  default Param<String> numberEncoding() {
    return trainingParams().get("numberEncoding");
  }

  default IntParam embedAbove() {
    return trainingParams().get("embedAbove");
  }

  default BooleanParam standardizeLabel() {
    return trainingParams().get("standardizeLabel");
  }

  default DoubleParam validationFraction() {
    return trainingParams().get("validationFraction");
  }

  default Param<String> validationIndicatorCol() {
    return trainingParams().get("validationIndicatorCol");
  }

  default Param<String> weightCol() {
    return trainingParams().get("weightCol");
  }

  default Param<String> checkpointPath() {
    return trainingParams().get("checkpointPath");
  }

  default IntParam checkpointInterval() {
    return trainingParams().get("checkpointInterval");
  }
}
