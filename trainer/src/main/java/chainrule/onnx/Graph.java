package chainrule.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A graph in the making: inputs, constants and nodes, each of which gives one value under a name of
 * its own. Methods return that name. Not for sharing.
 *
 * <p>Errors: {@link IllegalArgumentException} if an input or output has no name or a taken one.
 */
final class Graph {
  /** The number of rows, which is chosen when the graph runs. */
  static final String ROWS = "N";

  static final String ML = "ai.onnx.ml";

  private final GraphProto.Builder proto = GraphProto.newBuilder();
  private final Set<String> names = new HashSet<>(); // only looked up
  private boolean usesMl;

  /** Adds a column of the table as an input of shape [N, 1]. */
  void input(String name, TensorProto.DataType type) {
    take(name);
    proto.addInput(value(name, type, 1));
  }

  /**
   * Makes a value an output of the graph.
   *
   * @param width columns, 0 for a vector of N values
   */
  void output(String name, String value, TensorProto.DataType type, int width) {
    take(name);
    add(NodeProto.newBuilder().setOpType("Identity").addInput(value).addOutput(name));
    proto.addOutput(value(name, type, width));
  }

  private void take(String name) {
    if (name.isEmpty() || !names.add(name)) {
      throw new IllegalArgumentException(
          "Cannot export to ONNX: the name \""
              + name
              + "\" of a column is empty or taken (must be renamed in the table)");
    }
  }

  private static ValueInfoProto value(String name, TensorProto.DataType type, int width) {
    var shape = TensorShapeProto.newBuilder();
    shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(ROWS));
    if (width > 0) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width));
    }
    var tensor = TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** Returns the name, with a number behind it if a column has it already. */
  private String free(String wanted) {
    String name = wanted;
    for (int i = 1; !names.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  private void add(NodeProto.Builder node) {
    proto.addNode(node.setName("node_" + proto.getNodeCount()));
  }

  private String node(NodeProto.Builder node, List<String> inputs) {
    String output = free(node.getOpType() + "_" + proto.getNodeCount());
    add(node.addAllInput(inputs).addOutput(output));
    return output;
  }

  /** Adds a node of the standard operators. */
  String node(String operator, List<String> inputs, AttributeProto... attributes) {
    var node = NodeProto.newBuilder().setOpType(operator).addAllAttribute(List.of(attributes));
    return node(node, inputs);
  }

  /** Adds a node of the standard operators without attributes. */
  String node(String operator, String... inputs) {
    return node(operator, List.of(inputs));
  }

  /** Adds a node of ONNX's operators for machine learning. */
  String mlNode(String operator, String input, AttributeProto... attributes) {
    usesMl = true;
    var node =
        NodeProto.newBuilder()
            .setDomain(ML)
            .setOpType(operator)
            .addAllAttribute(List.of(attributes));
    return node(node, List.of(input));
  }

  /** Converts a value's elements. */
  String cast(String value, TensorProto.DataType type) {
    return node("Cast", List.of(value), attribute("to", type.getNumber()));
  }

  /** Puts matrices side by side. */
  String besides(List<String> values) {
    return values.size() == 1 ? values.get(0) : node("Concat", values, attribute("axis", 1));
  }

  /** Picks columns of a matrix. */
  String columns(String matrix, long... indices) {
    return node("Gather", List.of(matrix, constant("columns", indices)), attribute("axis", 1));
  }

  /** Adds a constant of this shape; of no dimension, a scalar, if none is given. */
  String constant(String name, float[] values, long... shape) {
    var bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return constant(name, TensorProto.DataType.FLOAT, bytes, shape);
  }

  /** Adds a constant row, 1 × the values. */
  String row(String name, double[] values) {
    var bytes = ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return constant(name, TensorProto.DataType.DOUBLE, bytes, 1, values.length);
  }

  /** Adds a constant scalar. */
  String scalar(String name, double value) {
    var bytes = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return constant(name, TensorProto.DataType.DOUBLE, bytes.putDouble(0, value));
  }

  /** Adds a constant scalar. */
  String scalar(String name, float value) {
    return constant(name, new float[] {value});
  }

  /** Adds a constant vector. */
  String constant(String name, long[] values) {
    var bytes = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return constant(name, TensorProto.DataType.INT64, bytes, values.length);
  }

  /** Adds a constant vector of texts. */
  String constant(String name, List<String> values) {
    var tensor = tensor(name, TensorProto.DataType.STRING, values.size());
    values.forEach(value -> tensor.addStringData(ByteString.copyFromUtf8(value)));
    proto.addInitializer(tensor);
    return tensor.getName();
  }

  private String constant(
      String name, TensorProto.DataType type, ByteBuffer littleEndian, long... shape) {
    var tensor = tensor(name, type, shape).setRawData(ByteString.copyFrom(littleEndian));
    proto.addInitializer(tensor);
    return tensor.getName();
  }

  private TensorProto.Builder tensor(String name, TensorProto.DataType type, long... shape) {
    var tensor = TensorProto.newBuilder().setName(free(name)).setDataType(type.getNumber());
    for (long size : shape) {
      tensor.addDims(size);
    }
    return tensor;
  }

  static AttributeProto attribute(String name, long value) {
    return attribute(name, AttributeProto.AttributeType.INT).setI(value).build();
  }

  static AttributeProto attribute(String name, float value) {
    return attribute(name, AttributeProto.AttributeType.FLOAT).setF(value).build();
  }

  static AttributeProto attribute(String name, List<String> texts) {
    var attribute = attribute(name, AttributeProto.AttributeType.STRINGS);
    texts.forEach(text -> attribute.addStrings(ByteString.copyFromUtf8(text)));
    return attribute.build();
  }

  static AttributeProto attribute(String name, long[] values) {
    var attribute = attribute(name, AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static AttributeProto.Builder attribute(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  /** Returns whether a node needs ONNX's operators for machine learning. */
  boolean usesMl() {
    return usesMl;
  }

  GraphProto build(String name, String documentation) {
    return proto.setName(name).setDocString(documentation).build();
  }
}
