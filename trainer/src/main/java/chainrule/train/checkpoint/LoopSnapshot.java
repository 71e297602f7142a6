package chainrule.train.checkpoint;

import chainrule.math.Check;
import chainrule.optim.OptimizerState;
import chainrule.train.history.EpochRecord;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The state of a training loop between two steps: all it needs to resume with the same bits. State
 * that can be rebuilt from the history, such as that of early stopping, is not in it.
 *
 * <p>Owns its arrays, which are never changed.
 */
public final class LoopSnapshot {
  /**
   * The epoch in flight.
   *
   * @param lossSum of its steps so far
   * @param weightSum of the rows of its steps so far
   * @param lossBefore mean loss of the last step's rows, in this epoch or the one before; NaN
   *     before the first step
   * @param lineLength length of the last line search's step; 0 for other solvers
   * @param seconds the epoch took so far, for the history only
   * @param computeSeconds of these in which the slowest worker computed, for the history only
   * @param gradientNorms by layer, of the epoch's last step if that is done, for the history only
   */
  public record Epoch(
      double lossSum,
      double weightSum,
      double lossBefore,
      double lineLength,
      double seconds,
      double computeSeconds,
      List<Double> gradientNorms) {
    public Epoch {
      gradientNorms = List.copyOf(gradientNorms);
    }

    /** Returns the first epoch before its first step. */
    static Epoch first() {
      return new Epoch(0, 0, Double.NaN, 0, 0, 0, List.of());
    }
  }

  private final EpochRecord.Phase phase;
  private final long step;
  private final float[] parameters;
  private final float[] parametersBefore;
  private final OptimizerState optimizer;
  private final Map<Integer, float[]> candidates;
  private final List<EpochRecord> history;
  private final Epoch epoch;

  /**
   * Takes ownership of the arrays: they are not copied.
   *
   * @param step number of steps done
   * @param parameters P values
   * @param parametersBefore P values, those before the last step
   * @param optimizer with moments of P values
   * @param candidates the weights, P values, of epochs that may still be selected, by epoch from 1
   * @param history of the epochs that are done
   * @throws IllegalArgumentException if sizes disagree
   */
  public LoopSnapshot(
      EpochRecord.Phase phase,
      long step,
      float[] parameters,
      float[] parametersBefore,
      OptimizerState optimizer,
      Map<Integer, float[]> candidates,
      List<EpochRecord> history,
      Epoch epoch) {
    this.phase = Objects.requireNonNull(phase, "phase");
    this.step = step;
    this.parameters = Objects.requireNonNull(parameters, "parameters");
    this.parametersBefore = Objects.requireNonNull(parametersBefore, "parametersBefore");
    this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
    this.candidates = Collections.unmodifiableMap(new TreeMap<>(candidates));
    this.history = List.copyOf(history);
    this.epoch = Objects.requireNonNull(epoch, "epoch");
    Check.argument(step >= 0, "step", step, ">= 0");
    requireLength("parameters before", parametersBefore);
    optimizer.moments().forEach(moment -> requireLength("moment", moment));
    this.candidates.values().forEach(weights -> requireLength("candidate", weights));
    for (int i = 0; i < history.size(); i++) {
      Check.argument(
          history.get(i).epoch() == i + 1, "epoch", history.get(i).epoch(), "" + (i + 1));
    }
  }

  private void requireLength(String what, float[] array) {
    Check.argument(
        array.length == parameters.length,
        "length of " + what,
        array.length,
        "" + parameters.length);
  }

  /** Returns the snapshot that a phase starts from, with copies of the parameters. */
  public static LoopSnapshot start(
      EpochRecord.Phase phase, float[] parameters, OptimizerState optimizer) {
    return new LoopSnapshot(
        phase,
        0,
        parameters.clone(),
        parameters.clone(),
        optimizer,
        Map.of(),
        List.of(),
        Epoch.first());
  }

  public EpochRecord.Phase phase() {
    return phase;
  }

  /** Returns how many steps are done. */
  public long step() {
    return step;
  }

  /** Returns the parameters, P values: the array itself, only to be read. */
  public float[] parameters() {
    return parameters;
  }

  /** Returns the parameters before the last step, P values: the array itself. */
  public float[] parametersBefore() {
    return parametersBefore;
  }

  public OptimizerState optimizer() {
    return optimizer;
  }

  /** Returns the weights of the epochs that may still be selected, by epoch from 1. */
  public Map<Integer, float[]> candidates() {
    return candidates;
  }

  /** Returns the records of the epochs that are done. */
  public List<EpochRecord> history() {
    return history;
  }

  public Epoch epoch() {
    return epoch;
  }
}
