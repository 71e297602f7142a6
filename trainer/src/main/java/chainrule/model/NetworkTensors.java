package chainrule.model;

import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Embedding;
import chainrule.nn.LayerNorm;
import chainrule.nn.LayerVisitor;
import chainrule.nn.Network;
import chainrule.nn.Residual;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor that a network has in a file, and where its values are among the network's parameters.
 * Immutable.
 *
 * @param shape in the file
 * @param offset of its values in the flat array
 * @param transposed whether the file has the columns of the matrix in memory as rows
 */
record NetworkTensors(String name, List<Integer> shape, int offset, boolean transposed) {
  NetworkTensors {
    shape = List.copyOf(shape);
  }

  /** Returns the tensors of a network, in the file's order. */
  static List<NetworkTensors> of(Network network) {
    List<NetworkTensors> tensors = new ArrayList<>();
    for (int member = 0; member < network.members(); member++) {
      String prefix = network.members() == 1 ? "" : "members." + member + ".";
      int offset = member * network.memberParameterCount();
      var names = new Member(prefix);
      network.places().forEach(place -> tensors.addAll(names.of(place, offset)));
    }
    return tensors;
  }

  /** The tensors of one member's layers, which it visits in their order. */
  private static final class Member implements LayerVisitor<List<NetworkTensors>> {
    private final String prefix;
    private int denseLayers;
    private int at;

    Member(String prefix) {
      this.prefix = prefix;
    }

    List<NetworkTensors> of(Network.Place place, int offset) {
      at = offset + place.offset();
      return place.layer().accept(this);
    }

    @Override
    public List<NetworkTensors> dense(Dense layer) {
      String name = prefix + "layers." + denseLayers++;
      List<Integer> shape = List.of(layer.outputs(), layer.inputs());
      int bias = at + layer.inputs() * layer.outputs();
      return List.of(
          new NetworkTensors(name + ".weight", shape, at, true),
          plain(name + ".bias", List.of(layer.outputs()), bias));
    }

    @Override
    public List<NetworkTensors> dropout(Dropout layer) {
      return List.of(); // it has no parameters
    }

    @Override
    public List<NetworkTensors> embedding(Embedding layer) {
      List<NetworkTensors> tables = new ArrayList<>();
      for (int k = 0; k < layer.rows().size(); k++) {
        List<Integer> shape = List.of(layer.rows().get(k), layer.size());
        tables.add(plain(prefix + "embeddings." + k + ".weight", shape, at));
        at += layer.rows().get(k) * layer.size();
      }
      return tables;
    }

    @Override
    public List<NetworkTensors> layerNorm(LayerNorm layer) {
      String name = prefix + "norms." + (denseLayers - 1);
      return List.of(
          plain(name + ".weight", List.of(layer.units()), at),
          plain(name + ".bias", List.of(layer.units()), at + layer.units()));
    }

    @Override
    public List<NetworkTensors> residual(Residual layer) {
      throw new IllegalStateException("Cannot name the tensors of " + layer + ": not flattened");
    }
  }

  private static NetworkTensors plain(String name, List<Integer> shape, int offset) {
    return new NetworkTensors(name, shape, offset, false);
  }

  /** Returns the tensor with its values. */
  Safetensors.Tensor store(float[] parameters) {
    int count = shape.stream().reduce(1, Math::multiplyExact);
    Slice values = Slice.of(parameters, offset, count);
    float[] stored =
        transposed ? transposed(values.asMatrix(shape.get(1), shape.get(0))) : values.toArray();
    return new Safetensors.Tensor(name, shape, stored);
  }

  /**
   * Throws unless the file has the tensor.
   *
   * @throws IllegalArgumentException if it is missing or of another shape
   */
  void requireFits(Safetensors file) {
    Check.argument(
        file.tensor(name).shape().equals(shape),
        "shape of " + name,
        file.tensor(name).shape(),
        "" + shape);
  }

  /** Copies the values of the file's tensor to their place. */
  void load(Safetensors file, float[] parameters) {
    float[] stored = file.tensor(name).values();
    float[] values =
        transposed ? transposed(Matrix.of(shape.get(0), shape.get(1), stored)) : stored;
    System.arraycopy(values, 0, parameters, offset, values.length);
  }

  private static float[] transposed(Matrix matrix) {
    float[] values = new float[matrix.rows() * matrix.columns()];
    for (int row = 0; row < matrix.rows(); row++) {
      for (int column = 0; column < matrix.columns(); column++) {
        values[column * matrix.rows() + row] = matrix.get(row, column);
      }
    }
    return values;
  }
}
