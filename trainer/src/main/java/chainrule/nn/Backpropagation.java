package chainrule.nn;

import chainrule.data.MiniBatch;
import chainrule.math.Kernels;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The forward and the backward pass of a network: the chain rule, layer by layer, over slices of
 * flat arrays. Holds what one pass over at most {@code capacity} rows needs, and allocates no
 * arrays afterwards.
 *
 * <p>Not for sharing: each thread has its own.
 */
public final class Backpropagation {
  private final Network network;
  private final Loss loss;
  private final Kernels kernels;
  private final int[] offsets;
  private final List<Matrix> memories = new ArrayList<>();
  private final List<Matrix> outputs = new ArrayList<>();
  private final List<Matrix> gradients = new ArrayList<>();

  public Backpropagation(Network network, Loss loss, Kernels kernels, int capacity) {
    this.network = Objects.requireNonNull(network, "network");
    this.loss = Objects.requireNonNull(loss, "loss");
    this.kernels = Objects.requireNonNull(kernels, "kernels");
    this.offsets = new int[network.layers().size()];
    for (int i = 0; i < offsets.length; i++) {
      Layer layer = network.layers().get(i);
      offsets[i] = network.offset(i);
      memories.add(Matrix.zeros(capacity, layer.memoryWidth()));
      outputs.add(Matrix.zeros(capacity, layer.outputs()));
      gradients.add(Matrix.zeros(capacity, layer.outputs()));
    }
  }

  /**
   * Returns the network's outputs for these inputs: logits for the cross-entropies.
   *
   * @param inputs B × I, B up to the capacity
   * @return B × O; a view that the next pass overwrites
   */
  public Matrix outputs(float[] parameters, Matrix inputs) {
    return forward(Pass.evaluation(kernels), parameters, inputs);
  }

  /**
   * Adds the gradient of the loss, summed over the rows, and returns that loss.
   *
   * @param dropoutKey what the step's dropout masks are drawn from
   * @param firstRow the place of the batch's first row among those that share the key
   * @param gradientSum P values, added to
   */
  public double addGradient(
      float[] parameters, MiniBatch batch, long dropoutKey, int firstRow, float[] gradientSum) {
    Pass pass = Pass.training(kernels, dropoutKey, firstRow);
    int last = network.layers().size() - 1;
    int rows = batch.rows();
    Matrix predicted = forward(pass, parameters, batch.inputs());
    double lossSum =
        loss.sumAndGradient(
            predicted, batch.targets(), batch.weights(), gradients.get(last).firstRows(rows));
    for (int i = last; i >= 0; i--) {
      Layer layer = network.layers().get(i);
      Matrix inputs = i == 0 ? batch.inputs() : outputs.get(i - 1).firstRows(rows);
      Matrix gradient = gradients.get(i).firstRows(rows);
      layer.parameterGradient(
          pass,
          inputs,
          memories.get(i).firstRows(rows),
          outputs.get(i).firstRows(rows),
          gradient,
          slice(gradientSum, i));
      if (i > 0) {
        Slice layerParameters = slice(parameters, i);
        layer.inputGradient(pass, layerParameters, gradient, gradients.get(i - 1).firstRows(rows));
      }
    }
    return lossSum;
  }

  private Matrix forward(Pass pass, float[] parameters, Matrix inputs) {
    Matrix current = inputs;
    for (int i = 0; i < network.layers().size(); i++) {
      Matrix next = outputs.get(i).firstRows(inputs.rows());
      Matrix memory = memories.get(i).firstRows(inputs.rows());
      network.layers().get(i).forward(pass, slice(parameters, i), current, memory, next);
      current = next;
    }
    return current;
  }

  /** Views what belongs to a layer in an array with the network's layout. */
  private Slice slice(float[] values, int layer) {
    return Slice.of(values, offsets[layer], network.layers().get(layer).parameterCount());
  }
}
