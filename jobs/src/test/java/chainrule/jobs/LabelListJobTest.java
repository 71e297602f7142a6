package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command with a list of labels. */
class LabelListJobTest {
  @TempDir private Path temporary;

  private static Dataset<Row> read(String file) {
    return Command.session().read().option("header", true).option("inferSchema", true).csv(file);
  }

  private Dataset<Row> predicted(
      RunFolder output, String configuration, String input, String label) {
    String predictions = temporary.resolve("predictions").toString();
    List<String> arguments =
        output.arguments(
            configuration, label, "predict.input=" + input, "predict.output=" + predictions);
    assertThat(Command.run(new PredictJob(), arguments))
        .isEqualTo(new Command.Result(0, "Predictions written to " + predictions + "\n", ""));
    return Command.session().read().parquet(predictions);
  }

  @Test
  void severalNumbersAreTrainedMeasuredAndPredictedTogether() {
    var output = new RunFolder(temporary.resolve("out"));
    String label = "data.label=[compressive_strength, age]";
    Command.Result trained =
        Command.run(
            new TrainJob(), output.arguments("concrete.conf", label, "data.task=regression"));
    assertThat(trained.exitCode()).isZero();
    assertThat(trained.out())
        .containsPattern("\n\ntest +rmse +mae +r2\ncompressive_strength +\\S+ +\\S+ +\\S+\nage +");
    JsonNode test = output.json("metrics.json").path("test");
    assertThat(RunFolder.fields(test)).containsExactly("loss", "rmse", "mae", "r2", "labels");
    assertThat(RunFolder.fields(test.path("labels")))
        .containsExactly("compressive_strength", "age");
    assertThat(output.jsonLines("history.jsonl").get(0).path("validation").path("labels"))
        .hasSize(2);
    Command.Result evaluated =
        Command.run(new EvaluateJob(), output.arguments("concrete.conf", label));
    assertThat(evaluated.exitCode()).isZero();
    assertThat(output.json("evaluation.json")).isEqualTo(test);

    String input = RunFolder.shipped("data/concrete-test.csv");
    Dataset<Row> predictions = predicted(output, "concrete.conf", input, label);
    assertThat(predictions.columns()).endsWith("prediction_compressive_strength", "prediction_age");
    List<Row> transformed =
        PipelineModel.load(output.path("model").toString())
            .transform(read(input))
            .select("prediction")
            .collectAsList();
    List<Row> rows = predictions.collectAsList();
    double squares = 0;
    for (int i = 0; i < rows.size(); i++) {
      double age = rows.get(i).getAs("prediction_age");
      assertThat(((Vector) transformed.get(i).get(0)).apply(1)).isCloseTo(age, within(1e-3));
      double error = age - Double.parseDouble(rows.get(i).getAs("age"));
      squares += error * error;
    }
    assertThat(Math.sqrt(squares / rows.size()))
        .isCloseTo(test.path("labels").path("age").path("rmse").asDouble(), within(1e-3));
  }

