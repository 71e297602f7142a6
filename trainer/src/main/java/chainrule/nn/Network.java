package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.RandomStream;
import chainrule.math.Ranges;
import chainrule.math.Seeds;
import chainrule.math.Slice;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network: layers one behind the other, and where the parameters of each stand in the one flat
 * array that holds them all. It may be an ensemble: members of the same layers, each with
 * parameters of its own, that see the same rows and whose predictions are averaged ({@link
 * Loss#average}).
 *
 * <p>Layout of the flat array: the layers in order, each as its Javadoc says ({@link Dense}:
 * weights, I × O, row-major, then bias); then the next member's. Gradients and optimizer states
 * have the same layout.
 *
 * <p>Immutable; owns no parameters; threads may share it.
 *
 * @param layers the layers of a member, from the inputs to the outputs
 * @param members how many networks of these layers there are
 */
public record Network(List<Layer> layers, int members) implements Serializable {
  /** The most members of an ensemble. */
  public static final int MAXIMUM_MEMBERS = 256;

  private static final long INITIALIZATION_SALT = 21;

  public Network {
    layers = List.copyOf(layers);
    Check.argument(
        members > 0 && members <= MAXIMUM_MEMBERS, "members", members, "1 to " + MAXIMUM_MEMBERS);
    Check.argument(!layers.isEmpty(), "layers", layers, "at least one");
    long count = 0;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      count += layer.parameterCount();
      Check.argument(
          i == 0 || !(layer instanceof Embedding),
          "layer " + i,
          layer,
          "no embedding unless first");
      if (i > 0) {
        int before = layers.get(i - 1).outputs();
        Check.argument(
            layer.inputs() == before, "inputs of layer " + i, layer.inputs(), "" + before);
      }
    }
    count *= members;
    boolean embeds = layers.get(0) instanceof Embedding;
    Check.argument(
        !embeds || (layers.size() > 1 && layers.get(1) instanceof Dense),
        "layers",
        layers,
        "a dense layer behind the embedding");
    Check.argument(count <= Integer.MAX_VALUE - 8, "parameters", count, "below 2^31");
  }

  /** Makes a single network, not an ensemble. */
  public Network(List<Layer> layers) {
    this(layers, 1);
  }

  /** Returns an ensemble of so many networks of these layers. */
  public Network ofMembers(int count) {
    return new Network(layers, count);
  }

  /**
   * Returns a multilayer perceptron: hidden dense layers, each followed by dropout, and a dense
   * output layer.
   *
   * @param hidden units of the hidden layers; none makes a linear model
   * @param dropout rate after each hidden activation; 0 leaves the layer out
   */
  public static Network perceptron(
      int inputs,
      List<Integer> hidden,
      Activation activation,
      double dropout,
      int outputs,
      Activation outputActivation) {
    var plain = new HiddenLayers(hidden, activation, dropout);
    return perceptron(inputs, plain, outputs, outputActivation);
  }

  /** Returns a multilayer perceptron with these hidden layers and a dense output layer. */
  public static Network perceptron(
      int inputs, HiddenLayers hidden, int outputs, Activation outputActivation) {
    List<Layer> layers = new ArrayList<>(hidden.layers(inputs));
    int width = layers.isEmpty() ? inputs : layers.get(layers.size() - 1).outputs();
    layers.add(new Dense(width, outputs, outputActivation));
    return new Network(layers);
  }

  /** Returns this network behind an embedding, whose outputs are as many as this one's inputs. */
  public Network behind(Embedding embedding) {
    List<Layer> all = new ArrayList<>(layers);
    all.add(0, embedding);
    return new Network(all, members);
  }

  /** Returns the first layer if it is an embedding. */
  public Optional<Embedding> embedding() {
    return layers.get(0) instanceof Embedding embedding ? Optional.of(embedding) : Optional.empty();
  }

  /**
   * A layer and where its parameters begin among its member's.
   *
   * @param layer none that holds others
   * @param offset of its first parameter, from that of the member
   */
  public record Place(Layer layer, int offset) {}

  /** Returns all layers in order, those of a residual block instead of the block. */
  public List<Place> places() {
    List<Place> places = new ArrayList<>();
    int offset = 0;
    for (Layer layer : layers) {
      List<Layer> parts = layer instanceof Residual block ? block.layers() : List.of(layer);
      for (Layer part : parts) {
        places.add(new Place(part, offset));
        offset += part.parameterCount();
      }
    }
    return places;
  }

  /** Returns the width of the inputs, I. */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /** Returns the width of the outputs, O. */
  public int outputs() {
    return layers.get(layers.size() - 1).outputs();
  }

  /** Returns how many parameters all layers of all members have together, P. */
  public int parameterCount() {
    return members * memberParameterCount();
  }

  /** Returns how many parameters the layers of one member have together. */
  public int memberParameterCount() {
    return offset(layers.size());
  }

  /** Returns where the parameters of a layer begin among its member's. */
  public int offset(int layer) {
    return layers.stream().limit(layer).mapToInt(Layer::parameterCount).sum();
  }

  /** Views the parameters of a member's layer, or their gradients. */
  public Slice slice(float[] parameters, int member, int layer) {
    int from = member * memberParameterCount() + offset(layer);
    return Slice.of(parameters, from, layers.get(layer).parameterCount());
  }

  /**
   * Returns the Euclidean norm of each layer's share of a flat array, over all members; of the
   * layers that have parameters, in order.
   *
   * @param values of parameters or of their gradient, P
   */
  public List<Double> layerNorms(float[] values) {
    requireParameters(values);
    List<Double> norms = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      double squares = 0;
      for (int member = 0; member < members; member++) {
        int from = member * memberParameterCount() + offset(layer);
        int to = from + layers.get(layer).parameterCount();
        for (int i = from; i < to; i++) {
          squares += (double) values[i] * values[i];
        }
      }
      if (layers.get(layer).parameterCount() > 0) {
        norms.add(Math.sqrt(squares));
      }
    }
    return norms;
  }

  /** Returns which parameters are weights, which decay, and not biases, which don't. */
  public Ranges weights() {
    List<Ranges.Range> all = new ArrayList<>();
    int offset = 0;
    for (int member = 0; member < members; member++) {
      for (Layer layer : layers) {
        for (Ranges.Range range : layer.weights().list()) {
          all.add(new Ranges.Range(offset + range.from(), offset + range.to()));
        }
        offset += layer.parameterCount();
      }
    }
    return new Ranges(all);
  }

  /** Returns the parameters that training starts from: a pure function of the seed. */
  public float[] initialParameters(Initializer initializer, long seed) {
    float[] parameters = new float[parameterCount()];
    for (int member = 0; member < members; member++) {
      for (int i = 0; i < layers.size(); i++) {
        int place = member * layers.size() + i;
        var random = new RandomStream(Seeds.mix(seed, INITIALIZATION_SALT, place));
        layers.get(i).initialize(slice(parameters, member, i), initializer, random);
      }
    }
    return parameters;
  }

  /** Throws unless the array has one value for each parameter. */
  public void requireParameters(float[] parameters) {
    Check.argument(
        parameters.length == parameterCount(),
        "number of parameters",
        parameters.length,
        "" + parameterCount());
  }
}
