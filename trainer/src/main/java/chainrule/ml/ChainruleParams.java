// Generated from chainrule.params.Hyperparameters by GeneratedParamsTest; do not edit.
package chainrule.ml;

/**
 * The params of the estimators that train networks and of their models.
 *
 * <p>They have Spark ML's names where it has one. {@link ChainruleSetters} describes each.
 */
public interface ChainruleParams extends ChainruleParamAccessors {
  default int[] getHiddenLayers() {
    return getOrDefault(hiddenLayers());
  }

  default String getActivation() {
    return getOrDefault(activation());
  }

  default String getOutputActivation() {
    return getOrDefault(outputActivation());
  }

  default double getDropout() {
    return (Double) getOrDefault(dropout());
  }

  default boolean getLayerNorm() {
    return (Boolean) getOrDefault(layerNorm());
  }

  default boolean getResidual() {
    return (Boolean) getOrDefault(residual());
  }

  default int getEmbeddingSize() {
    return (Integer) getOrDefault(embeddingSize());
  }

  default String getInitializer() {
    return getOrDefault(initializer());
  }

  default int getEnsembleSize() {
    return (Integer) getOrDefault(ensembleSize());
  }

  default String getLoss() {
    return getOrDefault(loss());
  }

  default double getHuberDelta() {
    return (Double) getOrDefault(huberDelta());
  }

  default double getLabelSmoothing() {
    return (Double) getOrDefault(labelSmoothing());
  }

  default String getSolver() {
    return getOrDefault(solver());
  }

  default double getStepSize() {
    return (Double) getOrDefault(stepSize());
  }

  default double getMomentum() {
    return (Double) getOrDefault(momentum());
  }

  default double getBeta1() {
    return (Double) getOrDefault(beta1());
  }

  default double getBeta2() {
    return (Double) getOrDefault(beta2());
  }

  default double getRho() {
    return (Double) getOrDefault(rho());
  }

  default double getEpsilon() {
    return (Double) getOrDefault(epsilon());
  }

  default double getWeightDecay() {
    return (Double) getOrDefault(weightDecay());
  }

  default int getMemory() {
    return (Integer) getOrDefault(memory());
  }

  default String getSchedule() {
    return getOrDefault(schedule());
  }

  default double getScheduleEvery() {
    return (Double) getOrDefault(scheduleEvery());
  }

  default double getScheduleFactor() {
    return (Double) getOrDefault(scheduleFactor());
  }

  default double getScheduleWarmup() {
    return (Double) getOrDefault(scheduleWarmup());
  }

  default double getScheduleTotal() {
    return (Double) getOrDefault(scheduleTotal());
  }

  default double getScheduleMinimum() {
    return (Double) getOrDefault(scheduleMinimum());
  }

  default String getScheduleUnit() {
    return getOrDefault(scheduleUnit());
  }

  default int getBatchSize() {
    return (Integer) getOrDefault(batchSize());
  }

  default int getMaxIter() {
    return (Integer) getOrDefault(maxIter());
  }

  default long getSeed() {
    return (Long) getOrDefault(seed());
  }

  default String getSelection() {
    return getOrDefault(selection());
  }

  default boolean getRefit() {
    return (Boolean) getOrDefault(refit());
  }

  default double[] getClassWeights() {
    return getOrDefault(classWeights());
  }

  default boolean getBalancedClasses() {
    return (Boolean) getOrDefault(balancedClasses());
  }

  default double getRegParam() {
    return (Double) getOrDefault(regParam());
  }

  default double getClipNorm() {
    return (Double) getOrDefault(clipNorm());
  }

  default int getPatience() {
    return (Integer) getOrDefault(patience());
  }

  default double getTol() {
    return (Double) getOrDefault(tol());
  }

  default int getShards() {
    return (Integer) getOrDefault(shards());
  }

  default String getEngine() {
    return getOrDefault(engine());
  }

  default String getBlas() {
    return getOrDefault(blas());
  }

  default boolean getStandardization() {
    return (Boolean) getOrDefault(standardization());
  }

  default String getNumberEncoding() {
    return getOrDefault(numberEncoding());
  }

  default int getEmbedAbove() {
    return (Integer) getOrDefault(embedAbove());
  }

  default boolean getStandardizeLabel() {
    return (Boolean) getOrDefault(standardizeLabel());
  }

  default double getValidationFraction() {
    return (Double) getOrDefault(validationFraction());
  }

  default String getValidationIndicatorCol() {
    return getOrDefault(validationIndicatorCol());
  }

  default String getWeightCol() {
    return getOrDefault(weightCol());
  }

  default String getCheckpointPath() {
    return getOrDefault(checkpointPath());
  }

  default int getCheckpointInterval() {
    return (Integer) getOrDefault(checkpointInterval());
  }
}
