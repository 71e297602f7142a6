package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneJobTest {
  @TempDir private Path temporary;

  private RunFolder output;

  @BeforeEach
  void nameFolder() {
    output = new RunFolder(temporary.resolve("out"));
  }

  private Command.Result tune(String configuration, String... more) {
    return Command.run(new TuneJob(), output.arguments(configuration, more));
  }

  private List<String> csv() throws IOException {
    return Files.readAllLines(output.path("tuning.csv"));
  }

  @Test
  void triesAGridAndTrainsTheBestToTheBitsOfTrain() throws IOException {
    Command.Result result =
        tune(
            "penguins.conf",
            "tune.space.network.hidden=[[4], [8, 4]]",
            "tune.space.training.optimizer.learning-rate=[0.0001, 0.03]");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("Trial 1/4: logLoss ", "Trial 4/4: logLoss ", "  rank  trial     logLoss")
        .contains("Training with trial ", "written to " + output.path(""));
    assertThat(csv()).hasSize(5);
    assertThat(csv().get(0))
        .isEqualTo(
            "rank,trial,network.hidden,training.optimizer.learning-rate,logLoss,diverged,seconds");
    assertThat(csv()).anyMatch(line -> line.contains(",\"[8,4]\",0.03,"));

    JsonNode tuning = output.json("tuning.json");
    List<Double> means = new ArrayList<>();
    tuning.path("trials").forEach(trial -> means.add(trial.path("mean").asDouble()));
    assertThat(means).hasSize(4).isSorted();
    JsonNode best = tuning.path("trials").get(0);
    assertThat(best.path("trial")).isEqualTo(tuning.path("best"));
    assertThat(best.path("values").path("training.optimizer.learning-rate").asDouble())
        .isEqualTo(0.03);

    var trained = new RunFolder(temporary.resolve("trained"));
    assertThat(
            Command.run(
                    new TrainJob(),
                    trained.arguments(
                        "penguins.conf",
                        "network.hidden=" + best.path("values").path("network.hidden"),
                        "training.optimizer.learning-rate=0.03"))
                .exitCode())
        .isZero();
    JsonNode expected = trained.json("metrics.json");
    JsonNode metrics = output.json("metrics.json");
    for (String key : List.of("weightsSha256", "dataFingerprint", "validation", "test")) {
      assertThat(metrics.path(key)).as(key).isEqualTo(expected.path(key));
    }
    // A trial is the first phase of a training, and compared by what that reports.
    assertThat(best.path("mean")).isEqualTo(expected.path("validation").path("logLoss"));
  }

  @Test
  void comparesByFoldsAndPutsWhatDivergesLast() throws IOException {
    Command.Result result =
        tune(
            "concrete.conf",
            "tune.folds=3",
            "tune.metric=r2",
            "training.epochs=2",
            "training.optimizer.type=sgd",
            "tune.space.training.optimizer.learning-rate=[1e30, 0.001, 0.05]");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("Trial 1/3: r2 diverged, ");
    assertThat(csv().get(0))
        .isEqualTo(
            "rank,trial,training.optimizer.learning-rate,r2_1,r2_2,r2_3,r2,diverged,seconds");
    assertThat(csv().get(3)).startsWith("3,1,1.0E30,,,,,true,");
    JsonNode trials = output.json("tuning.json").path("trials");
    JsonNode best = trials.get(0);
    assertThat(best.path("trial").asInt()).isEqualTo(3);
    double sum = 0;
    for (JsonNode score : best.path("scores")) {
      sum += score.asDouble();
    }
    assertThat(best.path("scores")).hasSize(3);
    assertThat(best.path("mean").asDouble()).isEqualTo(sum / 3);
    assertThat(trials.get(2).path("mean").isNull()).isTrue();
  }

  @Test
  void endsAsATrainingDoesIfEveryTrialDiverges() {
    Command.Result result =
        tune(
            "concrete.conf",
            "training.optimizer.type=sgd",
            "tune.space.training.optimizer.learning-rate=[1e30]");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).startsWith("Cannot continue training: the loss is ");
    assertThat(output.names()).containsExactly("tuning.csv", "tuning.json");
  }

  /** Makes of a search that is done one that was killed behind its first trial. */
  private void endAfterFirstTrial(double score) throws IOException {
    ObjectNode tuning = (ObjectNode) output.json("tuning.json");
    ArrayNode trials = (ArrayNode) tuning.path("trials");
    for (int i = trials.size() - 1; i >= 0; i--) {
      if (trials.get(i).path("trial").asInt() > 1) {
        trials.remove(i);
      }
    }
    ((ObjectNode) trials.get(0)).putArray("scores").add(score);
    Files.writeString(output.path("tuning.json"), tuning.put("complete", false).toString());
    Files.delete(output.path("metrics.json"));
    Files.delete(output.path(".tuning.json.crc")); // of the text before
  }

  @Test
  void goesOnBehindTheTrialsThatAreDone() throws IOException {
    String space = "tune.space.training.optimizer.learning-rate=[0.0001, 0.03]";
    assertThat(tune("penguins.conf", space).exitCode()).isZero();
    assertThat(output.json("tuning.json").path("complete").asBoolean()).isTrue();
    JsonNode undisturbed = output.json("metrics.json");

    endAfterFirstTrial(1e9); // which no training gives: it is not done again
    Command.Result resumed = tune("penguins.conf", space);
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("Trial 2/2: ").doesNotContain("Trial 1/2: ");
    assertThat(csv().get(2)).startsWith("2,1,1.0E-4,1.0E9,");
    assertThat(output.json("metrics.json").path("weightsSha256"))
        .isEqualTo(undisturbed.path("weightsSha256"));

    endAfterFirstTrial(0);
    Command.Result wider = tune("penguins.conf", space, "network.hidden=[9]");
    assertThat(wider.exitCode()).isEqualTo(2);
    assertThat(wider.err())
        .startsWith("Cannot resume: network.hidden was ")
        .contains("now it is [9] (must be as in ");
    String other = "tune.space.training.optimizer.learning-rate=[0.0002, 0.03]";
    assertThat(tune("penguins.conf", other).err()).startsWith("Cannot resume: tune.space");
    assertThat(tune("penguins.conf", space, "training.epochs=4").err())
        .startsWith("Cannot resume: training.epochs was ");
    String rows = RunFolder.shipped("data/penguins-test.csv");
    assertThat(tune("penguins.conf", space, "data.train=" + rows).err())
        .startsWith("Cannot resume: the rows of data.train had the fingerprint ");
    assertThat(tune("penguins.conf", space, "checkpoint.resume=never").out())
        .contains("Trial 1/2: ");
  }

  @Test
  void refusesToGoOnWithNothing() {
    Command.Result result =
        tune("penguins.conf", "tune.space.training.epochs=[1]", "checkpoint.resume=required");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "Cannot resume: there is no unfinished search in "
                + temporary.resolve("out")
                + System.lineSeparator());
  }

  @Test
  void refusesWhatCannotBeComparedBeforeTraining() {
    Command.Result none =
        tune("penguins.conf", "data.validation.fraction=0", "tune.space.training.epochs=[1]");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err())
        .contains(
            "Invalid tune.folds: 0 (must be >= 2 if there are no validation rows: validation is 0.0"
                + " of 275)");
    Command.Result auc =
        tune(
            "penguins.conf",
            "output.overwrite=true",
            "tune.metric=auc",
            "tune.space.training.epochs=[1]");
    assertThat(auc.exitCode()).isEqualTo(2);
    assertThat(auc.err()).startsWith("Invalid tune.metric: auc (must be auto or one of ");
    assertThat(auc.out()).isEmpty();
  }
}
