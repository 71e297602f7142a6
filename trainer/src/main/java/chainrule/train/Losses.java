package chainrule.train;

import chainrule.data.LabelEncoding;
import chainrule.data.Task;
import chainrule.math.Check;
import chainrule.nn.Activation;
import chainrule.nn.LabelKind;
import chainrule.nn.Loss;
import chainrule.train.settings.LossKeys;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.Recipe;
import chainrule.train.settings.TrainingSettings;
import java.util.List;

/** Chooses the loss, and the output layer that belongs to it, from settings and labels. */
final class Losses {
  private Losses() {}

  /** Returns the loss for these labels; the recipe's if the settings leave it open. */
  static Loss of(TrainingSettings settings, LabelEncoding label) {
    String key = settings.loss().orElse(automatic(label));
    boolean classification = label.task() == Task.CLASSIFICATION;
    boolean multiLabel = classification && label.count() > 1;
    List<String> fitting = fitting(classification, multiLabel);
    String what = label.task().key() + (multiLabel ? " of several labels" : "");
    Check.argument(fitting.contains(key), "loss for " + what, key, "one of " + fitting);
    double smoothing = settings.labelSmoothing().orElse(Recipe.LABEL_SMOOTHING);
    Loss loss = LossKeys.make(key, smoothing, settings.huberDelta());
    if (classification && isOfTwoClasses(loss) && classes(label) != 2) {
      throw Check.invalid("loss", key, "cross-entropy for " + classes(label) + " classes");
    }
    return loss;
  }

  private static List<String> fitting(boolean classification, boolean multiLabel) {
    if (!classification) {
      return LossKeys.fitting(LabelKind.NUMBERS);
    }
    return multiLabel
        ? LossKeys.fitting(LabelKind.TWO_CLASSES)
        : LossKeys.fitting(LabelKind.CLASSES, LabelKind.TWO_CLASSES);
  }

  private static boolean isOfTwoClasses(Loss loss) {
    return loss.labels().contains(LabelKind.TWO_CLASSES);
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
    boolean one = isOfTwoClasses(loss) || label.count() > 1;
    return one ? label.count() : Math.max(1, classes(label));
  }

  /** Returns the activation of the output layer. */
  static Activation outputActivation(Loss loss, NetworkSettings settings) {
    Activation activation = settings.outputActivation().orElse(Activation.IDENTITY);
    Check.argument(
        activation == Activation.IDENTITY || loss.allowsOutputActivation(),
        "output-activation for " + loss.key(),
        activation.key(),
        "auto: the loss takes logits");
    return activation;
  }
}
