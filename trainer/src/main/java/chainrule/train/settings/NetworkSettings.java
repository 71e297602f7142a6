package chainrule.train.settings;

import chainrule.math.Check;
import chainrule.nn.Activation;
import chainrule.nn.HiddenLayers;
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
 * @param embeddingSize how many numbers stand for a value of an embedded category
 * @param layerNorm whether hidden layers are normalized before their activation
 * @param residual whether a hidden layer as wide as the one before it adds to it
 */
public record NetworkSettings(
    List<Integer> hidden,
    Activation activation,
    Setting<Activation> outputActivation,
    Setting<Double> dropout,
    Setting<Initializer> initializer,
    Setting<Integer> ensembleSize,
    int embeddingSize,
    boolean layerNorm,
    boolean residual)
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
    Check.argument(
        embeddingSize > 0 && embeddingSize <= 1024,
        "embedding-size",
        embeddingSize,
        "from 1 to 1024");
  }

  /**
   * Makes settings of a single network with the recipe's embeddings, neither normalized nor
   * residual.
   */
  public NetworkSettings(
      List<Integer> hidden,
      Activation activation,
      Setting<Activation> outputActivation,
      Setting<Double> dropout,
      Setting<Initializer> initializer) {
    this(
        hidden,
        activation,
        outputActivation,
        dropout,
        initializer,
        Setting.of(1),
        Recipe.EMBEDDING_SIZE,
        false,
        false);
  }

  /** Returns these settings with another size of the ensemble. */
  public NetworkSettings withEnsembleSize(Setting<Integer> size) {
    return with(size, embeddingSize, layerNorm, residual);
  }

  /** Returns these settings with another size of embeddings. */
  public NetworkSettings withEmbeddingSize(int size) {
    return with(ensembleSize, size, layerNorm, residual);
  }

  /** Returns these settings with hidden layers that are normalized, or not. */
  public NetworkSettings withLayerNorm(boolean value) {
    return with(ensembleSize, embeddingSize, value, residual);
  }

  /**
   * Returns these settings with hidden layers that are residual blocks where they can be, or not.
   */
  public NetworkSettings withResidual(boolean value) {
    return with(ensembleSize, embeddingSize, layerNorm, value);
  }

  private NetworkSettings with(
      Setting<Integer> ensemble, int embedding, boolean normalized, boolean blocks) {
    return new NetworkSettings(
        hidden,
        activation,
        outputActivation,
        dropout,
        initializer,
        ensemble,
        embedding,
        normalized,
        blocks);
  }

  /** Returns the hidden layers with this rate of dropout. */
  public HiddenLayers hiddenLayers(double dropoutRate) {
    return new HiddenLayers(hidden, activation, dropoutRate, layerNorm, residual);
  }

  /** Returns the recipe's: two hidden layers of 128 and 64 units, SiLU. */
  public static NetworkSettings defaults() {
    return new NetworkSettings(
            List.of(128, 64), Activation.SILU, Setting.auto(), Setting.auto(), Setting.auto())
        .withEnsembleSize(Setting.auto());
  }
}
