package chainrule.train.settings;

import chainrule.math.Check;
import chainrule.optim.Lbfgs;
import chainrule.optim.Optimizers;
import chainrule.optim.Schedule;
import chainrule.optim.Solver;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An optimizer without its schedule. Immutable.
 *
 * @param key of the optimizer, see {@link Optimizers#solverKeys}; {@code l-bfgs} is an alias of
 *     lbfgs
 * @param learningRate of the first step; auto: the recipe's for adamw, for others that of {@link
 *     Optimizers#learningRate}; lbfgs has none
 * @param hyperparameters that are given, by name; others have PyTorch's defaults, except for
 *     adamw's weight decay, which has the recipe's
 */
public record OptimizerSettings(
    String key, Setting<Double> learningRate, Map<String, Double> hyperparameters)
    implements Serializable {
  /** The optimizer whose learning rate and weight decay the recipe sets. */
  private static final String RECIPE = "adamw";

  private static final String WEIGHT_DECAY = "weight-decay";

  public OptimizerSettings {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(learningRate, "learningRate");
    // Sorted, so that toString is the same in every JVM.
    hyperparameters = Collections.unmodifiableMap(new TreeMap<>(hyperparameters));
    key = key.equals("l-bfgs") ? Lbfgs.KEY : key;
    Check.argument(
        learningRate.isAuto() || !key.equals(Lbfgs.KEY),
        "learning-rate for lbfgs",
        learningRate.map(String::valueOf).orElse(""),
        "auto: the line search finds the step length");
  }

  /** Returns whether each step uses all rows. */
  public boolean isFullBatch() {
    return key.equals(Lbfgs.KEY);
  }

  /** Returns the default: AdamW. */
  public static OptimizerSettings defaults() {
    return new OptimizerSettings(RECIPE, Setting.auto(), Map.of());
  }

  /** Returns the learning rate of the first step. */
  public double rate() {
    return learningRate.orElseGet(this::defaultRate);
  }

  private double defaultRate() {
    if (isFullBatch()) {
      return 0.01; // for a schedule that it ignores
    }
    return key.equals(RECIPE) ? Recipe.LEARNING_RATE : Optimizers.learningRate(key);
  }

  /**
   * Returns the solver, with this schedule if it uses one.
   *
   * @throws IllegalArgumentException if the key is unknown, or a hyperparameter is
   */
  public Solver solver(Schedule schedule) {
    Map<String, Double> all = new TreeMap<>(hyperparameters);
    if (key.equals(RECIPE)) {
      all.putIfAbsent(WEIGHT_DECAY, Recipe.WEIGHT_DECAY);
    }
    return Optimizers.solver(key, schedule, all);
  }
}
