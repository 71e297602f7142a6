package chainrule.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import chainrule.data.Column;
import chainrule.data.LabelEncoding;
import chainrule.math.Check;
import chainrule.nn.Network;
import chainrule.train.TrainedModel;
import java.util.ArrayList;
import java.util.List;

/**
 * A trained model as one ONNX file: from the table's own columns to predictions, encoder and all.
 *
 * <table>
 *   <caption>Inputs and outputs for N rows</caption>
 *   <tr><th>name</th><th>type and shape</th><th>what</th></tr>
 *   <tr><td>each numeric column's</td><td>double [N, 1]</td><td>NaN is missing</td></tr>
 *   <tr><td>each categorical column's</td><td>string [N, 1]</td><td>the empty text is missing;
 *     numbers and truth values as texts: {@code 3}, not {@code 3.0}, {@code true}</td></tr>
 *   <tr><td>{@code prediction}</td><td>[N] string, or int64 (double, if they are no whole numbers)
 *     for labels that are numbers</td><td>the class</td></tr>
 *   <tr><td>{@code probabilities}</td><td>float [N, C]</td><td>by class, in the order of the
 *     metadata's {@code classes}, a line each</td></tr>
 *   <tr><td>{@code prediction}</td><td>double [N, 1]</td><td>of a regression, in the label's
 *     unit; there are no probabilities then</td></tr>
 * </table>
 *
 * <p>Of several labels each has its own {@code prediction_<label>} and {@code
 * probabilities_<label>}, and the metadata {@code classes_<label>}.
 *
 * <p>Operator sets: {@value #OPSET} of ONNX and, if there are categories, {@value #ML_OPSET} of
 * {@code ai.onnx.ml}, which every runtime since 2021 has. Numbers are encoded in double, as in our
 * own predictions; layers compute in float. Dropout is left out. The members of an ensemble stand
 * side by side in the graph, and the mean of their predictions follows.
 *
 * <p>Units: predictions are within 10⁻⁵ of our own, relative to their size where that is above 1.
 *
 * <p>Source: the operators' descriptions in the ONNX project.
 */
public final class OnnxModel {
  /** The class, or the number, that is predicted. */
  public static final String PREDICTION = "prediction";

  /** The probability of each class. */
  public static final String PROBABILITIES = "probabilities";

  static final int OPSET = 13;
  static final int ML_OPSET = 2;
  private static final int IR_VERSION = 7; // came with operator set 13

  /** A message of Protocol Buffers has less than 2 GiB; the rest is for names and the encoder. */
  private static final int MOST_PARAMETERS = 500_000_000;

  private OnnxModel() {}

  /**
   * Returns the file's bytes, the same for the same model.
   *
   * @throws IllegalArgumentException if a column is named as an output or not at all, or the model
   *     has a part that ONNX files don't have yet, or too many parameters
   */
  public static byte[] toBytes(TrainedModel model) {
    Network network = model.network();
    Check.argument(
        network.parameterCount() <= MOST_PARAMETERS,
        "parameters for an ONNX file",
        network.parameterCount(),
        "at most " + MOST_PARAMETERS);
    var graph = new Graph();
    for (Column column : model.schema().features()) {
      graph.input(column.name(), column.isNumeric() ? DataType.DOUBLE : DataType.STRING);
    }
    String inputs = new EncoderGraph(graph, model.encoder()).add();
    var layers = new LayerGraph(graph);
    float[] parameters = model.parameters();
    List<String> outputs = new ArrayList<>();
    for (int member = 0; member < network.members(); member++) {
      outputs.add(layers.add(network, parameters, member, inputs));
    }
    new PredictionGraph(graph, model.loss()).add(outputs, model.encoder().label());

    String labels = String.join(", ", model.schema().labelNames());
    var file =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("Chainrule")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(graph.build("chainrule", "Predicts " + labels + " from a row of the table."))
            .addMetadataProps(entry("label", String.join("\n", model.schema().labelNames())))
            .addMetadataProps(entry("task", model.encoder().label().task().key()));
    if (graph.usesMl()) {
      file.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(Graph.ML).setVersion(ML_OPSET));
    }
    LabelEncoding label = model.encoder().label();
    for (int i = 0; i < label.count(); i++) {
      if (label.each().get(i) instanceof LabelEncoding.Classes classes) {
        String suffix = label.count() == 1 ? "" : "_" + model.schema().labelNames().get(i);
        file.addMetadataProps(entry("classes" + suffix, String.join("\n", classes.names())));
      }
    }
    return file.build().toByteArray();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
