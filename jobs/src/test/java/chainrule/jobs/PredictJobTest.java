package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictJobTest {
  @TempDir private static Path shared;
  @TempDir private Path temporary;

  private static RunFolder penguins;
  private static RunFolder concrete;

  @BeforeAll
  static void trainModels() {
    penguins = new RunFolder(shared.resolve("penguins"));
    concrete = new RunFolder(shared.resolve("concrete"));
    Command.run(new TrainJob(), penguins.arguments("penguins.conf", "training.epochs=20"));
    Command.run(new TrainJob(), concrete.arguments("concrete.conf", "training.epochs=20"));
  }

  private String output() {
    return temporary.resolve("predictions").toString();
  }

  private Command.Result predict(String input, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add(0, "predict.input=" + input);
    arguments.add(0, "predict.output=" + output());
    return Command.run(
        new PredictJob(), penguins.arguments("penguins.conf", arguments.toArray(new String[0])));
  }

  private Dataset<Row> predictions(String format) {
    return Command.session().read().format(format).option("header", true).load(output());
  }

  private String write(String name, String... lines) throws IOException {
    return Files.writeString(temporary.resolve(name), String.join("\n", lines) + "\n").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "parquet"})
  void keepsTheColumnsAndAddsPredictionsThatAgreeWithTheEvaluation(String format) {
    String input = RunFolder.shipped("data/penguins-test.csv");
    Command.Result result = predict(input, "predict.format=" + format);
    assertThat(result)
        .isEqualTo(new Command.Result(0, "Predictions written to " + output() + "\n", ""));

    Dataset<Row> predicted = predictions(format);
    Dataset<Row> rows = Command.session().read().option("header", true).csv(input);
    List<String> columns = new ArrayList<>(Arrays.asList(rows.columns()));
    assertThat(
            predicted
                .select("species", columns.subList(1, 8).toArray(new String[0]))
                .collectAsList())
        .containsExactlyInAnyOrderElementsOf(rows.collectAsList());
    columns.addAll(
        List.of("prediction", "probability_Adelie", "probability_Chinstrap", "probability_Gentoo"));
    assertThat(predicted.columns()).containsExactlyElementsOf(columns);

    int correct = 0;
    for (Row row : predicted.collectAsList()) {
      correct += row.getAs("species").equals(row.getAs("prediction")) ? 1 : 0;
      double sum = 0;
      double greatest = 0;
      for (String name : columns.subList(9, 12)) {
        double probability = Double.parseDouble(row.getAs(name).toString());
        sum += probability;
        greatest = Math.max(greatest, probability);
      }
      // Three float32 probabilities, each rounded to 6e-8 at most.
      assertThat(sum).isCloseTo(1, within(1e-6));
      assertThat(Double.parseDouble(row.getAs("probability_" + row.getAs("prediction")).toString()))
          .isEqualTo(greatest);
    }
    double accuracy = penguins.json("metrics.json").path("test").path("accuracy").asDouble();
    // The metric divides sums of weights in another order than this does.
    assertThat(correct / 69.0).isCloseTo(accuracy, within(1e-12));
    assertThat(accuracy).isGreaterThan(0.9);
  }

  @Test
  void theModelsFolderIsAPipelineThatTakesTheTablesColumns() {
    String input = RunFolder.shipped("data/penguins-test.csv");
    predict(input, "predict.format=parquet");
    Dataset<Row> table =
        Command.session().read().option("header", true).option("inferSchema", true).csv(input);
    PipelineModel pipeline = PipelineModel.load(penguins.path("model").toString());
    List<Row> transformed = pipeline.transform(table).collectAsList();
    List<Row> expected = predictions("parquet").collectAsList();
    assertThat(transformed).hasSize(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat((String) transformed.get(i).getAs("predictedLabel"))
          .isEqualTo(expected.get(i).getAs("prediction"));
      Vector probability = transformed.get(i).getAs("probability");
      assertThat(probability.apply(0))
          .isCloseTo(expected.get(i).getAs("probability_Adelie"), within(1e-6));
    }
  }

  @Test
  void predictsNumbersInTheLabelsUnit() {
    String input = RunFolder.shipped("data/concrete-test.csv");
    Command.Result result =
        Command.run(
            new PredictJob(),
            concrete.arguments(
                "concrete.conf", "predict.input=" + input, "predict.output=" + output()));
    assertThat(result.exitCode()).isZero();
    double squares = 0;
    List<Row> rows = predictions("parquet").collectAsList();
    for (Row row : rows) {
      double label = Double.parseDouble(row.getAs("compressive_strength"));
      double error = row.<Double>getAs("prediction") - label;
      squares += error * error;
    }
    double rmse = concrete.json("metrics.json").path("test").path("rmse").asDouble();
    // Metrics are of float32 targets.
    assertThat(Math.sqrt(squares / rows.size())).isCloseTo(rmse, within(1e-5 * rmse));
  }

  @Test
  void needsNoLabelAndKeepsColumnsItDoesNotKnow() throws IOException {
    String input =
        write(
            "new.csv",
            "note,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year",
            "\"a, \"\"b\"\"\",Dream,44.1,19.7,196,4400,male,2007",
            ",Nowhere,,,,,,");
    assertThat(predict(input, "predict.format=csv").exitCode()).isZero();
    List<Row> rows =
        Command.session()
            .read()
            .option("header", true)
            .option("escape", "\"")
            .csv(output())
            .collectAsList();
    assertThat(rows.stream().map(row -> row.<String>getAs("note")).toList())
        .containsExactlyInAnyOrder("a, \"b\"", null);
    assertThat(rows).allSatisfy(row -> assertThat(row.<String>getAs("prediction")).isNotEmpty());
  }

  @Test
  void aCellThatCannotBeReadIsNamedByFileLineAndColumn() throws IOException {
    String input =
        write(
            "bad.csv",
            "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year",
            "Dream,44.1,19.7,196,4400,male,2007",
            "Dream,44.1,19.7mm,196,4400,male,2007");
    assertThat(predict(input))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                input
                    + ":3:bill_depth_mm: Invalid value: \"19.7mm\" (must be a decimal number or"
                    + " empty)\n"));
    // What failed leaves no folder that the next try would have to overwrite.
    assertThat(Path.of(output())).doesNotExist();
  }

  @Test
  void aMissingColumnIsNamed() throws IOException {
    String input = write("few.csv", "island,sex", "Dream,male");
    assertThat(predict(input))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                "predict.input: Cannot use "
                    + input
                    + ": it has no column \"bill_length_mm\", which the model needs\n"));
  }

  @Test
  void aColumnNamedAsAPredictionIsRefused() throws IOException {
    String input =
        write(
            "again.csv",
            "prediction,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year",
            "x,Dream,44.1,19.7,196,4400,male,2007");
    assertThat(predict(input).err())
        .isEqualTo(
            "Cannot predict: the table has a column \"prediction\" already (must be renamed)\n");
  }

  @Test
  void anOutputThatIsThereIsRefusedUnlessItMayBeReplaced() {
    String input = RunFolder.shipped("data/penguins-test.csv");
    assertThat(predict(input).exitCode()).isZero();
    assertThat(predict(input, "output.overwrite=false"))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                "Invalid predict.output: "
                    + output()
                    + " exists already (must not exist unless output.overwrite = true)\n"));
    assertThat(predict(input, "output.overwrite=true").exitCode()).isZero();
  }

  @Test
  void whatIsNoEarlierOutputIsNeverReplaced() throws IOException {
    Files.createDirectories(Path.of(output()));
    write("predictions/precious.txt", "data");
    String input = RunFolder.shipped("data/penguins-test.csv");
    assertThat(predict(input, "output.overwrite=true"))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                "Invalid predict.output: "
                    + output()
                    + " exists already and has no file _SUCCESS, so Spark did not write it (must be"
                    + " an earlier output, which is replaced)\n"));
    assertThat(Path.of(output(), "precious.txt")).exists();
  }

  @Test
  void theInputIsNeverReplaced() throws IOException {
    Files.createDirectories(Path.of(output()));
    write("predictions/_SUCCESS", "");
    String input =
        write(
            "predictions/part-0.csv",
            "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year",
            "Dream,44.1,19.7,196,4400,male,2007");
    assertThat(predict(input, "output.overwrite=true"))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                "Invalid predict.output: "
                    + output()
                    + " contains files of predict.input (must be another folder)\n"));
    assertThat(Path.of(input)).exists();
  }
}