  @Test
  void severalClassesAreTrainedMeasuredAndPredictedTogether() throws IOException {
    String train = RunFolder.shipped("data/penguins-train.csv");
    Dataset<Row> table =
        read(train)
            .na()
            .drop()
            .selectExpr(
                "bill_length_mm",
                "bill_depth_mm",
                "body_mass_g",
                "species = 'Gentoo' as gentoo",
                "if(body_mass_g > 4000, 'heavy', 'light') as mass",
                "int(bill_depth_mm > 17) as deep");
    String parquet = temporary.resolve("table").toString();
    table.write().parquet(parquet);
    var output = new RunFolder(temporary.resolve("out"));
    String label = "data.label=[gentoo, mass, deep]";
    Command.Result trained =
        Command.run(
            new TrainJob(),
            output.arguments(
                "penguins.conf",
                label,
                "data.format=parquet",
                "data.train=" + parquet,
                "data.test.path=null",
                "training.epochs=40"));
    assertThat(trained.err()).isEmpty();
    JsonNode metrics = output.json("metrics.json").path("train");
    assertThat(RunFolder.fields(metrics))
        .containsExactly(
            "loss", "subsetAccuracy", "hammingLoss", "logLoss", "macroF1", "auc", "labels");
    assertThat(RunFolder.fields(metrics.path("labels").path("mass")))
        .containsExactly("accuracy", "logLoss", "f1", "auc");
    assertThat(metrics.path("subsetAccuracy").asDouble()).isGreaterThan(0.8);
    Document page = Jsoup.parse(Files.readString(output.path("report.html")));
    assertThat(page.selectFirst("h1").text()).isEqualTo("Predicting gentoo, mass and deep");
    assertThat(page.select("p.lead").text())
        .containsPattern(
            "On the \\d+ validation rows it predicts [\\d.]+\u202f% of the labels correctly, and"
                + " all 3 labels of a row for [\\d.]+\u202f% of the rows");
    assertThat(page.select("#training figure").text()).contains("Subset accuracy");

    var input = List.of("data.format=parquet", "predict.input=" + parquet);
    String predictions = temporary.resolve("predictions").toString();
    List<String> arguments = output.arguments("penguins.conf", input.toArray(new String[0]));
    arguments.add("predict.output=" + predictions);
    assertThat(Command.run(new PredictJob(), arguments).exitCode()).isZero();
    Dataset<Row> predicted = Command.session().read().parquet(predictions);
    assertThat(predicted.columns())
        .endsWith(
            "prediction_gentoo",
            "probability_gentoo",
            "prediction_mass",
            "probability_mass",
            "prediction_deep",
            "probability_deep");
    List<Row> transformed =
        PipelineModel.load(output.path("model").toString())
            .transform(Command.session().read().parquet(parquet))
            .collectAsList();
    List<Row> rows = predicted.collectAsList();
    int right = 0;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      // The second class, in ascending order, has the probability column.
      double light = row.getAs("probability_mass");
      assertThat((String) row.getAs("prediction_mass")).isEqualTo(light > 0.5 ? "light" : "heavy");
      boolean all =
          row.getAs("prediction_mass").equals(row.getAs("mass"))
              && row.getAs("prediction_gentoo").equals("" + row.getAs("gentoo"))
              && (double) row.getAs("prediction_deep") == (int) row.getAs("deep");
      right += all ? 1 : 0;
      Vector probability = transformed.get(i).getAs("probability");
      assertThat(probability.apply(1)).isCloseTo(light, within(1e-5));
      assertThat(transformed.get(i).<Double>getList(transformed.get(i).fieldIndex("prediction")))
          .hasSize((int) IntStream.range(0, 3).filter(o -> probability.apply(o) > 0.5).count());
    }
    assertThat((double) right / rows.size())
        .isCloseTo(metrics.path("subsetAccuracy").asDouble(), within(1e-9));
  }

  @Test
  void aListOfOneLabelIsThatLabelAndOthersAreRefusedInASentence() {
    var output = new RunFolder(temporary.resolve("out"));
    var single = new RunFolder(temporary.resolve("single"));
    Command.run(new TrainJob(), output.arguments("penguins.conf", "data.label=[species]"));
    Command.run(new TrainJob(), single.arguments("penguins.conf"));
    for (String name : List.of("weightsSha256", "dataFingerprint", "train", "test")) {
      assertThat(output.json("metrics.json").path(name))
          .isEqualTo(single.json("metrics.json").path(name));
    }
    Command.Result refused =
        Command.run(
            new TrainJob(),
            output.arguments(
                "concrete.conf",
                "data.label=[compressive_strength, age]",
                "output.overwrite=true"));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .isEqualTo(
            "Invalid label: age has 14 classes, compressive_strength has numbers (a list of"
                + " labels must be all numbers or all of two classes; set data.task = regression if"
                + " all are numbers)\n");
  }
}
