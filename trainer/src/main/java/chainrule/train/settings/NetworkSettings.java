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
 * The shape of a network, except for inputs and outputs, which depend on the data. Immutable.
 *
 * @param hidden units of the hidden layers, from the inputs on; empty: a linear model
 * @param activation of the hidden layers
 * @param outputActivation of the output layer, for half-mse; auto: identity
 * @param dropout rate after each hidden activation
 * @param initializer of the weights; auto: the one that suits the activation
 * @param ensembleSize number of networks of the ensemble, whose predictions are averaged
 * @param embeddingSize number of values in the embedding of a category
 * @param layerNorm whether hidden layers are normalized before their activation
 * @param residual whether a hidden layer as wide as the one before it is a residual block
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
   * Makes settings of a single network with the default embedding size, without layer normalization
   * and residual blocks.
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

  /** Returns these settings with another ensemble size. */
  public NetworkSettings withEnsembleSize(Setting<Integer> size) {
    return with(size, embeddingSize, layerNorm, residual);
  }

  /** Returns these settings with another embedding size. */
  public NetworkSettings withEmbeddingSize(int size) {
    return with(ensembleSize, size, layerNorm, residual);
  }

  /** Returns these settings with or without layer normalization. */
  public NetworkSettings withLayerNorm(boolean value) {
    return with(ensembleSize, embeddingSize, value, residual);
  }

  /** Returns these settings with or without residual blocks. */
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

  /** Returns the hidden layers with this dropout rate. */
  public HiddenLayers hiddenLayers(double dropoutRate) {
    return new HiddenLayers(hidden, activation, dropoutRate, layerNorm, residual);
  }

  /** Returns the default: two hidden layers of 128 and 64 units, SiLU. */
  public static NetworkSettings defaults() {
    return new NetworkSettings(
            List.of(128, 64), Activation.SILU, Setting.auto(), Setting.auto(), Setting.auto())
        .withEnsembleSize(Setting.auto());
  }
}
