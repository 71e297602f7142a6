package chainrule.train.settings;

import chainrule.math.Check;
import chainrule.optim.Constant;
import chainrule.optim.Cosine;
import chainrule.optim.Exponential;
import chainrule.optim.Schedule;
import chainrule.optim.StepDecay;
import chainrule.optim.WarmupCosine;
import java.io.Serializable;
import java.util.Objects;

/**
 * A learning-rate schedule without the rate. Lengths are in epochs or in steps. Immutable.
 *
 * @param key constant, step, exponential, cosine or warmup-cosine
 * @param every length after which step and exponential multiply the rate by the factor
 * @param factor of step and exponential
 * @param warmup length of the warmup of warmup-cosine
 * @param total length of the cosine schedules, warmup included; auto: the whole training
 * @param minimum final rate of the cosine schedules
 * @param unit of the lengths
 */
public record ScheduleSettings(
    String key,
    double every,
    double factor,
    double warmup,
    Setting<Double> total,
    double minimum,
    Unit unit)
    implements Serializable {
  /** The unit of lengths. */
  public enum Unit {
    EPOCHS,
    STEPS
  }

  public ScheduleSettings {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(total, "total");
    Objects.requireNonNull(unit, "unit");
  }

  /** Returns the default: a cosine over the whole training, down to 0. */
  public static ScheduleSettings defaults() {
    return new ScheduleSettings("cosine", 10, 0.5, 1, Setting.auto(), 0, Unit.EPOCHS);
  }

  /**
   * Returns the schedule for a learning rate and a training of this length.
   *
   * @throws IllegalArgumentException if the key is unknown, or a value is out of range
   */
  public Schedule schedule(double rate, long stepsPerEpoch, int epochs) {
    long all = stepsPerEpoch * epochs;
    long totalSteps = total.map(length -> steps(length, stepsPerEpoch)).orElse(all);
    return switch (key) {
      case "constant" -> new Constant(rate);
      case "step" -> new StepDecay(rate, steps(every, stepsPerEpoch), factor);
      case "exponential" -> new Exponential(rate, factor, steps(every, stepsPerEpoch));
      case "cosine" -> new Cosine(rate, totalSteps, minimum);
      case "warmup-cosine" ->
          new WarmupCosine(rate, steps(warmup, stepsPerEpoch), totalSteps, minimum);
      default ->
          throw Check.invalid(
              "schedule type",
              '"' + key + '"',
              "constant, step, exponential, cosine, warmup-cosine");
    };
  }

  private long steps(double length, long stepsPerEpoch) {
    return Math.round(unit == Unit.EPOCHS ? length * stepsPerEpoch : length);
  }
}
