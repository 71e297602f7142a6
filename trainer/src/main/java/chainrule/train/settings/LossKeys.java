package chainrule.train.settings;

import chainrule.math.Check;
import chainrule.nn.LabelKind;
import chainrule.nn.Loss;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The losses by the labels that they fit, and from the settings' hyperparameters. */
public final class LossKeys {
  private LossKeys() {}

  /** Returns the keys of the losses that fit labels of any of these kinds. */
  public static List<String> fitting(LabelKind... labels) {
    return Loss.KINDS.keys().stream()
        .filter(
            key -> {
              Loss loss = make(key, 0, 1);
              return Stream.of(labels).anyMatch(loss.labels()::contains);
            })
        .toList();
  }

  /** Throws unless there is such a loss, and its hyperparameters are in their ranges. */
  public static void check(Setting<String> key, double labelSmoothing, double huberDelta) {
    List<String> known = Loss.KINDS.keys();
    Check.argument(
        known.contains(key.orElse(known.get(0))), "loss", key.orElse(""), "one of " + known);
    for (String each : known) {
      make(each, labelSmoothing, huberDelta);
    }
  }

  /**
   * Returns the loss with these hyperparameters, which are the settings of all losses.
   *
   * @throws IllegalArgumentException if there is no such loss
   */
  public static Loss make(String key, double labelSmoothing, double huberDelta) {
    Map<String, Double> settings = Map.of("label-smoothing", labelSmoothing, "delta", huberDelta);
    String missing =
        Loss.KINDS.names(key).stream()
            .filter(name -> !settings.containsKey(name))
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "Cannot make the loss " + key + ": no setting gives its " + missing);
    }
    return Loss.KINDS.make(key, settings::get);
  }
}
