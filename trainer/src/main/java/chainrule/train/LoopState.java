package chainrule.train;

import chainrule.math.Check;
import chainrule.optim.OptimizerState;
import chainrule.train.checkpoint.CheckpointSubject;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.history.EpochRecord;
import chainrule.train.settings.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * What changes while a loop trains. It is whole whenever its monitor is free, so that another
 * thread may take a {@link #snapshot} between any two steps.
 */
final class LoopState implements CheckpointSubject {
  private static final float[] NOT_A_CANDIDATE = {};

  private final EpochRecord.Phase phase;
  private final float[] parameters;
  private final float[] parametersBefore;
  private final OptimizerState optimizer;
  private final boolean selects;
  private final EpochSelection selection = new EpochSelection(Recipe.SMOOTHED_PASSES);
  private final EarlyStopping stopping;
  private final List<EpochRecord> history = new ArrayList<>();
  private long step;
  private double lossSum;
  private double weightSum;
  private double lossBefore;
  private double lineLength;
  private double seconds;
  private double computeSeconds;
  private List<Double> gradientNorms;
  private long clockStart = System.nanoTime();
  private boolean updating;

  /**
   * Copies a snapshot; what follows from its history is found by going through it again.
   *
   * @param selects whether the pass is chosen by the validation loss
   * @throws IllegalArgumentException if the weights of a pass are missing that may yet be chosen
   */
  LoopState(LoopSnapshot from, EarlyStopping stopping, boolean selects) {
    this.phase = from.phase();
    this.parameters = from.parameters().clone();
    this.parametersBefore = from.parametersBefore().clone();
    this.optimizer = from.optimizer().copy();
    this.stopping = stopping;
    this.selects = selects;
    this.step = from.step();
    this.lossSum = from.epoch().lossSum();
    this.weightSum = from.epoch().weightSum();
    this.lossBefore = from.epoch().lossBefore();
    this.lineLength = from.epoch().lineLength();
    this.seconds = from.epoch().seconds();
    this.computeSeconds = from.epoch().computeSeconds();
    this.gradientNorms = from.epoch().gradientNorms();
    for (EpochRecord record : from.history()) {
      judge(record, from.candidates().getOrDefault(record.epoch(), NOT_A_CANDIDATE));
      history.add(record);
    }
    selection
        .candidates()
        .forEach(
            (epoch, weights) ->
                Check.argument(
                    weights.length == parameters.length,
                    "snapshot",
                    "without the weights of pass " + epoch,
                    "with those of every pass that may yet be chosen"));
  }

  private void judge(EpochRecord record, float[] weights) {
    if (record.validation().rows() > 0) {
      double loss = record.validation().get("loss");
      stopping.add(loss);
      if (selects) {
        selection.add(loss, weights);
      }
    }
  }

  /**
   * Returns a copy of everything, as of the last finished step.
   *
   * @throws IllegalStateException if a step failed halfway
   */
  @Override
  public synchronized LoopSnapshot snapshot() {
    if (updating) {
      throw new IllegalStateException("Cannot take a snapshot: a step is only half done");
    }
    return new LoopSnapshot(
        phase,
        step,
        parameters.clone(),
        parametersBefore.clone(),
        optimizer.copy(),
        selection.candidates(), // whose arrays nobody changes
        history,
        new LoopSnapshot.Epoch(
            lossSum,
            weightSum,
            lossBefore,
            lineLength,
            epochSeconds(),
            computeSeconds,
            gradientNorms));
  }

  /** Returns the parameters, which a step changes in place. */
  float[] parameters() {
    return parameters;
  }

  float[] parametersBefore() {
    return parametersBefore;
  }

  OptimizerState optimizer() {
    return optimizer;
  }

  /** Notes the loss of a step that is about to change the parameters. */
  void beginUpdate(double stepLossSum, double stepWeightSum) {
    updating = true;
    lossSum += stepLossSum;
    weightSum += stepWeightSum;
    lossBefore = stepLossSum / stepWeightSum;
    System.arraycopy(parameters, 0, parametersBefore, 0, parameters.length);
  }

  /** Notes the norms of the gradient of the epoch's last step, by layer. */
  synchronized void noteGradient(List<Double> norms) {
    gradientNorms = norms;
  }

  /** Notes that a search along a line moves the parameters until it ends. */
  synchronized void beginSearch() {
    updating = true;
    System.arraycopy(parameters, 0, parametersBefore, 0, parameters.length);
  }

  /** Ends a search that found nothing: the parameters are where they were. */
  synchronized void endSearch() {
    updating = false;
  }

  /** Ends a search, which is a step, with the loss it began at and how far it went. */
  synchronized void endSearch(double loss, double length, double stepComputeSeconds) {
    lossSum = loss;
    weightSum = 1;
    lossBefore = loss;
    lineLength = length;
    endStep(stepComputeSeconds);
  }

  /** Returns how far the last search went. */
  double lineLength() {
    return lineLength;
  }

  /** Counts a step as done. */
  void endStep(double stepComputeSeconds) {
    updating = false;
    step++;
    computeSeconds += stepComputeSeconds;
  }

  /** Ends an epoch with its record. */
  synchronized void endEpoch(EpochRecord record) {
    history.add(record);
    judge(record, parameters);
    lossSum = 0;
    weightSum = 0;
    seconds = 0;
    gradientNorms = List.of();
    computeSeconds = 0;
    clockStart = System.nanoTime();
  }

  /** Ends the phase, after which the choice of the pass is final. */
  synchronized void end() {
    selection.end();
  }

  /** Returns whether there has been no better validation loss for too long. */
  boolean isStopped() {
    return stopping.stops();
  }

  EpochRecord.Phase phase() {
    return phase;
  }

  /** Returns how many steps are done. */
  @Override
  public long step() {
    return step;
  }

  /** Returns how many epochs are done. */
  @Override
  public int epochs() {
    return history.size();
  }

  List<EpochRecord> history() {
    return history;
  }

  /** Returns the mean loss of the last step's rows; NaN before the first. */
  double lossBefore() {
    return lossBefore;
  }

  /** Returns the mean loss over the rows of the epoch's steps so far. */
  double meanLoss() {
    return lossSum / weightSum;
  }

  /** Returns how long the epoch has taken so far. */
  double epochSeconds() {
    return seconds + (System.nanoTime() - clockStart) * 1e-9;
  }

  /** Returns for how much of {@link #epochSeconds} the slowest worker computed. */
  double computeSeconds() {
    return computeSeconds;
  }

  /** Returns the norms of the gradient of the epoch's last step, by layer; none before that. */
  List<Double> gradientNorms() {
    return gradientNorms;
  }

  /** Returns the pass whose weights are kept; after {@link #end}. */
  int bestEpoch() {
    return selects ? selection.bestEpoch() : history.size();
  }

  /** Returns the weights that are kept; after {@link #end}. */
  float[] bestParameters() {
    return selects ? selection.bestParameters() : parameters;
  }
}
