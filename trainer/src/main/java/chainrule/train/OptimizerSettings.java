package chainrule.train;

import chainrule.optim.Optimizer;
import chainrule.optim.Optimizers;
import chainrule.optim.Schedule;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An optimizer but for its schedule. Immutable.
 *
 * @param key which one, see {@link Optimizers#keys}
 * @param learningRate of the first step; auto: the recipe's for adamw, 0.001 for adam, 0.01 for
 *     others
 * @param hyperparameters by name, those that are given; the others have PyTorch's defaults, but for
 *     adamw's weight decay, which has the recipe's
 */
public record OptimizerSettings(
    String key, Choice<Double> learningRate, Map<String, Double> hyperparameters)
    implements Serializable {
  private static final String WEIGHT_DECAY = "weight-decay";

  public OptimizerSettings {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(learningRate, "learningRate");
    hyperparameters = Map.copyOf(hyperparameters);
  }

  /** Returns the recipe's: AdamW. */
  public static OptimizerSettings defaults() {
    return new OptimizerSettings("adamw", Choice.auto(), Map.of());
  }

  /** Returns the learning rate of the first step. */
  public double rate() {
    return learningRate.orElseGet(
        () ->
            switch (key) {
              case "adamw" -> Recipe.LEARNING_RATE;
              case "adam" -> 0.001;
              default -> 0.01;
            });
  }

  /** Returns the optimizer with this schedule. */
  public Optimizer optimizer(Schedule schedule) {
    Map<String, Double> all = new TreeMap<>(hyperparameters);
    if (key.equals("adamw")) {
      all.putIfAbsent(WEIGHT_DECAY, Recipe.WEIGHT_DECAY);
    }
    return Optimizers.of(key, schedule, all);
  }
}
