package chainrule.jobs;

import static chainrule.jobs.RunFolder.fields;
import static org.assertj.core.api.Assertions.assertThat;

import chainrule.jobs.output.RunResults;
import chainrule.math.KernelChoice;
import chainrule.model.ModelFile;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainJobTest {
  @TempDir private Path temporary;

  private RunFolder output;

  @BeforeEach
  void nameFolder() {
    output = new RunFolder(temporary.resolve("out"));
  }

  private Command.Result train(String configuration, String... more) {
    return Command.run(new TrainJob(), output.arguments(configuration, more));
  }

  private String write(String name, String... lines) throws IOException {
    return Files.writeString(temporary.resolve(name), String.join("\n", lines) + "\n").toString();
  }

  private static void assertRefused(Command.Result result, String message) {
    assertThat(result).isEqualTo(new Command.Result(2, "", message + "\n"));
  }

  @ParameterizedTest
  @CsvSource({"penguins.conf, accuracy, 0.95", "concrete.conf, r2, 0.8"})
  void trainsByLbfgsOnAllRowsAtOnce(String configuration, String metric, double least) {
    Command.Result result =
        train(
            configuration,
            "training.optimizer.type=lbfgs",
            "training.optimizer.learning-rate=auto",
            "training.epochs=auto");
    assertThat(result.exitCode()).as(result.err()).isZero();
    JsonNode metrics = output.json("metrics.json");
    assertThat(metrics.path("test").path(metric).asDouble()).isGreaterThan(least);
    assertThat(metrics.path("batchSize").asInt())
        .isEqualTo(metrics.path("rows").path("train").asInt());
    List<JsonNode> history = output.jsonLines("history.jsonl");
    assertThat(metrics.path("steps").asInt()).isEqualTo(history.size());
    assertThat(history.get(20).path("train").path("loss").asDouble())
        .isLessThan(history.get(0).path("train").path("loss").asDouble());
  }

  @ParameterizedTest
  @CsvSource({
    "penguins.conf, 275, 41, 69, classification",
    "concrete.conf, 824, 124, 206, regression",
    "digits.conf, 1437, 216, 360, classification"
  })
  void trainsTestsAndWritesWhatIsPromised(
      String configuration, int rows, int validation, int test, String task) {
    Command.Result result = train(configuration);
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("train", "validation", "test", "written to " + output.path(""));
    assertThat(output.names())
        .containsExactly(
            "checkpoints",
            "configuration.json",
            "history.jsonl",
            "metrics.json",
            "model",
            "network.safetensors",
            "report.html");

    JsonNode metrics = output.json("metrics.json");
    assertThat(fields(metrics))
        .contains(
            "task",
            "engine",
            "blas",
            "cpu",
            "seed",
            "shards",
            "rows",
            "parameters",
            "epochs",
            "bestEpoch",
            "steps",
            "trainSeconds",
            "rowsPerSecond",
            "dataFingerprint",
            "weightsSha256",
            "train",
            "validation",
            "test");
    assertThat(metrics.path("task").asText()).isEqualTo(task);
    assertThat(metrics.path("engine").asText()).isEqualTo("gang");
    assertThat(metrics.path("blas").asText()).isEqualTo(KernelChoice.resolve(KernelChoice.AUTO));
    assertThat(metrics.path("rows").toString())
        .isEqualTo(
            String.format(
                "{\"read\":%d,\"dropped\":0,\"train\":%d,\"validation\":%d,\"test\":%d}",
                rows, rows, validation, test));
    assertThat(metrics.path("dataFingerprint").asText()).matches("[0-9a-f]{32}");
    for (String part : List.of("train", "validation", "test")) {
      assertThat(fields(metrics.path(part)))
          .containsExactlyElementsOf(
              task.equals("regression")
                  ? List.of("loss", "rmse", "mae", "r2")
                  : List.of("loss", "accuracy", "logLoss", "macroF1"));
    }
  }

  @Test
  void theHashAndTheNumberOfParametersAreThoseOfTheFile() throws IOException {
    train("penguins.conf");
    var model = ModelFile.of(Files.readAllBytes(output.path("network.safetensors")));
    JsonNode metrics = output.json("metrics.json");
    assertThat(metrics.path("weightsSha256").asText())
        .isEqualTo(RunResults.sha256(model.parameters()));
    assertThat(metrics.path("parameters").asInt()).isEqualTo(model.parameters().length);
  }

  @Test
  void theHistoryHasALineForEveryEpochOfBothPhases() {
    train("penguins.conf");
    List<JsonNode> history = output.jsonLines("history.jsonl");
    JsonNode metrics = output.json("metrics.json");
    int best = metrics.path("bestEpoch").asInt();
    assertThat(history).hasSize(3 + best);
    for (JsonNode line : history.subList(0, 3)) {
      assertThat(fields(line))
          .containsExactly(
              "phase",
              "epoch",
              "step",
              "learningRate",
              "train",
              "validation",
              "computeSeconds",
              "exchangeSeconds",
              "rowsPerSecond",
              "gradientNorms",
              "parameterNorms");
      assertThat(line.path("gradientNorms")).hasSize(2); // of dense layers
      assertThat(line.path("parameterNorms")).hasSize(2);
      assertThat(line.path("phase").asText()).isEqualTo("fit");
      assertThat(fields(line.path("validation"))).contains("loss", "accuracy");
    }
    assertThat(history.stream().map(line -> line.path("epoch").asInt()).toList())
        .startsWith(1, 2, 3, 1);
    assertThat(history.get(3).path("phase").asText()).isEqualTo("refit");
    assertThat(fields(history.get(3))).doesNotContain("validation");
    long fitSteps = history.get(2).path("step").asLong();
    assertThat(fitSteps + history.get(history.size() - 1).path("step").asLong())
        .isEqualTo(metrics.path("steps").asLong());
  }

  @Test
  void theConfigurationOfTheRunIsWrittenInFull() {
    train("penguins.conf", "training.seed=9");
    JsonNode configuration = output.json("configuration.json");
    assertThat(configuration.path("training").path("seed").asInt()).isEqualTo(9);
    assertThat(configuration.path("network").path("activation").asText()).isEqualTo("silu");
  }

  @Test
  void enginesGiveTheSameWeightsAndMetrics() {
    train("penguins.conf", "training.engine=tree");
    JsonNode tree = output.json("metrics.json");
    train("penguins.conf", "training.engine=gang");
    JsonNode gang = output.json("metrics.json");
    assertThat(tree.path("engine").asText()).isEqualTo("tree");
    assertThat(gang.path("engine").asText()).isEqualTo("gang");
    for (String key :
        List.of("weightsSha256", "dataFingerprint", "train", "validation", "test", "bestEpoch")) {
      assertThat(gang.path(key)).as(key).isEqualTo(tree.path(key));
    }
  }

  @Test
  void anotherSeedGivesAnotherHash() {
    train("penguins.conf");
    String hash = output.json("metrics.json").path("weightsSha256").asText();
    train("penguins.conf", "training.seed=2");
    assertThat(output.json("metrics.json").path("weightsSha256").asText()).isNotEqualTo(hash);
  }

  @Test
  void aTestPartOfTheTableIsSetAside() {
    Command.Result result =
        train("penguins.conf", "data.test.path=null", "data.test.fraction=0.25");
    assertThat(result.exitCode()).isZero();
    JsonNode rows = output.json("metrics.json").path("rows");
    assertThat(rows.path("read").asInt()).isEqualTo(275);
    assertThat(rows.path("train").asInt() + rows.path("test").asInt()).isEqualTo(275);
    assertThat(rows.path("test").asInt()).isBetween(40, 98); // 69, give or take 4 deviations
  }

  @Test
  void aTableOfItsOwnMayBeHeldOut() {
    String own = "data.validation.path=" + RunFolder.shipped("data/penguins-test.csv");
    assertThat(train("penguins.conf", own).exitCode()).isZero();
    JsonNode metrics = output.json("metrics.json");
    assertThat(metrics.path("rows").path("train").asInt()).isEqualTo(275);
    assertThat(metrics.path("rows").path("validation").asInt()).isEqualTo(69);
    // The weights are the same, but the two are summed over different shards.
    assertThat(metrics.path("validation").path("accuracy").asDouble())
        .isEqualTo(metrics.path("test").path("accuracy").asDouble());
  }

  @Test
  void droppedRowsAreCounted() throws IOException {
    String data =
        write("t.csv", "x,y", "1,a", "2,b", "oops,a", "3,a", "4,b", "5,a", "6,b", "7,b,8", "0,a");
    Command.Result result =
        train(
            "penguins.conf",
            "data.train=" + data,
            "data.test.path=null",
            "data.label=y",
            "data.malformed=drop");
    assertThat(result.exitCode()).isZero();
    JsonNode rows = output.json("metrics.json").path("rows");
    assertThat(rows.path("read").asInt()).isEqualTo(9);
    assertThat(rows.path("dropped").asInt()).isEqualTo(2);
  }

  @Test
  void anOutputFolderInUseIsRefused() {
    train("penguins.conf");
    assertRefused(
        train("penguins.conf", "output.overwrite=false"),
        "Invalid output.dir: "
            + output.path("")
            + " is in use (must be empty or must not exist; output.overwrite = true replaces it)");
  }

  @Test
  void anOutputFolderThatIsAFileIsRefused() throws IOException {
    String path = write("out", "text");
    assertRefused(
        train("penguins.conf"), "Invalid output.dir: " + path + " is a file (must be a folder)");
  }

  @Test
  void theReportIsAboutTheRunAndItsTestRows() throws IOException {
    assertThat(train("penguins.conf").exitCode()).isZero();
    Document page = Jsoup.parse(Files.readString(output.path("report.html")));
    assertThat(page.selectFirst("h1").text()).isEqualTo("Predicting species");
    double accuracy = output.json("metrics.json").at("/test/accuracy").asDouble();
    String percent = String.format(Locale.ROOT, "%.1f\u202f%%", 100 * accuracy);
    assertThat(page.select("p.lead").text()).contains(percent + " of the 69 test rows");
    // The sample is the whole part, so the page counts what the run measured.
    assertThat(page.select("#confusion").text())
        .contains(percent + " of all 69 test rows are predicted correctly");
    assertThat(page.select("#importance table tbody tr")).hasSize(7);
    assertThat(page.select("#settings").text())
        .contains(output.json("metrics.json").path("weightsSha256").asText());
  }

  @Test
  void theReportIsTheSameWhateverTheEngine() throws IOException {
    String[] parts = {"confusion", "classes", "importance", "columns", "network"};
    List<String> first = new ArrayList<>();
    for (String engine : List.of("tree", "gang")) {
      train("penguins.conf", "training.engine=" + engine, "training.blas=java");
      Document page = Jsoup.parse(Files.readString(output.path("report.html")));
      List<String> texts =
          Arrays.stream(parts).map(part -> page.getElementById(part).html()).toList();
      if (first.isEmpty()) {
        first.addAll(texts);
      }
      assertThat(texts).isEqualTo(first);
    }
  }

  @Test
  void withoutATestTheReportIsAboutTheValidationRows() throws IOException {
    train("penguins.conf", "data.test.path=null");
    Document page = Jsoup.parse(Files.readString(output.path("report.html")));
    assertThat(page.select("#confusion").text()).contains("of all 41 validation rows");
    assertThat(page.select("#findings h3").eachText()).contains("No test rows");
    train("penguins.conf", "data.test.path=null", "data.validation.fraction=0");
    page = Jsoup.parse(Files.readString(output.path("report.html")));
    assertThat(page.select("#confusion").text()).contains("of all 275 training rows");
  }

  @Test
  void anOlderReportGoesIfThereIsNoNewOne() {
    train("penguins.conf");
    assertThat(output.names()).contains("report.html");
    assertThat(train("penguins.conf", "output.report=false").exitCode()).isZero();
    assertThat(output.names()).doesNotContain("report.html");
  }

  @Test
  void aDivergedRunEndsWithItsOwnCodeAndTheLastGoodWeights() throws IOException {
    Command.Result result =
        train("penguins.conf", "training.optimizer={type=sgd, learning-rate=1e30}");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err())
        .matches(
            "Cannot continue training: the loss is (NaN|Infinity) at step \\d+ \\(\\S+ at the step"
                + " before it, learning rate \\S+\\)\\. Lower training\\.optimizer\\.learning-rate,"
                + " set training\\.clip-norm = 1, or look for extreme values in the data\\.\n");
    assertThat(output.names()).containsExactly("last-good.safetensors");
    var model = ModelFile.of(Files.readAllBytes(output.path("last-good.safetensors")));
    for (float weight : model.parameters()) {
      assertThat(weight).isFinite();
    }
  }

  @Test
  void aRunAfterADivergedOneRemovesTheLastGoodWeights() {
    train("penguins.conf", "training.optimizer={type=sgd, learning-rate=1e30}");
    assertThat(train("penguins.conf").exitCode()).isZero();
    assertThat(output.names()).doesNotContain("last-good.safetensors");
  }

  @Test
  void anUnseenClassInTheTestIsRefusedBeforeTraining() throws IOException {
    String data = write("t.csv", "x,y", "1,a", "2,b", "3,a", "4,b");
    String test = write("test.csv", "x,y", "1,a", "2,c", "3,c");
    Command.Result result =
        train("penguins.conf", "data.train=" + data, "data.test.path=" + test, "data.label=y");
    assertRefused(
        result,
        "Invalid label in the test table: \"c\", in 2 rows (must be one of the classes of the"
            + " training table: [a, b])");
    assertThat(output.names()).isEmpty();
  }

  @Test
  void oneClassIsRefused() throws IOException {
    String data = write("t.csv", "x,y", "1,a", "2,a");
    assertRefused(
        train("penguins.conf", "data.train=" + data, "data.test.path=null", "data.label=y"),
        "y: Invalid label: every row is \"a\" (must have two or more classes)");
  }

  @Test
  void aTableWithoutRowsIsRefused() throws IOException {
    String data = write("t.csv", "x,y");
    assertRefused(
        train("penguins.conf", "data.train=" + data, "data.test.path=null", "data.label=y"),
        "Invalid training table: it has no rows (must have at least one)");
  }

  @Test
  void aLossOfAnotherTaskIsRefused() {
    assertRefused(
        train("penguins.conf", "training.loss=huber"),
        "Invalid loss for classification: huber (must be one of [cross-entropy,"
            + " binary-cross-entropy, half-mse])");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "one"})
  void aColumnWithoutAnyOrWithOneValueIsTrainedOnAllTheSame(String cell) throws IOException {
    String data =
        write(
            "t.csv",
            "x,other,y",
            "1," + cell + ",a",
            "2," + cell + ",b",
            "3," + cell + ",a",
            "4," + cell + ",b");
    Command.Result result =
        train("penguins.conf", "data.train=" + data, "data.test.path=null", "data.label=y");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void trainingStartsFromTheWeightsOfAFile() {
    train("penguins.conf", "training.epochs=1", "training.refit=false");
    String weights = "network.initial-weights=" + output.path("network.safetensors");
    RunFolder first = output;
    output = new RunFolder(temporary.resolve("second"));
    Command.Result result =
        train(
            "penguins.conf",
            weights,
            "training.epochs=1",
            "training.refit=false",
            "training.optimizer={type=sgd, learning-rate=1e-30}");
    assertThat(result.exitCode()).isZero();
    assertThat(output.json("metrics.json").path("weightsSha256"))
        .isEqualTo(first.json("metrics.json").path("weightsSha256"));
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() {
    train("penguins.conf");
    String weights = output.path("network.safetensors").toString();
    Command.Result result =
        train("penguins.conf", "network.initial-weights=" + weights, "network.hidden=[9]");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .matches(
            "network\\.initial-weights: "
                + weights
                + ": Invalid shape of members\\.0\\.layers\\.0\\.weight: \\[8, \\d+\\] \\(must be"
                + " \\[9, \\d+\\]\\)\n");
  }
}
