package chainrule.ml;

import chainrule.train.settings.ScheduleSettings;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The params of estimators and models: named as Spark ML's where it has one. Those without a
 * default are found by the number of training rows unless they are set; {@code explainParams} says
 * what each is.
 */
public interface ChainruleParams extends Params {
  /** Returns where the params are kept; not for callers. */
  TrainingParams trainingParams();

  default IntArrayParam hiddenLayers() {
    return trainingParams().hiddenLayers;
  }

  default int[] getHiddenLayers() {
    return getOrDefault(hiddenLayers());
  }

  default Param<String> activation() {
    return trainingParams().activation;
  }

  default String getActivation() {
    return getOrDefault(activation());
  }

  default Param<String> outputActivation() {
    return trainingParams().outputActivation;
  }

  default String getOutputActivation() {
    return getOrDefault(outputActivation());
  }

  default DoubleParam dropout() {
    return trainingParams().dropout;
  }

  default double getDropout() {
    return (Double) getOrDefault(dropout());
  }

  default IntParam ensembleSize() {
    return trainingParams().ensembleSize;
  }

  default int getEnsembleSize() {
    return (Integer) getOrDefault(ensembleSize());
  }

  default Param<String> initializer() {
    return trainingParams().initializer;
  }

  default String getInitializer() {
    return getOrDefault(initializer());
  }

  default IntParam embeddingSize() {
    return trainingParams().embeddingSize;
  }

  default int getEmbeddingSize() {
    return (Integer) getOrDefault(embeddingSize());
  }

  default BooleanParam layerNorm() {
    return trainingParams().layerNorm;
  }

  default boolean getLayerNorm() {
    return (Boolean) getOrDefault(layerNorm());
  }

  default BooleanParam residual() {
    return trainingParams().residual;
  }

  default boolean getResidual() {
    return (Boolean) getOrDefault(residual());
  }

  default Param<String> loss() {
    return trainingParams().loss;
  }

  default String getLoss() {
    return getOrDefault(loss());
  }

  default DoubleParam huberDelta() {
    return trainingParams().huberDelta;
  }

  default double getHuberDelta() {
    return (Double) getOrDefault(huberDelta());
  }

  default DoubleParam labelSmoothing() {
    return trainingParams().labelSmoothing;
  }

  default double getLabelSmoothing() {
    return (Double) getOrDefault(labelSmoothing());
  }

  default Param<String> solver() {
    return trainingParams().solver;
  }

  default String getSolver() {
    return getOrDefault(solver());
  }

  default DoubleParam stepSize() {
    return trainingParams().stepSize;
  }

  default double getStepSize() {
    return (Double) getOrDefault(stepSize());
  }

  default DoubleParam momentum() {
    return trainingParams().momentum;
  }

  default double getMomentum() {
    return (Double) getOrDefault(momentum());
  }

  default DoubleParam beta1() {
    return trainingParams().beta1;
  }

  default double getBeta1() {
    return (Double) getOrDefault(beta1());
  }

  default DoubleParam beta2() {
    return trainingParams().beta2;
  }

  default double getBeta2() {
    return (Double) getOrDefault(beta2());
  }

  default DoubleParam rho() {
    return trainingParams().rho;
  }

  default double getRho() {
    return (Double) getOrDefault(rho());
  }

  default DoubleParam epsilon() {
    return trainingParams().epsilon;
  }

  default double getEpsilon() {
    return (Double) getOrDefault(epsilon());
  }

  default DoubleParam weightDecay() {
    return trainingParams().weightDecay;
  }

  default double getWeightDecay() {
    return (Double) getOrDefault(weightDecay());
  }

  default IntParam memory() {
    return trainingParams().memory;
  }

  default int getMemory() {
    return (Integer) getOrDefault(memory());
  }

  default Param<String> schedule() {
    return trainingParams().schedule;
  }

  default String getSchedule() {
    return getOrDefault(schedule());
  }

  default DoubleParam scheduleEvery() {
    return trainingParams().scheduleEvery;
  }

  /** Returns the value that is set, or else the schedule's default. */
  default double getScheduleEvery() {
    return isDefined(scheduleEvery())
        ? (Double) getOrDefault(scheduleEvery())
        : ScheduleSettings.everyByDefault(getSchedule());
  }

  default DoubleParam scheduleFactor() {
    return trainingParams().scheduleFactor;
  }

  default double getScheduleFactor() {
    return (Double) getOrDefault(scheduleFactor());
  }

