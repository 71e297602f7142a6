package chainrule.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import chainrule.data.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Predicts with ONNX Runtime, which knows nothing of us but the file. */
final class OnnxRuntime implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  OnnxRuntime(byte[] file) {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(file, options);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the names and types of inputs and outputs, as the runtime sees them. */
  List<String> interfaces() {
    try {
      List<String> lines = new ArrayList<>();
      session.getInputInfo().forEach((name, info) -> lines.add(name + " " + info.getInfo()));
      session.getOutputInfo().forEach((name, info) -> lines.add(name + " " + info.getInfo()));
      return lines;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  Map<String, String> metadata() {
    try {
      return session.getMetadata().getCustomMetadata();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns what each output holds for these rows. */
  Map<String, Object> run(List<Column> columns, List<Map<String, Object>> rows) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      for (Column column : columns) {
        inputs.put(column.name(), tensor(column, rows));
      }
      Map<String, Object> outputs = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(inputs)) {
        for (var output : result) {
          outputs.put(output.getKey(), output.getValue().getValue());
        }
      }
      return outputs;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor tensor(Column column, List<Map<String, Object>> rows) throws OrtException {
    if (!column.isNumeric()) {
      String[][] texts = new String[rows.size()][1];
      for (int i = 0; i < texts.length; i++) {
        Object value = rows.get(i).get(column.name());
        texts[i][0] = value == null ? "" : value.toString();
      }
      return OnnxTensor.createTensor(environment, texts);
    }
    double[][] numbers = new double[rows.size()][1];
    for (int i = 0; i < numbers.length; i++) {
      Object value = rows.get(i).get(column.name());
      numbers[i][0] = value == null ? Double.NaN : ((Number) value).doubleValue();
    }
    return OnnxTensor.createTensor(environment, numbers);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
