package chainrule.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import chainrule.data.Encoder;
import chainrule.data.PiecewiseLinear;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The nodes that do what {@link Encoder} and its layout do: from columns, each [N, 1], to the
 * network's inputs, [N, I]. Numbers are encoded side by side and in double precision, as there, so
 * that 784 columns don't come to 784 times as many nodes and inputs have the same bits.
 */
final class EncoderGraph {
  private static final double CLIP = 5; // Encoder's; a test compares them
  private static final double FAR = 1e100;

  private final Graph graph;
  private final List<Encoder.Numeric> numerics;
  private final List<Encoder.Categorical> categoricals;

  EncoderGraph(Graph graph, Encoder encoder) {
    this.graph = graph;
    this.numerics = encoder.numerics();
    this.categoricals = encoder.categoricals();
  }

  /** Adds the nodes; the columns are inputs of the graph already. Returns the inputs, [N, I]. */
  String add() {
    List<String> parts = new ArrayList<>();
    if (!numerics.isEmpty()) {
      String raw = graph.besides(numerics.stream().map(Encoder.Numeric::name).toList());
      String missing = graph.node("IsNaN", raw);
      String present = graph.node("Where", missing, row("imputed", Encoder.Numeric::imputed), raw);
      parts.add(standardized(present));
      long[] indicators = numericsThat(numerics.stream().map(Encoder.Numeric::indicator).toList());
      if (indicators.length > 0) {
        parts.add(graph.columns(graph.cast(missing, DataType.FLOAT), indicators));
      }
      long[] piecewise =
          numericsThat(numerics.stream().map(column -> column.piecewise().inputs() > 0).toList());
      if (piecewise.length > 0) {
        parts.add(piecewise(present, piecewise));
      }
    }
    List<String> indices = new ArrayList<>(); // of embedded columns, which stand last
    for (Encoder.Categorical column : categoricals) {
      if (column.embedded()) {
        indices.add(graph.cast(index(column), DataType.FLOAT));
      } else if (!column.values().isEmpty()) {
        parts.add(oneHot(column));
      }
    }
    parts.addAll(indices);
    return graph.besides(parts);
  }

  private static long[] numericsThat(List<Boolean> conditions) {
    return IntStream.range(0, conditions.size()).filter(conditions::get).asLongStream().toArray();
  }

  private String row(String name, ToDoubleFunction<Encoder.Numeric> value) {
    return graph.row(name, numerics.stream().mapToDouble(value).toArray());
  }

  /** z = (x − mean) / deviation, and then z / √(1 + (z/5)²) where the column is clipped. */
  private String standardized(String x) {
    String centred = graph.node("Sub", x, row("mean", Encoder.Numeric::mean));
    String z = graph.node("Div", centred, row("deviation", Encoder.Numeric::deviation));
    if (numerics.stream().anyMatch(Encoder.Numeric::clipped)) {
      // A column that is not clipped has infinite bounds, and divides by √(1 + 0).
      String far = row("far", column -> column.clipped() ? FAR : Double.POSITIVE_INFINITY);
      String low = row("low", column -> column.clipped() ? -FAR : Double.NEGATIVE_INFINITY);
      String clip = row("clip", column -> column.clipped() ? CLIP : Double.POSITIVE_INFINITY);
      String bounded = graph.node("Max", graph.node("Min", z, far), low);
      String part = graph.node("Div", bounded, clip);
      String square = graph.node("Mul", part, part);
      String root = graph.node("Sqrt", graph.node("Add", square, graph.scalar("one", 1.0)));
      z = graph.node("Div", bounded, root);
    }
    return graph.cast(z, DataType.FLOAT);
  }

  /**
   * One input for each bin of each of these columns. A packed row holds a number's position as a
   * float, bin + part; what that rounds off is rounded off here too: (float) (t + part) − t.
   */
  private String piecewise(String x, long[] columns) {
    List<Double> lows = new ArrayList<>();
    List<Double> widths = new ArrayList<>();
    List<Double> bins = new ArrayList<>();
    List<Double> means = new ArrayList<>();
    LongStream.Builder sources = LongStream.builder();
    for (long column : columns) {
      PiecewiseLinear encoding = numerics.get((int) column).piecewise();
      for (int t = 0; t < encoding.inputs(); t++) {
        sources.add(column);
        lows.add(encoding.edges().get(t));
        widths.add(encoding.edges().get(t + 1) - encoding.edges().get(t));
        bins.add((double) t);
        means.add((double) encoding.mean(t));
      }
    }
    String above =
        graph.node(
            "Sub", graph.columns(x, sources.build().toArray()), graph.row("edges", array(lows)));
    String through = graph.node("Div", above, graph.row("widths", array(widths)));
    String part = graph.node("Clip", through, graph.scalar("zero", 0.0), graph.scalar("one", 1.0));
    String position =
        graph.cast(graph.node("Add", part, graph.row("bins", array(bins))), DataType.FLOAT);
    String input = graph.node("Sub", position, floatRow("bins", bins));
    return graph.node("Sub", input, floatRow("means", means));
  }

  private String floatRow(String name, List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return graph.constant(name, floats, 1, floats.length);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** A 1 at the index of the value; all 0 for a value that training did not see. */
  private String oneHot(Encoder.Categorical column) {
    long[] all = LongStream.range(0, column.values().size()).toArray();
    String isValue = graph.node("Equal", index(column), graph.constant("categories", all));
    return graph.cast(isValue, DataType.FLOAT);
  }

  private String index(Encoder.Categorical column) {
    // If no value has an index, that of unseen ones is 0, and an encoder must have some key.
    List<String> keys = column.values().isEmpty() ? List.of("") : column.values();
    return graph.mlNode(
        "LabelEncoder",
        column.name(),
        Graph.attribute("keys_strings", keys),
        Graph.attribute("values_int64s", LongStream.range(0, keys.size()).toArray()),
        Graph.attribute("default_int64", column.unseen()));
  }
}
