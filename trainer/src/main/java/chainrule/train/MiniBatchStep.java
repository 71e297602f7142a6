package chainrule.train;

import chainrule.math.Ranges;
import chainrule.nn.Network;
import chainrule.optim.GradientClipping;
import chainrule.optim.Optimizer;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Objective;

/**
 * A step of mini-batch gradient descent: ask for the sums of the mini-batch, divide once, clip, add
 * L2, let the optimizer step.
 *
 * <p>Not for sharing.
 */
final class MiniBatchStep implements StepStrategy {
  private final Optimizer optimizer;
  private final GradientSource source;
  private final Network network;
  private final Ranges weights;
  private final L2Penalty l2;
  private final GradientClipping clipping;
  private long rows;

  MiniBatchStep(
      Optimizer optimizer,
      GradientSource source,
      Objective objective,
      TrainingLoop.Settings settings) {
    this.optimizer = optimizer;
    this.source = source;
    this.network = objective.network();
    this.weights = network.weights();
    this.l2 = new L2Penalty(settings.l2(), weights);
    this.clipping = settings.clipping();
  }

  @Override
  public Outcome step(LoopState state) {
    GradientBuffer sums = source.ask(new Request.Gradient(state.step()), state.parameters());
    rows = sums.rows();
    // With few rows in many shards, a step may have no rows, or only rows that weigh 0.
    boolean moves = sums.weightSum() > 0;
    double compute = source.takeComputeSeconds();
    synchronized (state) {
      if (moves) {
        update(state, sums);
      }
      state.endStep(compute);
    }
    source.recycle(sums);
    return moves ? Outcome.MOVED : Outcome.SKIPPED;
  }

  /** Moves the parameters by the sums of the step's rows. */
  private void update(LoopState state, GradientBuffer sums) {
    requireFinite(sums.meanLoss(), state);
    state.beginUpdate(sums.loss());
    float[] gradient = sums.toMeanGradient();
    if (isLastOfEpoch(state.step())) {
      state.noteGradient(network.layerNorms(gradient));
    }
    clipping.clip(gradient);
    addL2(sums, gradient, state.parameters());
    optimizer.step(state.parameters(), gradient, state.optimizer(), weights);
  }

  private boolean isLastOfEpoch(long step) {
    return (step + 1) % source.plan().stepsPerEpoch() == 0;
  }

  private void addL2(GradientBuffer sums, float[] gradient, float[] parameters) {
    if (!l2.isZero()) {
      sums.touchAll();
      l2.addGradient(gradient, parameters);
    }
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public double learningRate(LoopState state) {
    return optimizer.schedule().learningRate(Math.max(0, state.optimizer().step() - 1));
  }
}
