package chainrule.train.sums;

import chainrule.data.InputLayout;
import chainrule.data.LabelEncoding;
import chainrule.math.Check;
import chainrule.nn.Embedding;
import chainrule.nn.Loss;
import chainrule.nn.Network;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * The function that training minimizes: a network, its loss, the layout of packed rows, and the
 * encoding of labels. Everything a worker needs except for parameters and rows. Immutable.
 *
 * @param network its inputs are as wide as the layout
 * @param loss summed over rows by their weights
 * @param layout of packed rows
 * @param label how labels are encoded as targets
 * @param classWeights factors of the row weights in training, by class; empty: all 1
 */
public record Objective(
    Network network, Loss loss, InputLayout layout, LabelEncoding label, List<Float> classWeights)
    implements Serializable {
  public Objective {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(loss, "loss");
    Objects.requireNonNull(layout, "layout");
    Objects.requireNonNull(label, "label");
    classWeights = List.copyOf(classWeights);
    Check.argument(
        network.inputs() == layout.inputs(),
        "inputs of the network",
        network.inputs(),
        layout.inputs() + ", the width of an encoded row");
    List<Integer> tables = network.embedding().map(Embedding::rows).orElse(List.of());
    List<Integer> embedded = layout.embeddedSizes();
    Check.argument(
        embedded.isEmpty() || tables.equals(embedded),
        "rows of the network's embeddings",
        tables,
        embedded + ", as the categories have values");
  }

  /** Makes an objective in which all classes weigh the same. */
  public Objective(Network network, Loss loss, InputLayout layout, LabelEncoding label) {
    this(network, loss, layout, label, List.of());
  }
}
