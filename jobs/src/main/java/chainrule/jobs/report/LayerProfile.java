package chainrule.jobs.report;

import chainrule.math.Matrix;
import chainrule.math.Ranges;
import chainrule.math.Slice;
import chainrule.nn.Dense;
import chainrule.nn.Embedding;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Pass;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer's parameters, over all members of an ensemble, and what its units do on the rows.
 *
 * @param name such as "dense 128 → 64, relu"
 * @param parameters of all members
 * @param weightNorm the root of the sum of the weights' squares
 * @param weightRms the root of their mean square
 * @param greatest the greatest weight's absolute value
 * @param biasNorm as of weights
 * @param units of all members; 0 where there are no hidden units: of the output layer and
 *     embeddings
 * @param dead units whose output is the same for all rows
 */
record LayerProfile(
    String name,
    int parameters,
    double weightNorm,
    double weightRms,
    double greatest,
    double biasNorm,
    int units,
    int dead) {
  private static final int BLOCK = 256;

  /** Returns the layers that have parameters, from the inputs to the outputs. */
  static List<LayerProfile> of(Evidence evidence) {
    Network network = evidence.model().network();
    float[] parameters = evidence.model().parameters();
    int[] dead = dead(evidence, parameters);
    List<LayerProfile> profiles = new ArrayList<>();
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      if (layer.parameterCount() > 0) {
        // Of an embedding most outputs are inputs that pass through.
        boolean hidden = i < network.layers().size() - 1 && !(layer instanceof Embedding);
        boolean varies = evidence.rows().size() > 1; // one row shows no change
        int units = hidden && varies ? layer.outputs() * network.members() : 0;
        profiles.add(profile(network, parameters, i, units, units == 0 ? 0 : dead[i]));
      }
    }
    return profiles;
  }

  private static LayerProfile profile(
      Network network, float[] parameters, int index, int units, int dead) {
    Layer layer = network.layers().get(index);
    double all = 0;
    double weights = 0;
    double greatest = 0;
    long count = 0;
    for (int member = 0; member < network.members(); member++) {
      Slice slice = network.slice(parameters, member, index);
      for (int i = 0; i < layer.parameterCount(); i++) {
        all += (double) slice.get(i) * slice.get(i);
      }
      for (Ranges.Range range : layer.weights().list()) {
        for (int i = range.from(); i < range.to(); i++) {
          weights += (double) slice.get(i) * slice.get(i);
          greatest = Math.max(greatest, Math.abs(slice.get(i)));
        }
        count += range.to() - range.from();
      }
    }
    String kind = layer.getClass().getSimpleName();
    String activation = layer instanceof Dense dense ? ", " + dense.activation().key() : "";
    return new LayerProfile(
        kind + " " + layer.inputs() + " → " + layer.outputs() + activation,
        layer.parameterCount() * network.members(),
        Math.sqrt(weights),
        Math.sqrt(weights / Math.max(1, count)),
        greatest,
        Math.sqrt(Math.max(0, all - weights)),
        units,
        dead);
  }

  /** Counts, by layer, the units whose output never changes from row to row. */
  private static int[] dead(Evidence evidence, float[] parameters) {
    Network network = evidence.model().network();
    int[] dead = new int[network.layers().size()];
    for (int member = 0; member < network.members(); member++) {
      List<boolean[]> alive = alive(evidence, parameters, member);
      for (int i = 0; i < dead.length; i++) {
        for (boolean unit : alive.get(i)) {
          dead[i] += unit ? 0 : 1;
        }
      }
    }
    return dead;
  }

  private static List<boolean[]> alive(Evidence evidence, float[] parameters, int member) {
    Network network = evidence.model().network();
    List<boolean[]> alive = new ArrayList<>();
    List<float[]> first = new ArrayList<>();
    for (Layer layer : network.layers()) {
      alive.add(new boolean[layer.outputs()]);
      first.add(new float[layer.outputs()]);
    }
    Pass pass = Pass.evaluation(evidence.kernels());
    for (int from = 0; from < evidence.rows().size(); from += BLOCK) {
      Matrix current = inputs(evidence, from);
      int rows = current.rows();
      for (int i = 0; i < network.layers().size(); i++) {
        Layer layer = network.layers().get(i);
        Matrix outputs = Matrix.zeros(rows, layer.outputs());
        Matrix memory = Matrix.zeros(rows, layer.memoryWidth());
        layer.forward(pass, network.slice(parameters, member, i), current, memory, outputs);
        if (from == 0) {
          first.set(i, outputs.row(0).toArray());
        }
        note(outputs, first.get(i), alive.get(i));
        current = outputs;
      }
    }
    return alive;
  }

  private static void note(Matrix outputs, float[] first, boolean[] alive) {
    for (int row = 0; row < outputs.rows(); row++) {
      for (int unit = 0; unit < alive.length; unit++) {
        alive[unit] |= outputs.get(row, unit) != first[unit];
      }
    }
  }

  private static Matrix inputs(Evidence evidence, int from) {
    var encoder = evidence.model().encoder();
    int rows = Math.min(BLOCK, evidence.rows().size() - from);
    Matrix inputs = Matrix.zeros(rows, encoder.layout().inputs());
    float[] cells = new float[encoder.layout().cells()];
    for (int i = 0; i < rows; i++) {
      encoder.encode(evidence.rows().get(from + i), cells, 0);
      encoder.layout().expand(cells, 0, inputs.array(), i * inputs.columns());
    }
    return inputs;
  }
}
