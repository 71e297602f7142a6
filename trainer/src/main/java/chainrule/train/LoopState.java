package chainrule.train;

import chainrule.math.Check;
import chainrule.optim.OptimizerState;
import chainrule.train.checkpoint.CheckpointSubject;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.history.EpochRecord;
import chainrule.train.settings.Recipe;
import chainrule.train.sums.LossSum;
import java.util.ArrayList;
import java.util.List;

/**
 * The mutable state of a training loop. It is consistent whenever its monitor is free, so another
 * thread may take a {@link #snapshot} between any two steps.
 */
final class LoopState implements CheckpointSubject {
  private static final float[] NOT_A_CANDIDATE = {};

  private final EpochRecord.Phase phase;
  private final float[] parameters;
  private final float[] parametersBefore;
  private final OptimizerState optimizer;
  private final boolean selecting;
  private final EpochSelection selection = new EpochSelection(Recipe.SMOOTHED_EPOCHS);
  private final EarlyStopping stopping;
  private final List<EpochRecord> history = new ArrayList<>();
  private final EpochClock clock;
  private long step;
  private LossSum epochLoss;
  private double lossBefore;
  private double lineLength;
  private List<Double> gradientNorms;
  private boolean updating;

  /**
   * Copies a snapshot. Selection and early stopping are rebuilt from its history.
   *
   * @param selecting whether the epoch is selected by the validation loss
   * @throws IllegalArgumentException if the weights of an epoch are missing that may still be
   *     selected
   */
  LoopState(LoopSnapshot from, EarlyStopping stopping, boolean selecting) {
    this.phase = from.phase();
    this.parameters = from.parameters().clone();
    this.parametersBefore = from.parametersBefore().clone();
    this.optimizer = from.optimizer().copy();
    this.stopping = stopping;
    this.selecting = selecting;
    this.clock = new EpochClock(from.epoch());
    this.step = from.step();
    this.epochLoss = new LossSum(from.epoch().lossSum(), from.epoch().weightSum());
    this.lossBefore = from.epoch().lossBefore();
    this.lineLength = from.epoch().lineLength();
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
                    "without the weights of epoch " + epoch,
                    "with those of every epoch that may still be selected"));
  }

  /** Hands the validation loss of an epoch to early stopping, and with its weights to selection. */
  private void judge(EpochRecord record, float[] weights) {
    if (record.validation().rows() > 0) {
      double loss = record.validation().get("loss");
      stopping.add(loss);
      if (selecting) {
        selection.add(loss, weights);
      }
    }
  }

  /**
   * Returns a copy of the state after the last finished step.
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
        selection.candidates(), // arrays that are never changed
        history,
        new LoopSnapshot.Epoch(
            epochLoss.loss(),
            epochLoss.weights(),
            lossBefore,
            lineLength,
            clock.epochSeconds(),
            clock.computeSeconds(),
            gradientNorms));
  }

  /** Returns the parameters, P values, which a step changes in place. */
  float[] parameters() {
    return parameters;
  }

  OptimizerState optimizer() {
    return optimizer;
  }

  /** Returns the times of the epoch in flight. */
  EpochClock clock() {
    return clock;
  }

  /**
   * Notes the loss of a step that is about to change the parameters. The caller holds the monitor
   * until {@link #endStep}.
   */
  void beginUpdate(LossSum stepLoss) {
    updating = true;
    epochLoss = epochLoss.plus(stepLoss);
    lossBefore = stepLoss.mean();
    System.arraycopy(parameters, 0, parametersBefore, 0, parameters.length);
  }

  /** Notes the norms of the gradient of the epoch's last step, by layer. */
  synchronized void noteGradient(List<Double> norms) {
    gradientNorms = norms;
  }

  /** Notes that a line search moves the parameters to and fro until it ends. */
  synchronized void beginSearch() {
    updating = true;
    System.arraycopy(parameters, 0, parametersBefore, 0, parameters.length);
  }

  /** Ends a line search that found nothing: the parameters are as before. */
  synchronized void endSearch() {
    updating = false;
  }

  /**
   * Ends a line search, which is a step.
   *
   * @param loss mean over all rows where the search began
   * @param length of the step along the line
   * @param stepComputeSeconds time in which the slowest worker computed
   */
  synchronized void endSearch(double loss, double length, double stepComputeSeconds) {
    epochLoss = new LossSum(loss, 1);
    lossBefore = loss;
    lineLength = length;
    endStep(stepComputeSeconds);
  }

  /** Returns the length of the last line search's step. */
  double lineLength() {
    return lineLength;
  }

  /**
   * Counts a step as done.
   *
   * @param stepComputeSeconds time in which the slowest worker computed
   */
  void endStep(double stepComputeSeconds) {
    updating = false;
    step++;
    clock.endStep(stepComputeSeconds);
  }

  /** Ends an epoch with its record. */
  synchronized void endEpoch(EpochRecord record) {
    history.add(record);
    judge(record, parameters);
    epochLoss = LossSum.ZERO;
    gradientNorms = List.of();
    clock.startEpoch();
  }

  /** Ends the phase, after which the selection is final. */
  synchronized void end() {
    selection.end();
  }

  /** Returns whether early stopping ends the phase. */
  boolean isStopped() {
    return stopping.isExhausted();
  }

  /** Returns the exception for a loss that is not finite, with the parameters before it. */
  DivergedException diverged(double loss, double learningRate) {
    return new DivergedException(step, loss, lossBefore, learningRate, parametersBefore);
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
    return epochLoss.mean();
  }

  /** Returns the norms of the gradient of the epoch's last step, by layer; none before that. */
  List<Double> gradientNorms() {
    return gradientNorms;
  }

  /** Returns the epoch whose weights are kept; after {@link #end}. */
  int bestEpoch() {
    return selecting ? selection.bestEpoch() : history.size();
  }

  /** Returns the weights that are kept; after {@link #end}. */
  float[] bestParameters() {
    return selecting ? selection.bestParameters() : parameters;
  }
}
