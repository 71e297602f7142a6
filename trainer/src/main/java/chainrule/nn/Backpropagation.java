package chainrule.nn;

import chainrule.data.MiniBatch;
import chainrule.math.Kernels;
import chainrule.math.Matrix;
import chainrule.math.Seeds;
import chainrule.math.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The forward and the backward pass of a network: the chain rule, layer by layer, over slices of
 * flat arrays. Holds the arrays for a forward and a backward pass over at most {@code capacity}
 * rows, and allocates no arrays afterwards.
 *
 * <p>Not for sharing: each thread has its own.
 */
public final class Backpropagation {
  private static final long MEMBER_SALT = 33;

  private final Network network;
  private final Loss loss;
  private final Kernels kernels;
  private final int[] offsets;
  private final List<Matrix> memories = new ArrayList<>();
  private final List<Matrix> outputs = new ArrayList<>();
  private final List<Matrix> gradients = new ArrayList<>();
  private final int memberParameters;
  private final Matrix memberOutputs; // B × (M · O) of an ensemble
  private final Matrix averages;

  /**
   * Takes the memory that passes need.
   *
   * @param capacity the most rows B of a mini-batch; memory is proportional to it
   */
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
      gradients.add(Matrix.zeros(capacity, layer.gradientWidth()));
    }
    this.memberParameters = network.memberParameterCount();
    int members = network.members() > 1 ? network.members() : 0;
    this.memberOutputs = Matrix.zeros(capacity, members * network.outputs());
    this.averages = Matrix.zeros(capacity, members > 0 ? network.outputs() : 0);
  }

  /**
   * Returns the network's outputs for these inputs: logits for the cross-entropies. Those of an
   * ensemble are those of its members' mean prediction.
   *
   * @param inputs B × I, B up to the capacity
   * @return B × O; a view that the next forward pass overwrites
   */
  public Matrix outputs(float[] parameters, Matrix inputs) {
    Pass pass = Pass.evaluation(kernels);
    if (network.members() == 1) {
      return forward(pass, parameters, 0, inputs);
    }
    int rows = inputs.rows();
    Matrix all = memberOutputs.firstRows(rows);
    for (int member = 0; member < network.members(); member++) {
      Matrix outputs = forward(pass, parameters, member, inputs);
      int width = outputs.columns();
      for (int row = 0; row < rows; row++) {
        System.arraycopy(
            outputs.array(),
            outputs.offset() + row * width,
            all.array(),
            all.offset() + row * all.columns() + member * width,
            width);
      }
    }
    loss.average(all, averages.firstRows(rows));
    return averages.firstRows(rows);
  }

  /**
   * Adds the gradient of the loss, summed over the rows, and returns that loss. Each member of an
   * ensemble learns as if it were alone: the gradient is of the sum of the members' losses; what is
   * returned is their mean.
   *
   * @param dropoutKey what the step's dropout masks are drawn from
   * @param firstRow the place of the batch's first row among those that share the key
   * @param gradientSum P values, added to
   */
  public double addGradient(
      float[] parameters, MiniBatch batch, long dropoutKey, int firstRow, float[] gradientSum) {
    double lossSum = 0;
    for (int member = 0; member < network.members(); member++) {
      long key = member == 0 ? dropoutKey : Seeds.mix(dropoutKey, MEMBER_SALT, member);
      Pass pass = Pass.training(kernels, key, firstRow);
      lossSum += addGradient(pass, parameters, member, batch, gradientSum);
    }
    return lossSum / network.members();
  }

  private double addGradient(
      Pass pass, float[] parameters, int member, MiniBatch batch, float[] gradientSum) {
    int last = network.layers().size() - 1;
    int rows = batch.rows();
    Matrix predicted = forward(pass, parameters, member, batch.inputs());
    double lossSum =
        loss.sumAndGradient(
            predicted, batch.targets(), batch.weights(), gradients.get(last).firstRows(rows));
    for (int i = last; i >= 0; i--) {
      Layer layer = network.layers().get(i);
      Matrix inputs = i == 0 ? batch.inputs() : outputs.get(i - 1).firstRows(rows);
      Matrix memory = memories.get(i).firstRows(rows);
      Matrix gradient = gradients.get(i).firstRows(rows);
      Slice own = slice(parameters, member, i);
      Matrix layerOutputs = outputs.get(i).firstRows(rows);
      layer.parameterGradient(
          pass, own, inputs, memory, layerOutputs, gradient, slice(gradientSum, member, i));
      if (i > 0) {
        layer.inputGradient(pass, own, memory, gradient, gradients.get(i - 1).firstRows(rows));
      }
    }
    return lossSum;
  }

  private Matrix forward(Pass pass, float[] parameters, int member, Matrix inputs) {
    Matrix current = inputs;
    for (int i = 0; i < network.layers().size(); i++) {
      Matrix next = outputs.get(i).firstRows(inputs.rows());
      Matrix memory = memories.get(i).firstRows(inputs.rows());
      network.layers().get(i).forward(pass, slice(parameters, member, i), current, memory, next);
      current = next;
    }
    return current;
  }

  /** Views what belongs to a member's layer in an array with the network's layout. */
  private Slice slice(float[] values, int member, int layer) {
    int from = member * memberParameters + offsets[layer];
    return Slice.of(values, from, network.layers().get(layer).parameterCount());
  }
}
