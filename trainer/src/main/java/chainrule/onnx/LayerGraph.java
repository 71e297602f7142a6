package chainrule.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import chainrule.nn.Activation;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Embedding;
import chainrule.nn.Layer;
import chainrule.nn.LayerNorm;
import chainrule.nn.Network;
import chainrule.nn.Residual;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The nodes of the network's layers, from [N, I] to [N, O], in float. To add a layer, add a method
 * and a line in {@link #add(Layer, Slice, String)}; to add an activation, a case.
 *
 * <p>Constants have the names and shapes of the tensors of {@code network.safetensors}.
 */
final class LayerGraph {
  private static final double SQRT_2 = 1.4142135623730951;

  private final Graph graph;
  private String prefix = "";
  private int dense;

  LayerGraph(Graph graph) {
    this.graph = graph;
  }

  /** Adds the layers of a member and returns its outputs. */
  String add(Network network, float[] parameters, int member, String inputs) {
    prefix = network.members() == 1 ? "" : "members." + member + ".";
    dense = 0;
    String value = inputs;
    for (int i = 0; i < network.layers().size(); i++) {
      value = add(network.layers().get(i), network.slice(parameters, member, i), value);
    }
    return value;
  }

  private String add(Layer layer, Slice parameters, String x) {
    if (layer instanceof Dense it) {
      return dense(it, parameters, x);
    }
    if (layer instanceof Dropout) {
      return x; // changes nothing but in training
    }
    if (layer instanceof LayerNorm it) {
      return layerNorm(it, parameters, x);
    }
    if (layer instanceof Embedding it) {
      return embedding(it, parameters, x);
    }
    if (layer instanceof Residual it) {
      return residual(it, parameters, x);
    }
    throw new IllegalArgumentException(
        "Cannot export to ONNX: the layer " + layer + " has no counterpart there yet");
  }

  private String dense(Dense layer, Slice parameters, String x) {
    String name = prefix + "layers." + dense++;
    float[] transposed = transposed(layer.weights(parameters));
    String weight = graph.constant(name + ".weight", transposed, layer.outputs(), layer.inputs());
    String bias = graph.constant(name + ".bias", layer.bias(parameters).toArray(), layer.outputs());
    String z = graph.node("Gemm", List.of(x, weight, bias), Graph.attribute("transB", 1));
    return activation(layer.activation(), z);
  }

  /** (x − μ) / √(variance + ε) · g + b: ONNX has a LayerNormalization from operator set 17 on. */
  private String layerNorm(LayerNorm layer, Slice parameters, String x) {
    String name = prefix + "norms." + (dense - 1); // of the dense layer before
    String centred = graph.node("Sub", x, rowMean(x));
    String variance = rowMean(graph.node("Mul", centred, centred));
    String epsilon = graph.scalar("epsilon", (float) LayerNorm.EPSILON);
    String deviation = graph.node("Sqrt", graph.node("Add", variance, epsilon));
    String normal = graph.node("Div", centred, deviation);
    String gain = graph.constant(name + ".weight", layer.gain(parameters).toArray(), layer.units());
    String bias = graph.constant(name + ".bias", layer.bias(parameters).toArray(), layer.units());
    String z = graph.node("Add", graph.node("Mul", normal, gain), bias);
    return activation(layer.activation(), z);
  }

  private String rowMean(String x) {
    return graph.node("ReduceMean", List.of(x), Graph.attribute("axes", new long[] {1}));
  }

  /** The inputs before the indices, and the row of each category's table that its index names. */
  private String embedding(Embedding layer, Slice parameters, String x) {
    List<String> parts = new ArrayList<>();
    if (layer.dense() > 0) {
      parts.add(graph.columns(x, LongStream.range(0, layer.dense()).toArray()));
    }
    for (int k = 0; k < layer.rows().size(); k++) {
      String table =
          graph.constant(
              prefix + "embeddings." + k + ".weight",
              layer.table(parameters, k).asSlice().toArray(),
              layer.rows().get(k),
              layer.size());
      String column = graph.cast(graph.columns(x, layer.dense() + k), DataType.INT64);
      String index = graph.node("Reshape", column, graph.constant("vector", new long[] {-1}));
      parts.add(graph.node("Gather", table, index));
    }
    return graph.besides(parts);
  }

  private String residual(Residual block, Slice parameters, String x) {
    String value = x;
    int offset = 0;
    for (Layer layer : block.layers()) {
      value = add(layer, parameters.part(offset, layer.parameterCount()), value);
      offset += layer.parameterCount();
    }
    return graph.node("Add", x, value);
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

  private String activation(Activation activation, String z) {
    return switch (activation) {
      case IDENTITY -> z;
      case RELU -> graph.node("Relu", z);
      case LEAKY_RELU -> graph.node("LeakyRelu", List.of(z), Graph.attribute("alpha", 0.01f));
      case ELU -> graph.node("Elu", z);
      case SOFTPLUS -> graph.node("Softplus", z);
      case TANH -> graph.node("Tanh", z);
      case SIGMOID -> graph.node("Sigmoid", z);
      case SOFTMAX -> graph.node("Softmax", List.of(z), Graph.attribute("axis", 1));
      case SILU -> graph.node("Mul", z, graph.node("Sigmoid", z));
      case GELU -> gelu(z);
      case GELU_TANH -> geluTanh(z);
    };
  }

  /** z Φ(z), Φ(z) = (1 + erf(z / √2)) / 2: ONNX has a Gelu only from operator set 20 on. */
  private String gelu(String z) {
    String error = graph.node("Erf", graph.node("Div", z, graph.scalar("sqrt2", (float) SQRT_2)));
    String cdf =
        graph.node(
            "Mul", graph.node("Add", error, graph.scalar("one", 1f)), graph.scalar("half", 0.5f));
    return graph.node("Mul", z, cdf);
  }

  /** z / (1 + e^-u) with u = 2 √(2/π) (x + 0.044715 x³), x being z kept within ±12. */
  private String geluTanh(String z) {
    String x = graph.node("Clip", z, graph.scalar("low", -12f), graph.scalar("high", 12f));
    String cube = graph.node("Mul", graph.node("Mul", x, x), x);
    String inner = graph.node("Add", x, graph.node("Mul", cube, graph.scalar("cubic", 0.044715f)));
    String u = graph.node("Mul", inner, graph.scalar("factor", 1.595769f));
    return graph.node("Mul", z, graph.node("Sigmoid", u));
  }
}
