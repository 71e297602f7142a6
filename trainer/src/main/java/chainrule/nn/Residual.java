package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Ranges;
import chainrule.math.Slice;
import java.util.List;

/**
 * A residual block: what its layers make of the inputs is added to the inputs, so that a block
 * learns what to change and a gradient has a way past it.
 *
 * <pre>
 *   forward    A  = X + F(X)
 *   backward   dX = dA + (∂F/∂X)ᵀ · dA
 * </pre>
 *
 * <p>Shapes: inputs and outputs are B × I. In the flat array the parameters of its layers stand one
 * behind the other, as without the block. Gradients are summed over the B rows, not averaged. Holds
 * sizes only: threads may share it if each brings its own matrices.
 *
 * <p>Source: He, Zhang, Ren, Sun 2016, <i>Deep Residual Learning for Image Recognition</i>, CVPR,
 * equation 1.
 *
 * @param layers F, from the inputs to the outputs, which are as wide
 */
public record Residual(List<Layer> layers) implements Layer {
  public Residual {
    layers = List.copyOf(layers);
    Check.argument(!layers.isEmpty(), "layers of a residual block", layers, "one at least");
    int width = layers.get(0).inputs();
    for (Layer layer : layers) {
      boolean simple = !(layer instanceof Embedding || layer instanceof Residual);
      Check.argument(simple, "layer of a residual block", layer, "no embedding or block itself");
      Check.argument(
          layer.inputs() == width, "inputs of a layer in a block", layer.inputs(), "" + width);
      width = layer.outputs();
    }
    long count = layers.stream().mapToLong(Layer::parameterCount).sum();
    Check.argument(count <= Integer.MAX_VALUE - 8, "parameters of a block", count, "below 2^31");
    int inputs = layers.get(0).inputs();
    Check.argument(width == inputs, "outputs of a residual block", width, inputs + ", its inputs");
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.residual(this);
  }

  @Override
  public int inputs() {
    return layers.get(0).inputs();
  }

  @Override
  public int outputs() {
    return inputs();
  }

  @Override
  public int parameterCount() {
    return layers.stream().mapToInt(Layer::parameterCount).sum();
  }

  @Override
  public Ranges weights() {
    Ranges all = Ranges.none();
    int offset = 0;
    for (Layer layer : layers) {
      for (Ranges.Range range : layer.weights().list()) {
        all = all.with(offset + range.from(), offset + range.to());
      }
      offset += layer.parameterCount();
    }
    return all;
  }

  /** What each layer keeps, its outputs, and the gradient of its outputs. */
  @Override
  public int memoryWidth() {
    int width = 0;
    for (Layer layer : layers) {
      width = Math.addExact(width, layer.memoryWidth() + 2 * layer.outputs());
    }
    return width;
  }

  @Override
  public void initialize(Slice parameters, Initializer initializer, RandomStream random) {
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).initialize(slice(parameters, i), initializer, random);
    }
  }

  @Override
  public void forward(Pass pass, Slice parameters, Matrix x, Matrix memory, Matrix a) {
    Matrix current = x;
    for (int i = 0; i < layers.size(); i++) {
      Matrix next = outputs(memory, i);
      layers.get(i).forward(pass, slice(parameters, i), current, kept(memory, i), next);
      current = next;
    }
    System.arraycopy(x.array(), x.offset(), a.array(), a.offset(), x.rows() * x.columns());
    add(current, a);
  }

  @Override
  public void parameterGradient(
      Pass pass,
      Slice parameters,
      Matrix x,
      Matrix memory,
      Matrix a,
      Matrix da,
      Slice gradientSum) {
    int last = layers.size() - 1;
    // A copy, since layers overwrite their gradient and dA is needed again.
    Matrix ofLast = gradient(memory, last);
    System.arraycopy(
        da.array(), da.offset(), ofLast.array(), ofLast.offset(), da.rows() * da.columns());
    for (int i = last; i >= 0; i--) {
      Layer layer = layers.get(i);
      Matrix kept = kept(memory, i);
      Matrix inputs = i == 0 ? x : outputs(memory, i - 1);
      Matrix gradient = gradient(memory, i);
      Slice own = slice(parameters, i);
      layer.parameterGradient(
          pass, own, inputs, kept, outputs(memory, i), gradient, slice(gradientSum, i));
      if (i > 0) {
        layer.inputGradient(pass, own, kept, gradient, gradient(memory, i - 1));
      }
    }
  }

  @Override
  public void inputGradient(Pass pass, Slice parameters, Matrix memory, Matrix da, Matrix dx) {
    layers
        .get(0)
        .inputGradient(pass, slice(parameters, 0), kept(memory, 0), gradient(memory, 0), dx);
    add(da, dx);
  }

  private static void add(Matrix added, Matrix sums) {
    float[] from = added.array();
    float[] to = sums.array();
    int fromAt = added.offset();
    int toAt = sums.offset();
    int count = sums.rows() * sums.columns();
    for (int i = 0; i < count; i++) {
      to[toAt + i] += from[fromAt + i];
    }
  }

  /** Views what belongs to a layer in an array with the block's layout. */
  private Slice slice(Slice values, int layer) {
    int offset = 0;
    for (int i = 0; i < layer; i++) {
      offset += layers.get(i).parameterCount();
    }
    return values.part(offset, layers.get(layer).parameterCount());
  }

  private Matrix kept(Matrix memory, int layer) {
    return part(memory, start(layer), layers.get(layer).memoryWidth());
  }

  private Matrix outputs(Matrix memory, int layer) {
    int width = layers.get(layer).outputs();
    return part(memory, start(layer + 1) - 2 * width, width);
  }

  private Matrix gradient(Matrix memory, int layer) {
    int width = layers.get(layer).outputs();
    return part(memory, start(layer + 1) - width, width);
  }

  /** Returns where what belongs to a layer begins in the memory of one row. */
  private int start(int layer) {
    int start = 0;
    for (int i = 0; i < layer; i++) {
      start += layers.get(i).memoryWidth() + 2 * layers.get(i).outputs();
    }
    return start;
  }

  /** Views a part of the memory, of so many values a row, as a matrix whose rows have no gap. */
  private static Matrix part(Matrix memory, int from, int width) {
    int rows = memory.rows();
    return memory.asSlice().part(from * rows, width * rows).asMatrix(rows, width);
  }
}
