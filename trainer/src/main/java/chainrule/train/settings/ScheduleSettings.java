package chainrule.train.settings;

import chainrule.math.Check;
import chainrule.optim.Schedule;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * A learning-rate schedule without the rate. Lengths are in epochs or in steps. Immutable.
 *
 * @param key which one, see {@link Schedule#KINDS}
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

  /**
   * Returns the default of {@code every}: as the schedule declares it. Schedules without the
   * component get 10, since checkpoints compare settings by their text.
   */
  public static double everyByDefault(String key) {
    return Schedule.KINDS.keys().contains(key)
        ? Schedule.KINDS.defaults(key).getOrDefault("every-steps", 10.0)
        : 10;
  }

  /** Returns the default: a cosine over the whole training, down to 0. */
  public static ScheduleSettings defaults() {
    return new ScheduleSettings(
        "cosine", everyByDefault("cosine"), 0.5, 1, Setting.auto(), 0, Unit.EPOCHS);
  }

  /**
   * Returns the schedule for a learning rate and a training of this length.
   *
   * @throws IllegalArgumentException if the key is unknown, or a value is out of range
   */
  public Schedule schedule(double rate, long stepsPerEpoch, int epochs) {
    long all = stepsPerEpoch * epochs;
    long totalSteps = total.map(length -> steps(length, stepsPerEpoch)).orElse(all);
    List<String> keys = Schedule.KINDS.keys();
    Check.argument(keys.contains(key), "schedule type", '"' + key + '"', String.join(", ", keys));
    return Schedule.KINDS.make(
        key,
        name ->
            switch (name) {
              case "rate" -> (Number) rate;
              case "every-steps" -> steps(every, stepsPerEpoch);
              case "factor" -> factor;
              case "warmup-steps" -> steps(warmup, stepsPerEpoch);
              case "total-steps" -> totalSteps;
              case "minimum" -> minimum;
              default ->
                  throw new IllegalStateException(
                      "Cannot make the schedule " + key + ": no setting gives its " + name);
            });
  }

  private long steps(double length, long stepsPerEpoch) {
    return Math.round(unit == Unit.EPOCHS ? length * stepsPerEpoch : length);
  }
}
