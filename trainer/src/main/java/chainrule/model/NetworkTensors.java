package chainrule.model;

import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import chainrule.nn.Dense;
import chainrule.nn.Embedding;
import chainrule.nn.LayerNorm;
import chainrule.nn.Network;
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
      addMember(network, prefix, member * network.memberParameterCount(), tensors);
    }
    return tensors;
  }

  private static void addMember(
      Network network, String prefix, int offset, List<NetworkTensors> tensors) {
    int denseLayers = 0;
    for (Network.Place place : network.places()) {
      int at = offset + place.offset();
      if (place.layer() instanceof Embedding embedding) {
        for (int k = 0; k < embedding.rows().size(); k++) {
          List<Integer> shape = List.of(embedding.rows().get(k), embedding.size());
          tensors.add(plain(prefix + "embeddings." + k + ".weight", shape, at));
          at += embedding.rows().get(k) * embedding.size();
        }
      } else if (place.layer() instanceof Dense dense) {
        String name = prefix + "layers." + denseLayers++;
        List<Integer> shape = List.of(dense.outputs(), dense.inputs());
        tensors.add(new NetworkTensors(name + ".weight", shape, at, true));
        int weights = dense.inputs() * dense.outputs();
        tensors.add(plain(name + ".bias", List.of(dense.outputs()), at + weights));
      } else if (place.layer() instanceof LayerNorm norm) {
        String name = prefix + "norms." + (denseLayers - 1);
        tensors.add(plain(name + ".weight", List.of(norm.units()), at));
        tensors.add(plain(name + ".bias", List.of(norm.units()), at + norm.units()));
      }
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
