package chainrule.train.settings;

import chainrule.math.Check;
import chainrule.nn.BinaryCrossEntropy;
import chainrule.nn.HalfMse;
import chainrule.nn.Huber;
import chainrule.nn.Loss;
import chainrule.nn.Mae;
import chainrule.nn.Poisson;
import chainrule.nn.SoftmaxCrossEntropy;
import java.util.List;
import java.util.stream.Stream;

/** The losses by their keys. */
public final class LossKeys {
  public static final List<String> CLASSIFICATION =
      List.of("cross-entropy", "binary-cross-entropy", "half-mse");
  public static final List<String> MULTI_LABEL = List.of("binary-cross-entropy");
  public static final List<String> REGRESSION = List.of("half-mse", "huber", "mae", "poisson");

  private LossKeys() {}

  /** Throws unless there is such a loss, and its hyperparameters are in their ranges. */
  public static void check(Setting<String> key, double labelSmoothing, double huberDelta) {
    List<String> known =
        Stream.concat(CLASSIFICATION.stream(), REGRESSION.stream()).distinct().toList();
    Check.argument(
        known.contains(key.orElse(known.get(0))), "loss", key.orElse(""), "one of " + known);
    for (String each : known) {
      make(each, labelSmoothing, huberDelta);
    }
  }

  /** Returns the loss with these hyperparameters. */
  public static Loss make(String key, double labelSmoothing, double huberDelta) {
    return switch (key) {
      case "cross-entropy" -> new SoftmaxCrossEntropy(labelSmoothing);
      case "binary-cross-entropy" -> new BinaryCrossEntropy(labelSmoothing);
      case "huber" -> new Huber(huberDelta);
      case "mae" -> new Mae();
      case "poisson" -> new Poisson();
      default -> new HalfMse();
    };
  }
}
