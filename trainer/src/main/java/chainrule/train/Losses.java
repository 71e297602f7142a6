package chainrule.train;

import chainrule.data.LabelEncoding;
import chainrule.data.Task;
import chainrule.math.Check;
import chainrule.nn.Activation;
import chainrule.nn.BinaryCrossEntropy;
import chainrule.nn.HalfMse;
import chainrule.nn.Huber;
import chainrule.nn.Loss;
import chainrule.nn.Mae;
import chainrule.nn.Poisson;
import chainrule.nn.SoftmaxCrossEntropy;
import java.util.List;
import java.util.stream.Stream;

/** Chooses the loss, and the output layer that belongs to it, from settings and labels. */
final class Losses {
  private static final List<String> CLASSIFICATION =
      List.of("cross-entropy", "binary-cross-entropy", "half-mse");
  private static final List<String> MULTI_LABEL = List.of("binary-cross-entropy");
  private static final List<String> REGRESSION = List.of("half-mse", "huber", "mae", "poisson");

  private Losses() {}

  /** Throws unless there is such a loss, and its hyperparameters are in their ranges. */
  static void check(Choice<String> key, double labelSmoothing, double huberDelta) {
    List<String> known =
        Stream.concat(CLASSIFICATION.stream(), REGRESSION.stream()).distinct().toList();
    Check.argument(
        known.contains(key.orElse(known.get(0))), "loss", key.orElse(""), "one of " + known);
    for (String each : known) {
      make(each, labelSmoothing, huberDelta);
    }
  }

  /** Returns the loss for these labels; the recipe's if the settings leave it open. */
  static Loss of(TrainingSettings settings, LabelEncoding label) {
    String key = settings.loss().orElse(automatic(label));
    boolean classification = label.task() == Task.CLASSIFICATION;
    boolean multiLabel = classification && label.count() > 1;
    List<String> ofClasses = multiLabel ? MULTI_LABEL : CLASSIFICATION;
    List<String> fitting = classification ? ofClasses : REGRESSION;
    String what = label.task().key() + (multiLabel ? " of several labels" : "");
    Check.argument(fitting.contains(key), "loss for " + what, key, "one of " + fitting);
    double smoothing = settings.labelSmoothing().orElse(Recipe.LABEL_SMOOTHING);
    if (key.equals("binary-cross-entropy") && classes(label) != 2) {
      throw Check.invalid("loss", key, "cross-entropy for " + classes(label) + " classes");
    }
    return make(key, smoothing, settings.huberDelta());
  }

  private static Loss make(String key, double labelSmoothing, double huberDelta) {
    return switch (key) {
      case "cross-entropy" -> new SoftmaxCrossEntropy(labelSmoothing);
      case "binary-cross-entropy" -> new BinaryCrossEntropy(labelSmoothing);
      case "huber" -> new Huber(huberDelta);
      case "mae" -> new Mae();
      case "poisson" -> new Poisson();
      default -> new HalfMse();
    };
  }

  private static String automatic(LabelEncoding label) {
    return switch (classes(label)) {
      case 0 -> "half-mse";
      case 2 -> "binary-cross-entropy";
      default -> "cross-entropy";
    };
  }

  /** Returns how many classes a label has, or each of several; 0 if they are numbers. */
  private static int classes(LabelEncoding label) {
    return label.each().get(0) instanceof LabelEncoding.Classes classes
        ? classes.names().size()
        : 0;
  }

  /** Returns how many outputs the network needs. */
  static int outputs(Loss loss, LabelEncoding label) {
    boolean one = loss instanceof BinaryCrossEntropy || label.count() > 1;
    return one ? label.count() : Math.max(1, classes(label));
  }

  /** Returns the activation of the output layer. */
  static Activation outputActivation(Loss loss, NetworkSettings settings) {
    Activation activation = settings.outputActivation().orElse(Activation.IDENTITY);
    Check.argument(
        activation == Activation.IDENTITY || loss instanceof HalfMse,
        "output-activation for " + loss.key(),
        activation.key(),
        "auto: the loss takes logits");
    return activation;
  }
}
