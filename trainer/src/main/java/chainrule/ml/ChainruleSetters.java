package chainrule.ml;

/**
 * The setters of {@link ChainruleParams}.
 *
 * @param <E> the estimator, which each returns
 */
public interface ChainruleSetters<E> extends ChainruleParams {
  @SuppressWarnings("unchecked") // set returns this, an E
  default E setHiddenLayers(int[] value) {
    return (E) set(hiddenLayers(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setActivation(String value) {
    return (E) set(activation(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setOutputActivation(String value) {
    return (E) set(outputActivation(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setDropout(double value) {
    return (E) set(dropout(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setInitializer(String value) {
    return (E) set(initializer(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setEnsembleSize(int value) {
    return (E) set(ensembleSize(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setEmbeddingSize(int value) {
    return (E) set(embeddingSize(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setLayerNorm(boolean value) {
    return (E) set(layerNorm(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setResidual(boolean value) {
    return (E) set(residual(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setLoss(String value) {
    return (E) set(loss(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setHuberDelta(double value) {
    return (E) set(huberDelta(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setLabelSmoothing(double value) {
    return (E) set(labelSmoothing(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setSolver(String value) {
    return (E) set(solver(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setStepSize(double value) {
    return (E) set(stepSize(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setMomentum(double value) {
    return (E) set(momentum(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setBeta1(double value) {
    return (E) set(beta1(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setBeta2(double value) {
    return (E) set(beta2(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setRho(double value) {
    return (E) set(rho(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setEpsilon(double value) {
    return (E) set(epsilon(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setWeightDecay(double value) {
    return (E) set(weightDecay(), value);
  }

  /** Solver l-bfgs: steps remembered. */
  @SuppressWarnings("unchecked")
  default E setMemory(int value) {
    return (E) set(memory(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setSchedule(String value) {
    return (E) set(schedule(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setScheduleEvery(double value) {
    return (E) set(scheduleEvery(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setScheduleFactor(double value) {
    return (E) set(scheduleFactor(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setScheduleWarmup(double value) {
    return (E) set(scheduleWarmup(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setScheduleTotal(double value) {
    return (E) set(scheduleTotal(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setScheduleMinimum(double value) {
    return (E) set(scheduleMinimum(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setScheduleUnit(String value) {
    return (E) set(scheduleUnit(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setMaxIter(int value) {
    return (E) set(maxIter(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setBatchSize(int value) {
    return (E) set(batchSize(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setSeed(long value) {
    return (E) set(seed(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setSelection(String value) {
    return (E) set(selection(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setRefit(boolean value) {
    return (E) set(refit(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setClassWeights(double[] value) {
    return (E) set(classWeights(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setBalancedClasses(boolean value) {
    return (E) set(balancedClasses(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setRegParam(double value) {
    return (E) set(regParam(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setClipNorm(double value) {
    return (E) set(clipNorm(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setPatience(int value) {
    return (E) set(patience(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setTol(double value) {
    return (E) set(tol(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setStandardization(boolean value) {
    return (E) set(standardization(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setNumberEncoding(String value) {
    return (E) set(numberEncoding(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setEmbedAbove(int value) {
    return (E) set(embedAbove(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setStandardizeLabel(boolean value) {
    return (E) set(standardizeLabel(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setValidationFraction(double value) {
    return (E) set(validationFraction(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setValidationIndicatorCol(String value) {
    return (E) set(validationIndicatorCol(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setWeightCol(String value) {
    return (E) set(weightCol(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setCheckpointPath(String value) {
    return (E) set(checkpointPath(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setCheckpointInterval(int value) {
    return (E) set(checkpointInterval(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setShards(int value) {
    return (E) set(shards(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setEngine(String value) {
    return (E) set(engine(), value);
  }

  @SuppressWarnings("unchecked") // set returns this, an E
  default E setBlas(String value) {
    return (E) set(blas(), value);
  }
}
