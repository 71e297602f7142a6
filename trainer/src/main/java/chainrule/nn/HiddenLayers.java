package chainrule.nn;

import chainrule.math.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The hidden layers of a perceptron: each a {@link Dense} layer with its activation, between which
 * may stand a {@link LayerNorm}, and {@link Dropout} behind. Immutable.
 *
 * @param units of each layer, from the inputs on; none makes a linear model
 * @param activation of every layer
 * @param dropout rate after each activation; 0 leaves the layer out
 * @param normalized whether each dense layer's outputs go through a {@link LayerNorm} before the
 *     activation
 * @param residual whether a layer as wide as the hidden layer before it is a {@link Residual}
 *     block. Others are as they are: the first, whose inputs are data, and those that change the
 *     width, for which a skip would need separate weights
 */
public record HiddenLayers(
    List<Integer> units,
    Activation activation,
    double dropout,
    boolean normalized,
    boolean residual) {
  public HiddenLayers {
    units = List.copyOf(units);
    Objects.requireNonNull(activation, "activation");
    Check.argument(dropout >= 0 && dropout < 1, "dropout", dropout, ">= 0 and < 1");
  }

  /** Makes layers that are neither normalized nor residual. */
  public HiddenLayers(List<Integer> units, Activation activation, double dropout) {
    this(units, activation, dropout, false, false);
  }

  /** Returns whether some layer is a residual block. */
  public boolean hasBlocks() {
    boolean found = false;
    for (int i = 1; i < units.size(); i++) {
      found |= residual && units.get(i).equals(units.get(i - 1));
    }
    return found;
  }

  /** Returns the layers behind inputs of this width. */
  List<Layer> layers(int inputs) {
    List<Layer> layers = new ArrayList<>();
    int count = 0;
    int width = inputs;
    for (int i = 0; i < units.size(); i++) {
      List<Layer> block = block(width, units.get(i), count);
      count += block.size();
      if (residual && i > 0 && width == units.get(i)) {
        layers.add(new Residual(block));
      } else {
        layers.addAll(block);
      }
      width = units.get(i);
    }
    return layers;
  }

  private List<Layer> block(int inputs, int outputs, int layersBefore) {
    List<Layer> block = new ArrayList<>();
    block.add(new Dense(inputs, outputs, normalized ? Activation.IDENTITY : activation));
    if (normalized) {
      block.add(new LayerNorm(outputs, activation));
    }
    if (dropout > 0) {
      block.add(new Dropout(outputs, dropout, layersBefore + block.size()));
    }
    return block;
  }
}
