package chainrule.train;

import chainrule.data.Block;
import chainrule.math.Check;
import chainrule.math.Ranges;
import chainrule.optim.GradientClipping;
import chainrule.optim.Lbfgs;
import chainrule.optim.Optimizer;
import chainrule.optim.Solver;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.checkpoint.TrainingInterruptedException;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.StepRecord;
import chainrule.train.settings.Selection;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Metrics;
import chainrule.train.sums.Objective;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Synchronous mini-batch gradient descent, the whole story: ask for the sums of a step, divide
 * once, add L2, clip, let the optimizer move the parameters; after each epoch look at the held-out
 * rows. With L-BFGS an epoch is a search along a line, over all rows ({@link FullBatch}).
 *
 * <p>The result is a function of the source's rows, the settings and the initial parameters: the
 * loop reads a clock for the history only. Not for sharing.
 */
public final class TrainingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);

  /**
   * How long to train and what to keep. Immutable.
   *
   * @param epochs passes over the training rows, at most
   * @param stopAfter passes after which to stop although the schedule goes on, for a refit
   * @param l2 adds l2 · w to the gradient of weights, not of biases
   * @param clipping of the whole gradient's norm
   * @param selection which pass's weights to return
   * @param patience stop after this many epochs without a better validation loss; 0: never
   * @param minDelta how much less a loss must be to be better
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

  /** What training came to. Owns its array. */
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

    /** Returns the pass whose weights were kept, from 1. */
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
  private final Ranges weights;

  /** Prepares a training; the gradients that the source gives are those of the objective. */
  public TrainingLoop(
      GradientSource source, Objective objective, Solver solver, Settings settings) {
    this.source = Objects.requireNonNull(source, "source");
    this.objective = Objects.requireNonNull(objective, "objective");
    this.solver = Objects.requireNonNull(solver, "solver");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.weights = objective.network().weights();
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
   * @param checkpointer is told after every step and epoch
   * @throws DivergedException if the loss becomes NaN or infinite
   * @throws TrainingInterruptedException if the checkpointer was asked to stop
   */
  Result run(LoopSnapshot from, TrainingListener listener, Checkpointer checkpointer) {
    objective.network().requireParameters(from.parameters());
    long stepsPerEpoch = source.plan().stepsPerEpoch();
    boolean validates = source.validationRows() > 0;
    var stopping = new EarlyStopping(settings.patience(), settings.minDelta());
    var state = new LoopState(from, stopping, validates && settings.selection() == Selection.AUTO);
    var fullBatch = new FullBatch(source, objective, settings.l2());
    listener.phaseStarted(
        state.phase(), settings.stopAfter(), settings.stopAfter() * stepsPerEpoch);
    checkpointer.watch(state);

    while (state.epochs() < settings.stopAfter() && !state.isStopped()) {
      if (solver instanceof Lbfgs lbfgs && state.step() == state.epochs()) {
        long start = System.nanoTime();
        double computeBefore = state.computeSeconds();
        if (!searches(lbfgs, fullBatch, state)) {
          break;
        }
        double compute = state.computeSeconds() - computeBefore;
        listener.stepFinished(stepRecord(state, source.plan().rows(), compute, start));
        checkpointer.stepFinished(stepsPerEpoch);
      }
      for (long end = (state.epochs() + 1) * stepsPerEpoch; state.step() < end; ) {
        long start = System.nanoTime(); // for the listener alone
        GradientBuffer sums = source.ask(new Request.Gradient(state.step()), state.parameters());
        // Few rows in many shards may leave a step without any, or without one that weighs.
        boolean updates = sums.weightSum() > 0;
        double compute = source.takeComputeSeconds();
        synchronized (state) {
          if (updates) {
            update(state, (Optimizer) solver, sums, state.step() == end - 1);
          }
          state.endStep(compute);
        }
        if (updates) {
          listener.stepFinished(stepRecord(state, sums.rows(), compute, start));
        }
        source.recycle(sums);
        checkpointer.stepFinished(stepsPerEpoch);
      }
      double stepSeconds = state.epochSeconds(); // for the history alone, as all times are
      requireFiniteParameters(state);
      Metrics validation = validates ? validate(state.parameters()) : Metrics.none();
      double computeSeconds = state.computeSeconds() + source.takeComputeSeconds();
      var record =
          new EpochRecord(
              state.phase(),
              state.epochs() + 1,
              state.step(),
              learningRate(state),
              state.meanLoss(),
              validation,
              computeSeconds,
              Math.max(0, state.epochSeconds() - computeSeconds),
              source.plan().rows() / stepSeconds,
              new EpochRecord.Norms(
                  state.gradientNorms(), objective.network().layerNorms(state.parameters())));
      state.endEpoch(record);
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

  /** Returns what there is to say of the last step. */
  private StepRecord stepRecord(LoopState state, long rows, double compute, long start) {
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new StepRecord(
        state.step() - 1,
        state.lossBefore(),
        learningRate(state),
        rows,
        compute,
        Math.max(0, seconds - compute));
  }

  /**
   * One step: from the sums of its rows to the new parameters.
   *
   * @param isLast of its epoch, whose gradient is told of
   */
  private void update(LoopState state, Optimizer optimizer, GradientBuffer sums, boolean isLast) {
    requireFinite(sums.lossSum() / sums.weightSum(), state);
    state.beginUpdate(sums.lossSum(), sums.weightSum());
    float[] gradient = sums.toMeanGradient();
    if (isLast) {
      state.noteGradient(objective.network().layerNorms(gradient));
    }
    settings.clipping().clip(gradient);
    addL2(sums, gradient, state.parameters());
    optimizer.step(state.parameters(), gradient, state.optimizer(), weights);
  }

  /** One step of L-BFGS, which is an epoch; returns whether it found a lower loss. */
  private boolean searches(Lbfgs lbfgs, FullBatch fullBatch, LoopState state) {
    state.beginSearch(); // it moves the parameters to and fro
    Lbfgs.Iteration iteration = fullBatch.iterate(lbfgs, state.parameters(), state.optimizer());
    if (iteration.outcome() != Lbfgs.Outcome.MOVED && state.epochs() > 0) {
      state.endSearch();
      fullBatch.logEnd(iteration, state.epochs());
      return false;
    }
    requireFinite(fullBatch.lossBefore(), state);
    state.noteGradient(objective.network().layerNorms(fullBatch.gradient()));
    state.endSearch(fullBatch.lossBefore(), iteration.length(), source.takeComputeSeconds());
    return true;
  }

  private void requireFinite(double loss, LoopState state) {
    if (!Double.isFinite(loss)) {
      throw diverged(loss, state, state.step());
    }
  }

  private void addL2(GradientBuffer sums, float[] gradient, float[] parameters) {
    float l2 = (float) settings.l2();
    if (l2 == 0) {
      return;
    }
    sums.touchAll();
    for (Ranges.Range range : weights.list()) {
      for (int i = range.from(); i < range.to(); i++) {
        gradient[i] += l2 * parameters[i];
      }
    }
  }

  private Metrics validate(float[] parameters) {
    var request = new Request.Evaluation(Block.Part.VALIDATION, false);
    return source.ask(request, parameters).metrics(objective.label());
  }

  private void requireFiniteParameters(LoopState state) {
    for (float parameter : state.parameters()) {
      if (!Float.isFinite(parameter)) {
        throw diverged(Double.NaN, state, state.step());
      }
    }
  }

  private DivergedException diverged(double loss, LoopState state, long step) {
    return new DivergedException(
        step, loss, state.lossBefore(), learningRate(state), state.parametersBefore());
  }

  /** Returns the learning rate of the last step, or how far along its line it went. */
  private double learningRate(LoopState state) {
    return solver instanceof Optimizer optimizer
        ? optimizer.schedule().learningRate(Math.max(0, state.optimizer().step() - 1))
        : state.lineLength();
  }
}
