package chainrule.train;

import chainrule.data.Block;
import chainrule.math.Check;
import chainrule.optim.GradientClipping;
import chainrule.optim.Solver;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.checkpoint.TrainingInterruptedException;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.StepRecord;
import chainrule.train.settings.Selection;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.sums.Metrics;
import chainrule.train.sums.Objective;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Synchronous gradient descent. For each epoch: run its steps ({@link MiniBatchStep} or {@link
 * LineSearchStep}), compute the metrics of the validation rows, record the epoch, keep the weights
 * if they may be selected, checkpoint, stop early if the validation loss no longer falls.
 *
 * <p>The result is a function of the source's rows, the settings and the initial parameters: the
 * loop reads a clock for the history only. Not for sharing.
 */
public final class TrainingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);

  /**
   * How long to train and what to keep. Immutable.
   *
   * @param epochs at most; the schedule's length
   * @param stopAfter epochs after which to stop although the schedule is longer, for a refit
   * @param l2 adds l2 · w to the gradient of weights, not of biases
   * @param clipping of the whole gradient's norm
   * @param selection which epoch's weights to return
   * @param patience stop after this many epochs without a better validation loss; 0: never
   * @param minDelta by how much a loss must fall to be better
   */
  public record Settings(
      int epochs,
      int stopAfter,
      double l2,
      GradientClipping clipping,
      Selection selection,
      int patience,
      double minDelta) {
    public Settings {
      Check.argument(epochs > 0, "epochs", epochs, "> 0");
      Check.argument(
          stopAfter > 0 && stopAfter <= epochs, "stop after", stopAfter, "in the epochs");
      Check.argument(l2 >= 0 && Double.isFinite(l2), "l2", l2, ">= 0 and finite");
      Check.argument(patience >= 0, "patience", patience, ">= 0");
      Check.argument(minDelta >= 0, "min-delta", minDelta, ">= 0");
    }
  }

  /** The outcome of a training loop. Owns its array. */
  public static final class Result {
    private final float[] parameters;
    private final int bestEpoch;
    private final long steps;
    private final List<EpochRecord> history;

    private Result(float[] parameters, int bestEpoch, long steps, List<EpochRecord> history) {
      this.parameters = parameters;
      this.bestEpoch = bestEpoch;
      this.steps = steps;
      this.history = List.copyOf(history);
    }

    /** Returns the parameters of {@link #bestEpoch}, P values. */
    public float[] parameters() {
      return parameters;
    }

    /** Returns the epoch whose weights were selected, from 1. */
    public int bestEpoch() {
      return bestEpoch;
    }

    /** Returns how many steps were done. */
    public long steps() {
      return steps;
    }

    public List<EpochRecord> history() {
      return history;
    }
  }

  private final GradientSource source;
  private final Objective objective;
  private final Solver solver;
  private final Settings settings;

  /** Prepares a training; the gradients that the source gives are those of the objective. */
  public TrainingLoop(
      GradientSource source, Objective objective, Solver solver, Settings settings) {
    this.source = Objects.requireNonNull(source, "source");
    this.objective = Objects.requireNonNull(objective, "objective");
    this.solver = Objects.requireNonNull(solver, "solver");
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  /**
   * Trains from the given parameters, which are not changed.
   *
   * @throws DivergedException if the loss becomes NaN or infinite
   */
  public Result run(EpochRecord.Phase phase, float[] initialParameters, TrainingListener listener) {
    objective.network().requireParameters(initialParameters);
    var state = solver.newState(initialParameters.length);
    return run(LoopSnapshot.start(phase, initialParameters, state), listener, Checkpointer.none());
  }

  /**
   * Trains from where another run stopped, or from the start, with the same bits either way.
   *
   * @param from is not changed
   * @param checkpointer is notified of every step and epoch
   * @throws DivergedException if the loss becomes NaN or infinite
   * @throws TrainingInterruptedException if the checkpointer was asked to stop
   */
  Result run(LoopSnapshot from, TrainingListener listener, Checkpointer checkpointer) {
    objective.network().requireParameters(from.parameters());
    var stopping = new EarlyStopping(settings.patience(), settings.minDelta());
    boolean selecting = isValidating() && settings.selection() == Selection.AUTO;
    var state = new LoopState(from, stopping, selecting);
    StepStrategy strategy = StepStrategy.of(solver, source, objective, settings);
    listener.phaseStarted(
        state.phase(), settings.stopAfter(), settings.stopAfter() * stepsPerEpoch());
    checkpointer.watch(state);

    while (state.epochs() < settings.stopAfter() && !state.isStopped()) {
      if (!runSteps(strategy, state, listener, checkpointer)) {
        break;
      }
      requireFiniteParameters(state, strategy);
      Metrics validation = validate(state);
      EpochRecord record = record(state, strategy.learningRate(state), validation);
      state.endEpoch(record); // which selects, and decides whether to stop early
      listener.epochFinished(record);
      checkpointer.epochFinished();
    }

    checkpointer.phaseFinished();
    if (state.isStopped()) {
      LOG.info(
          "Stopped after {} epochs: the validation loss has not fallen for {} epochs",
          state.epochs(),
          settings.patience());
    }
    state.end();
    return new Result(state.bestParameters(), state.bestEpoch(), state.step(), state.history());
  }

  /** Does the steps of the epoch that are not done yet; returns false if the solver converged. */
  private boolean runSteps(
      StepStrategy strategy,
      LoopState state,
      TrainingListener listener,
      Checkpointer checkpointer) {
    long end = (state.epochs() + 1) * stepsPerEpoch();
    while (state.step() < end) {
      state.clock().startStep();
      StepStrategy.Outcome outcome = strategy.step(state);
      if (outcome == StepStrategy.Outcome.CONVERGED) {
        return false;
      }
      if (outcome == StepStrategy.Outcome.MOVED) {
        listener.stepFinished(record(state, strategy));
      }
      checkpointer.stepFinished(stepsPerEpoch());
    }
    state.clock().endSteps();
    return true;
  }

  private long stepsPerEpoch() {
    return source.plan().stepsPerEpoch();
  }

  private boolean isValidating() {
    return source.validationRows() > 0;
  }

  private Metrics validate(LoopState state) {
    if (!isValidating()) {
      return Metrics.none();
    }
    var request = new Request.Evaluation(Block.Part.VALIDATION, false);
    return source.ask(request, state.parameters()).metrics(objective.label());
  }

  /** Returns the record of the last step. */
  private static StepRecord record(LoopState state, StepStrategy strategy) {
    return new StepRecord(
        state.step() - 1,
        state.lossBefore(),
        strategy.learningRate(state),
        strategy.rows(),
        state.clock().stepComputeSeconds(),
        state.clock().stepExchangeSeconds());
  }

  /** Returns the record of the epoch in flight, whose steps and validation are done. */
  private EpochRecord record(LoopState state, double learningRate, Metrics validation) {
    EpochClock clock = state.clock();
    double computeSeconds = clock.computeSeconds() + source.takeComputeSeconds();
    return new EpochRecord(
        state.phase(),
        state.epochs() + 1,
        state.step(),
        learningRate,
        state.meanLoss(),
        validation,
        computeSeconds,
        Math.max(0, clock.epochSeconds() - computeSeconds),
        source.plan().rows() / clock.stepsSeconds(),
        new EpochRecord.Norms(
            state.gradientNorms(), objective.network().layerNorms(state.parameters())));
  }

  private static void requireFiniteParameters(LoopState state, StepStrategy strategy) {
    for (float parameter : state.parameters()) {
      if (!Float.isFinite(parameter)) {
        throw state.diverged(Double.NaN, strategy.learningRate(state));
      }
    }
  }
}
