package chainrule.jobs;

import chainrule.math.Matrix;
import chainrule.math.Slice;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Embedding;
import chainrule.nn.Layer;
import chainrule.nn.LayerNorm;
import chainrule.nn.LayerVisitor;
import chainrule.nn.Pass;
import chainrule.nn.Residual;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@link Tracer} shows of a layer, at each stage of a row's way through it and back. */
interface LayerView {
  /** A value beside its formula. */
  record Value(String name, String formula, Matrix matrix) {}

  /** The matrices of one row in a layer: B is 1. */
  record Row(Slice parameters, Matrix inputs, Matrix memory, Matrix outputs) {}

  /** Returns the view of a layer that is not a block of others. */
  static LayerView of(Layer layer) {
    return layer.accept(
        new LayerVisitor<>() {
          @Override
          public LayerView dense(Dense dense) {
            return new OfDense(dense);
          }

          @Override
          public LayerView dropout(Dropout dropout) {
            return new OfDropout();
          }

          @Override
          public LayerView embedding(Embedding embedding) {
            return new OfEmbedding(embedding);
          }

          @Override
          public LayerView layerNorm(LayerNorm norm) {
            return new OfLayerNorm(norm);
          }

          @Override
          public LayerView residual(Residual block) {
            throw new IllegalStateException("Cannot show " + block + " as one layer");
          }
        });
  }

  /** Returns whether the layer is counted among the dense layers, as in network.safetensors. */
  default boolean isCounted() {
    return false;
  }

  /** Returns whether the layer is shown at all: not if it acts in training alone. */
  default boolean isShown() {
    return true;
  }

  /**
   * Returns the layer as a heading.
   *
   * @param index of the last dense layer up to here
   */
  String name(int index);

  /** Returns the values of the forward pass. */
  List<Value> forward(Pass pass, Row row);

  /** Returns the values that the gradient is multiplied by. */
  default List<Value> derivatives(Row row) {
    return List.of();
  }

  /** Returns the gradients, where {@code ofOutputs} is ∂L/∂Z by now. */
  default List<Value> gradients(Slice sums, Matrix ofOutputs) {
    return List.of();
  }

  /** Returns how the gradient of the inputs follows. */
  default String inputGradient() {
    return "through mean and deviation";
  }

  /** Returns the parameters after the update; x are the network's inputs. */
  List<Value> updated(Slice parameters, int index, Matrix x);

  private static Matrix row(Slice values) {
    return values.asMatrix(1, values.length());
  }

  /** The view of a dense layer. */
  record OfDense(Dense layer) implements LayerView {
    @Override
    public boolean isCounted() {
      return true;
    }

    @Override
    public String name(int index) {
      return String.format(
          Locale.ROOT, "layer %d: dense, %d to %d", index, layer.inputs(), layer.outputs());
    }

    @Override
    public List<Value> forward(Pass pass, Row row) {
      Matrix z = Matrix.zeros(1, layer.outputs());
      Matrix weights = layer.weights(row.parameters);
      Slice bias = layer.bias(row.parameters);
      pass.kernels().affine(row.inputs, weights, bias, z);
      return List.of(
          new Value("W", "weights", weights),
          new Value("b", "bias", LayerView.row(bias)),
          new Value("Z", "X · W + b", z),
          new Value("A", layer.activation().key() + "(Z)", row.outputs));
    }

    /** σ'(Z) is what a gradient of ones becomes. */
    @Override
    public List<Value> derivatives(Row row) {
      Matrix ones = Matrix.zeros(1, layer.outputs());
      ones.asSlice().fill(1);
      layer.activation().multiplyByDerivative(row.memory, row.outputs, ones);
      return List.of(new Value("σ'(Z)", "derivative of " + layer.activation().key(), ones));
    }

    @Override
    public List<Value> gradients(Slice sums, Matrix ofOutputs) {
      return List.of(
          new Value("∂L/∂Z", "∂L/∂A ⊙ σ'(Z)", ofOutputs),
          new Value("∂L/∂W", "Xᵀ · ∂L/∂Z", layer.weights(sums)),
          new Value("∂L/∂b", "Σ ∂L/∂Z over the rows", LayerView.row(layer.bias(sums))));
    }

    @Override
    public String inputGradient() {
      return "∂L/∂Z · Wᵀ";
    }

    @Override
    public List<Value> updated(Slice parameters, int index, Matrix x) {
      Matrix bias = LayerView.row(layer.bias(parameters));
      return List.of(
          new Value("W'", "new weights, layer " + index, layer.weights(parameters)),
          new Value("b'", "new bias, layer " + index, bias));
    }
  }

  /** The view of a normalization. */
  record OfLayerNorm(LayerNorm layer) implements LayerView {
    @Override
    public String name(int index) {
      return "normalization of layer " + index;
    }

    @Override
    public List<Value> forward(Pass pass, Row row) {
      return List.of(
          new Value("g", "gain", LayerView.row(layer.gain(row.parameters))),
          new Value("b", "bias", LayerView.row(layer.bias(row.parameters))),
          new Value("X̂", "(X - mean) / deviation", layer.normalized(row.memory)),
          new Value("A", layer.activation().key() + "(g ⊙ X̂ + b)", row.outputs));
    }

    @Override
    public List<Value> gradients(Slice sums, Matrix ofOutputs) {
      return List.of(
          new Value("∂L/∂Z", "∂L/∂A ⊙ σ'(Z)", ofOutputs),
          new Value("∂L/∂g", "Σ ∂L/∂Z ⊙ X̂ over the rows", LayerView.row(layer.gain(sums))),
          new Value("∂L/∂b", "Σ ∂L/∂Z over the rows", LayerView.row(layer.bias(sums))));
    }

    @Override
    public List<Value> updated(Slice parameters, int index, Matrix x) {
      Matrix gain = LayerView.row(layer.gain(parameters));
      Matrix bias = LayerView.row(layer.bias(parameters));
      return List.of(
          new Value("g'", "new gain after layer " + index, gain),
          new Value("b'", "new bias after layer " + index, bias));
    }
  }

  /** The view of embedded columns. */
  record OfEmbedding(Embedding layer) implements LayerView {
    @Override
    public String name(int index) {
      return "embeddings";
    }

    @Override
    public List<Value> forward(Pass pass, Row row) {
      List<Value> values = new ArrayList<>();
      for (int k = 0; k < layer.rows().size(); k++) {
        int index = index(row.inputs, k);
        Matrix found = LayerView.row(layer.table(row.parameters, k).row(index));
        values.add(new Value("T" + k, "row " + index + " of " + layer.rows().get(k), found));
      }
      values.add(new Value("A", "X with rows for indices", row.outputs));
      return values;
    }

    private int index(Matrix x, int table) {
      return layer.row(x.get(0, layer.dense() + table), table);
    }

    @Override
    public List<Value> updated(Slice parameters, int index, Matrix x) {
      List<Value> values = new ArrayList<>();
      for (int k = 0; k < layer.rows().size(); k++) {
        int row = index(x, k);
        Matrix numbers = LayerView.row(layer.table(parameters, k).row(row));
        values.add(new Value("T" + k + "'", "new row " + row, numbers));
      }
      return values;
    }
  }

  /** The view of dropout, which changes nothing here. */
  record OfDropout() implements LayerView {
    @Override
    public boolean isShown() {
      return false;
    }

    @Override
    public String name(int index) {
      return "dropout";
    }

    @Override
    public List<Value> forward(Pass pass, Row row) {
      return List.of();
    }

    @Override
    public List<Value> updated(Slice parameters, int index, Matrix x) {
      return List.of();
    }
  }
}
