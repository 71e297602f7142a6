package chainrule.train;

import chainrule.data.Block;
import chainrule.math.Check;
import chainrule.math.Ranges;
import chainrule.optim.GradientClipping;
import chainrule.optim.Lbfgs;
import chainrule.optim.Optimizer;
import chainrule.optim.OptimizerState;
import chainrule.optim.Solver;
import java.util.ArrayList;
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

  // What changes while training.
  private float[] parameters = new float[0];
  private float[] parametersBefore = new float[0];
  private double lossBefore = Double.NaN;
  private double lineLength;

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
    long stepsPerEpoch = source.plan().stepsPerEpoch();
    boolean validates = source.validationRows() > 0;
    boolean selects = validates && settings.selection() == Selection.AUTO;
    var selection = new PassSelection(Recipe.SMOOTHED_PASSES);
    var stopping = new EarlyStopping(settings.patience(), settings.minDelta());
    List<EpochRecord> history = new ArrayList<>();
    OptimizerState state = solver.newState(initialParameters.length);
    parameters = initialParameters.clone();
    parametersBefore = initialParameters.clone();
    lossBefore = Double.NaN;
    var fullBatch = new FullBatch(source, objective, settings.l2());
    listener.phaseStarted(phase, settings.stopAfter(), settings.stopAfter() * stepsPerEpoch);

    long step = 0;
    boolean stopped = false;
    for (int epoch = 1; epoch <= settings.stopAfter() && !stopped; epoch++) {
      long start = System.nanoTime(); // for the history alone, as all times are
      double lossSum = 0;
      double weightSum = 0;
      if (solver instanceof Lbfgs lbfgs) {
        Lbfgs.Iteration iteration = fullBatch.iterate(lbfgs, parameters, state);
        if (iteration.outcome() != Lbfgs.Outcome.MOVED && epoch > 1) {
          fullBatch.logEnd(iteration, epoch - 1);
          break;
        }
        lossSum = requireFinite(fullBatch.lossBefore(), state, step);
        weightSum = 1;
        lineLength = iteration.length();
        listener.stepFinished(step++, lossBefore);
      }
      for (long end = epoch * stepsPerEpoch; step < end; step++) {
        GradientBuffer sums = source.ask(new Request.Gradient(step), parameters);
        // Few rows in many shards may leave a step without any, or without one that weighs.
        if (sums.weightSum() > 0) {
          lossSum += sums.lossSum();
          weightSum += sums.weightSum();
          update(sums, (Optimizer) solver, state, step);
          listener.stepFinished(step, lossBefore);
        }
        source.recycle(sums);
      }
      double stepSeconds = secondsSince(start);
      requireFiniteParameters(state, step);
      Metrics validation = validates ? validate() : Metrics.none();
      double computeSeconds = source.takeComputeSeconds();
      history.add(
          new EpochRecord(
              phase,
              epoch,
              step,
              rate(state),
              lossSum / weightSum,
              validation,
              computeSeconds,
              Math.max(0, secondsSince(start) - computeSeconds),
              source.plan().rows() / stepSeconds));
      listener.epochFinished(history.get(history.size() - 1));
      if (validates) {
        double validationLoss = validation.get("loss");
        if (selects) {
          selection.add(validationLoss, parameters);
        }
        stopped = stopping.stopsAfter(validationLoss);
      }
    }
    if (stopped) {
      LOG.info(
          "Stopped after {} epochs: the validation loss has not fallen for {} epochs",
          history.size(),
          settings.patience());
    }
    selection.end();
    return selects
        ? new Result(selection.bestParameters(), selection.bestEpoch(), step, history)
        : new Result(parameters, history.size(), step, history);
  }

  /** One step: from the sums of its rows to the new parameters. */
  private void update(GradientBuffer sums, Optimizer optimizer, OptimizerState state, long step) {
    requireFinite(sums.lossSum() / sums.weightSum(), state, step);
    float[] gradient = sums.toMeanGradient();
    addL2(sums, gradient);
    settings.clipping().clip(gradient);
    System.arraycopy(parameters, 0, parametersBefore, 0, parameters.length);
    optimizer.step(parameters, gradient, state, weights);
  }

  private double requireFinite(double loss, OptimizerState state, long step) {
    if (!Double.isFinite(loss)) {
      throw diverged(loss, state, step);
    }
    lossBefore = loss;
    return loss;
  }

  /** Returns the learning rate of the last step, or how far along its line it went. */
  private double rate(OptimizerState state) {
    return solver instanceof Optimizer optimizer
        ? optimizer.schedule().learningRate(Math.max(0, state.step() - 1))
        : lineLength;
  }

  private void addL2(GradientBuffer sums, float[] gradient) {
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

  private Metrics validate() {
    var request = new Request.Evaluation(Block.Part.VALIDATION, false);
    return source.ask(request, parameters).metrics(objective.label());
  }

  private void requireFiniteParameters(OptimizerState state, long step) {
    for (float parameter : parameters) {
      if (!Float.isFinite(parameter)) {
        throw diverged(Double.NaN, state, step);
      }
    }
  }

  private DivergedException diverged(double loss, OptimizerState state, long step) {
    return new DivergedException(step, loss, lossBefore, rate(state), parametersBefore);
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
