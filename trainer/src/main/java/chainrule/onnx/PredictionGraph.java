package chainrule.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import chainrule.data.LabelEncoding;
import chainrule.nn.Loss;
import chainrule.nn.OutputFunction;
import chainrule.train.sums.ClassPrediction;
import java.util.List;

/**
 * The nodes behind the network: what its loss takes its outputs for, the mean over the members of
 * an ensemble, and the label's own values, as {@link Loss#average}, {@link Loss#toPredictions} and
 * {@link ClassPrediction} have it. A loss describes itself by its {@link OutputFunction}.
 */
final class PredictionGraph {
  private static final double LARGEST_LONG = 1e15; // every whole number below is a double

  private final Graph graph;
  private final Loss loss;

  PredictionGraph(Graph graph, Loss loss) {
    this.graph = graph;
    this.loss = loss;
  }

  /**
   * Adds the nodes and makes their values outputs of the graph.
   *
   * @param members the outputs of each member, [N, O]
   */
  void add(List<String> members, LabelEncoding label) {
    String mean = mean(members.stream().map(this::predictions).toList());
    if (label instanceof LabelEncoding.Several several) {
      for (int i = 0; i < several.count(); i++) {
        add(graph.columns(mean, i), several.each().get(i), "_" + several.names().get(i));
      }
    } else {
      add(mean, label, "");
    }
  }

  /**
   * @param suffix of the outputs' names: which label they are of, if there are several
   */
  private void add(String predictions, LabelEncoding label, String suffix) {
    if (label instanceof LabelEncoding.Classes classes) {
      classes(predictions, classes, suffix);
    } else if (label instanceof LabelEncoding.Scale scale) {
      number(predictions, scale, suffix);
    } else {
      throw new IllegalArgumentException(
          "Cannot export to ONNX: a label of the kind "
              + label.getClass().getSimpleName()
              + " has no counterpart there yet");
    }
  }

  /** What a member's outputs stand for: probabilities, rates in double, or values as they are. */
  private String predictions(String outputs) {
    return switch (loss.outputFunction()) {
      case SOFTMAX -> graph.node("Softmax", List.of(outputs), Graph.attribute("axis", 1));
      case SIGMOID -> graph.node("Sigmoid", outputs);
      case EXP -> graph.node("Exp", graph.cast(outputs, DataType.DOUBLE));
      case IDENTITY -> outputs;
    };
  }

  /** The mean over the members, which is taken in double, as ours is. */
  private String mean(List<String> members) {
    if (members.size() == 1) {
      return members.get(0);
    }
    String sum = graph.cast(members.get(0), DataType.DOUBLE);
    for (String member : members.subList(1, members.size())) {
      sum = graph.node("Add", sum, graph.cast(member, DataType.DOUBLE));
    }
    String mean = graph.node("Div", sum, graph.scalar("members", (double) members.size()));
    return graph.cast(mean, DataType.FLOAT);
  }

  private void number(String value, LabelEncoding.Scale scale, String suffix) {
    // A rate beyond a float is infinite in our own predictions too.
    String output = graph.cast(graph.cast(value, DataType.FLOAT), DataType.DOUBLE);
    String scaled = graph.node("Mul", output, graph.scalar("deviation", scale.deviation()));
    String original = graph.node("Add", scaled, graph.scalar("mean", scale.mean()));
    graph.output(OnnxModel.PREDICTION + suffix, original, DataType.DOUBLE, 1);
  }

  private void classes(String predictions, LabelEncoding.Classes classes, String suffix) {
    boolean binary = loss.outputFunction() == OutputFunction.SIGMOID;
    String probabilities;
    String index;
    if (binary) {
      String other = graph.node("Sub", graph.scalar("one", 1f), predictions);
      probabilities = graph.besides(List.of(other, predictions));
      String isSecond = graph.node("Greater", predictions, graph.scalar("half", 0.5f));
      index = flat(graph.cast(isSecond, DataType.INT64));
    } else {
      boolean areShares = loss.outputFunction() == OutputFunction.SOFTMAX;
      probabilities = areShares ? predictions : shares(predictions, classes);
      index =
          graph.node(
              "ArgMax",
              List.of(predictions),
              Graph.attribute("axis", 1),
              Graph.attribute("keepdims", 0));
    }
    label(index, classes, suffix);
    graph.output(
        OnnxModel.PROBABILITIES + suffix, probabilities, DataType.FLOAT, classes.names().size());
  }

  private String flat(String column) {
    return graph.node("Reshape", column, graph.constant("vector", new long[] {-1}));
  }

  /** Negative predictions count as 0, and they are divided by their sum. */
  private String shares(String predictions, LabelEncoding.Classes classes) {
    String positive = graph.node("Relu", predictions);
    String sum = graph.node("ReduceSum", positive, graph.constant("axes", new long[] {1}));
    String even = graph.scalar("even", (float) (1.0 / classes.names().size()));
    return graph.node(
        "Where",
        graph.node("Greater", sum, graph.scalar("zero", 0f)),
        graph.node("Div", positive, sum),
        even);
  }

  private void label(String index, LabelEncoding.Classes classes, String suffix) {
    DataType type = type(classes);
    String values =
        switch (type) {
          case INT64 ->
              graph.constant(
                  "classes",
                  classes.names().stream()
                      .mapToLong(name -> (long) Double.parseDouble(name))
                      .toArray());
          case DOUBLE ->
              graph.node(
                  "Reshape",
                  graph.row(
                      "classes",
                      classes.names().stream().mapToDouble(Double::parseDouble).toArray()),
                  graph.constant("vector", new long[] {-1}));
          default -> graph.constant("classes", classes.names());
        };
    graph.output(OnnxModel.PREDICTION + suffix, graph.node("Gather", values, index), type, 0);
  }

  private static DataType type(LabelEncoding.Classes classes) {
    if (!classes.numeric()) {
      return DataType.STRING;
    }
    boolean whole =
        classes.names().stream()
            .mapToDouble(Double::parseDouble)
            .allMatch(value -> value == Math.rint(value) && Math.abs(value) < LARGEST_LONG);
    return whole ? DataType.INT64 : DataType.DOUBLE;
  }
}
