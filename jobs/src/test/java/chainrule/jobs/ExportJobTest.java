package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import chainrule.data.Column;
import chainrule.math.JavaKernels;
import chainrule.model.ModelFile;
import chainrule.model.RowScorer;
import chainrule.train.TrainedModel;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportJobTest {
  @TempDir private Path temporary;

  /**
   * Returns the rows of a shipped file, whose cells have no quotes, as a service would have them.
   */
  private static List<Map<String, Object>> rows(String file, List<Column> columns)
      throws IOException {
    List<String> lines = Files.readAllLines(Path.of(RunFolder.shipped("data/" + file)));
    List<String> names = List.of(lines.get(0).split(",", -1));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      Map<String, Object> row = new HashMap<>();
      for (Column column : columns) {
        String cell = cells[names.indexOf(column.name())];
        if (!cell.isEmpty()) {
          row.put(column.name(), column.isNumeric() ? (Object) Double.valueOf(cell) : cell);
        }
      }
      rows.add(row);
    }
    return rows;
  }

  private static Map<String, Object> run(
      Path file, List<Column> columns, List<Map<String, Object>> rows) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try (OrtSession session = environment.createSession(file.toString())) {
      for (Column column : columns) {
        double[][] numbers = new double[rows.size()][1];
        String[][] texts = new String[rows.size()][1];
        for (int i = 0; i < rows.size(); i++) {
          Object value = rows.get(i).get(column.name());
          numbers[i][0] = value instanceof Double number ? number : Double.NaN;
          texts[i][0] = value instanceof String text ? text : "";
        }
        inputs.put(
            column.name(),
            OnnxTensor.createTensor(environment, column.isNumeric() ? numbers : texts));
      }
      Map<String, Object> outputs = new HashMap<>();
      try (OrtSession.Result result = session.run(inputs)) {
        for (var output : result) {
          outputs.put(output.getKey(), output.getValue().getValue());
        }
      }
      return outputs;
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"penguins", "digits", "concrete"})
  void whatIsShippedPredictsInOnnxRuntimeAsItDoesHere(String name)
      throws IOException, OrtException {
    Path folder = temporary.resolve("out");
    Command.Result trained =
        Command.run(
            new TrainJob(),
            RunFolder.shipped(name + ".conf"),
            "training.epochs=2",
            "output.dir=" + folder);
    assertThat(trained.err()).isEmpty();
    Command.Result exported = Command.run(new ExportJob(), folder.toString());
    assertThat(exported.err()).isEmpty();
    Path file = folder.resolve("model.onnx");
    assertThat(exported.out()).endsWith(" bytes; written to " + file + "\n");

    TrainedModel model = ModelFile.of(Files.readAllBytes(folder.resolve("network.safetensors")));
    List<Column> columns = model.schema().features();
    List<Map<String, Object>> rows = rows(name + "-test.csv", columns);
    rows.add(Map.of()); // all of it is missing
    List<RowScorer.Prediction> ours = new RowScorer(model, new JavaKernels()).predict(rows);
    Map<String, Object> theirs = run(file, columns, rows);
    for (int i = 0; i < rows.size(); i++) {
      RowScorer.Prediction our = ours.get(i);
      Object prediction = Array.get(theirs.get("prediction"), i);
      if (our.probabilities().isEmpty()) {
        double tolerance = 1e-5 * Math.max(1, Math.abs(our.value()));
        assertThat(((double[]) prediction)[0]).isCloseTo(our.value(), within(tolerance));
        continue;
      }
      List<Double> expected = List.copyOf(our.probabilities().values());
      float[] probabilities = ((float[][]) theirs.get("probabilities"))[i];
      for (int c = 0; c < probabilities.length; c++) {
        assertThat((double) probabilities[c]).isCloseTo(expected.get(c), within(1e-5));
      }
      assertThat(prediction).hasToString(our.label());
    }
  }

  @Test
  void aFolderWithoutANetworkIsRefused() {
    Command.Result result = Command.run(new ExportJob(), temporary.toString());
    assertThat(result)
        .isEqualTo(
            new Command.Result(
                2,
                "",
                String.format(
                    "Cannot read %1$s/network.safetensors: there is no such file (%1$s must be the"
                        + " output folder of train, or its configuration file)%n",
                    temporary)));
  }

  @Test
  void anOverrideOfAFolderIsRefused() {
    Command.Result result = Command.run(new ShowJob(), temporary.toString(), "a=b");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "Invalid argument: \"a=b\" (must follow a configuration file, which "
                + temporary
                + " is not)\n");
  }

  @Test
  void anUnknownFormatIsRefusedWithThoseThereAre() {
    Command.Result result = Command.run(new ExportJob(), temporary.toString(), "--format", "pmml");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith(
            "Invalid value for option '--format': expected one of [onnx] (case-sensitive) but was"
                + " 'pmml'\n");
  }
}