  default DoubleParam scheduleWarmup() {
    return trainingParams().scheduleWarmup;
  }

  default double getScheduleWarmup() {
    return (Double) getOrDefault(scheduleWarmup());
  }

  default DoubleParam scheduleTotal() {
    return trainingParams().scheduleTotal;
  }

  default double getScheduleTotal() {
    return (Double) getOrDefault(scheduleTotal());
  }

  default DoubleParam scheduleMinimum() {
    return trainingParams().scheduleMinimum;
  }

  default double getScheduleMinimum() {
    return (Double) getOrDefault(scheduleMinimum());
  }

  default Param<String> scheduleUnit() {
    return trainingParams().scheduleUnit;
  }

  default String getScheduleUnit() {
    return getOrDefault(scheduleUnit());
  }

  default IntParam maxIter() {
    return trainingParams().maxIter;
  }

  default int getMaxIter() {
    return (Integer) getOrDefault(maxIter());
  }

  default IntParam batchSize() {
    return trainingParams().batchSize;
  }

  default int getBatchSize() {
    return (Integer) getOrDefault(batchSize());
  }

  default LongParam seed() {
    return trainingParams().seed;
  }

  default long getSeed() {
    return (Long) getOrDefault(seed());
  }

  default Param<String> selection() {
    return trainingParams().selection;
  }

  default String getSelection() {
    return getOrDefault(selection());
  }

  default BooleanParam refit() {
    return trainingParams().refit;
  }

  default boolean getRefit() {
    return (Boolean) getOrDefault(refit());
  }

  default DoubleArrayParam classWeights() {
    return trainingParams().classWeights;
  }

  default double[] getClassWeights() {
    return getOrDefault(classWeights());
  }

  default BooleanParam balancedClasses() {
    return trainingParams().balancedClasses;
  }

  default boolean getBalancedClasses() {
    return (Boolean) getOrDefault(balancedClasses());
  }

  default DoubleParam regParam() {
    return trainingParams().regParam;
  }

  default double getRegParam() {
    return (Double) getOrDefault(regParam());
  }

  default DoubleParam clipNorm() {
    return trainingParams().clipNorm;
  }

  default double getClipNorm() {
    return (Double) getOrDefault(clipNorm());
  }

  default IntParam patience() {
    return trainingParams().patience;
  }

  default int getPatience() {
    return (Integer) getOrDefault(patience());
  }

  default DoubleParam tol() {
    return trainingParams().tol;
  }

  default double getTol() {
    return (Double) getOrDefault(tol());
  }

  default BooleanParam standardization() {
    return trainingParams().standardization;
  }

  default boolean getStandardization() {
    return (Boolean) getOrDefault(standardization());
  }

  default Param<String> numberEncoding() {
    return trainingParams().numberEncoding;
  }

  default String getNumberEncoding() {
    return getOrDefault(numberEncoding());
  }

  default IntParam embedAbove() {
    return trainingParams().embedAbove;
  }

  default int getEmbedAbove() {
    return (Integer) getOrDefault(embedAbove());
  }

  default BooleanParam standardizeLabel() {
    return trainingParams().standardizeLabel;
  }

  default boolean getStandardizeLabel() {
    return (Boolean) getOrDefault(standardizeLabel());
  }

  default DoubleParam validationFraction() {
    return trainingParams().validationFraction;
  }

  default double getValidationFraction() {
    return (Double) getOrDefault(validationFraction());
  }

  default Param<String> validationIndicatorCol() {
    return trainingParams().validationIndicatorCol;
  }

  default String getValidationIndicatorCol() {
    return getOrDefault(validationIndicatorCol());
  }

  default Param<String> weightCol() {
    return trainingParams().weightCol;
  }

  default String getWeightCol() {
    return getOrDefault(weightCol());
  }

  default Param<String> checkpointPath() {
    return trainingParams().checkpointPath;
  }

  default String getCheckpointPath() {
    return getOrDefault(checkpointPath());
  }

  default IntParam checkpointInterval() {
    return trainingParams().checkpointInterval;
  }

  default int getCheckpointInterval() {
    return (Integer) getOrDefault(checkpointInterval());
  }

  default IntParam shards() {
    return trainingParams().shards;
  }

  default int getShards() {
    return (Integer) getOrDefault(shards());
  }

  default Param<String> engine() {
    return trainingParams().engine;
  }

  default String getEngine() {
    return getOrDefault(engine());
  }

  default Param<String> blas() {
    return trainingParams().blas;
  }

  default String getBlas() {
    return getOrDefault(blas());
  }
}
