package chainrule.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import chainrule.nn.Activation;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Embedding;
import chainrule.nn.Expression;
import chainrule.nn.Layer;
import chainrule.nn.LayerNorm;
import chainrule.nn.LayerVisitor;
import chainrule.nn.Network;
import chainrule.nn.Residual;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The nodes of the network's layers, from [N, I] to [N, O], in float. Each kind of layer has a
 * method, and activations are drawn from their {@link Expression}.
 *
 * <p>Constants have the names and shapes of the tensors of {@code network.safetensors}.
 */
final class LayerGraph {
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
    return layer.accept(
        new LayerVisitor<>() {
          @Override
          public String dense(Dense layer) {
            return LayerGraph.this.dense(layer, parameters, x);
          }

          @Override
          public String dropout(Dropout layer) {
            return x; // changes nothing but in training
          }

          @Override
          public String embedding(Embedding layer) {
            return LayerGraph.this.embedding(layer, parameters, x);
          }

          @Override
          public String layerNorm(LayerNorm layer) {
            return LayerGraph.this.layerNorm(layer, parameters, x);
          }

          @Override
          public String residual(Residual layer) {
            return LayerGraph.this.residual(layer, parameters, x);
          }
        });
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
    return activation.expression().<String>evaluate((node, x) -> operator(node, x, z));
  }

  private String operator(Expression node, List<String> x, String z) {
    return switch (node.operator()) {
      case INPUT -> z;
      case NUMBER -> graph.scalar(node.name(), node.number());
      case ADD -> graph.node("Add", x);
      case MULTIPLY -> graph.node("Mul", x);
      case DIVIDE -> graph.node("Div", x);
      case CLIP -> graph.node("Clip", x);
      case RELU -> graph.node("Relu", x);
      case LEAKY_RELU -> graph.node("LeakyRelu", x, Graph.attribute("alpha", 0.01f));
      case ELU -> graph.node("Elu", x);
      case SOFTPLUS -> graph.node("Softplus", x);
      case TANH -> graph.node("Tanh", x);
      case SIGMOID -> graph.node("Sigmoid", x);
      case ERF -> graph.node("Erf", x);
      case SOFTMAX -> graph.node("Softmax", x, Graph.attribute("axis", 1));
    };
  }
}
