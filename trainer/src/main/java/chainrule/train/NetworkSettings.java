package chainrule.train;

import chainrule.math.Check;
import chainrule.nn.Activation;
import chainrule.nn.Initializer;
import chainrule.nn.Network;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * The shape of a network but for the inputs and outputs, which the data give. Immutable.
 *
 * @param hidden units of the hidden layers, from the inputs on; none makes a linear model
 * @param activation of the hidden layers
 * @param outputActivation of the output layer, for half-mse; auto: none
 * @param dropout rate after each hidden activation
 * @param initializer how weights start; auto: what suits the activation
 * @param ensembleSize how many such networks are trained side by side and averaged
 */
public record NetworkSettings(
    List<Integer> hidden,
    Activation activation,
    Choice<Activation> outputActivation,
    Choice<Double> dropout,
    Choice<Initializer> initializer,
    Choice<Integer> ensembleSize)
    implements Serializable {
  public NetworkSettings {
    hidden = List.copyOf(hidden);
    Objects.requireNonNull(activation, "activation");
    for (int units : hidden) {
      Check.argument(
          units > 0 && units <= 65_536, "hidden", units, "from 1 to 65536 units a layer");
    }
    Check.argument(
        activation.isElementwise(), "activation", activation.key(), "one for hidden layers");
    double rate = dropout.orElse(0.0);
    Check.argument(rate >= 0 && rate < 1, "dropout", rate, ">= 0 and < 1");
    int size = ensembleSize.orElse(1);
    Check.argument(
        size >= 1 && size <= Network.MAXIMUM_MEMBERS,
        "ensemble-size",
        size,
        "auto or 1 to " + Network.MAXIMUM_MEMBERS);
  }

  /** Makes settings of a single network. */
  public NetworkSettings(
      List<Integer> hidden,
      Activation activation,
      Choice<Activation> outputActivation,
      Choice<Double> dropout,
      Choice<Initializer> initializer) {
    this(hidden, activation, outputActivation, dropout, initializer, Choice.of(1));
  }

  /** Returns these settings with another size of the ensemble. */
  public NetworkSettings withEnsembleSize(Choice<Integer> size) {
    return new NetworkSettings(hidden, activation, outputActivation, dropout, initializer, size);
  }

  /** Returns the recipe's: two hidden layers of 128 and 64 units, SiLU. */
  public static NetworkSettings defaults() {
    return new NetworkSettings(
            List.of(128, 64), Activation.SILU, Choice.auto(), Choice.auto(), Choice.auto())
        .withEnsembleSize(Choice.auto());
  }
}
