package chainrule.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.jobs.Command;
import chainrule.jobs.RunFolder;
import chainrule.jobs.TrainJob;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that were killed, as their folders look, and are started again. */
class ResumeTest {
  private static final String[] SETTINGS = {
    "training.epochs=8",
    "checkpoint.every-steps=5",
    "checkpoint.keep=1000",
    "output.overwrite=false"
  };

  @TempDir private static Path shared;
  @TempDir private Path temporary;

  private static RunFolder undisturbed;
  private RunFolder output;

  @BeforeAll
  static void trainUndisturbed() {
    undisturbed = new RunFolder(shared.resolve("undisturbed"));
    assertThat(train(undisturbed).exitCode()).isZero();
  }

  /** Makes the folder of a run that was killed after its first checkpoint in each phase. */
  @BeforeEach
  void kill() throws IOException {
    output = new RunFolder(temporary.resolve("out"));
    Files.createDirectories(output.path("checkpoints"));
    for (String phase : List.of("fit", "refit")) {
      String first =
          checkpoints(undisturbed)
              .filter(name -> name.startsWith(phase + "-"))
              .findFirst()
              .orElseThrow();
      copy(first);
    }
    Files.writeString(output.path("history.jsonl"), "{\"epoch\":1}\n{\"epoch\":2}\n");
    Files.writeString(output.path(".history.jsonl.tmp"), "{\"epo");
  }

  private void copy(String name) throws IOException {
    String file = "checkpoints/" + name;
    Files.copy(undisturbed.path(file), output.path(file));
  }

  private static Command.Result train(RunFolder folder, String... more) {
    List<String> arguments = folder.arguments("penguins.conf", SETTINGS);
    arguments.addAll(List.of(more));
    return Command.run(new TrainJob(), arguments);
  }

  private static Stream<String> checkpoints(RunFolder folder) {
    return new RunFolder(folder.path("checkpoints"))
        .names().stream().filter(name -> name.endsWith(".safetensors"));
  }

  private void assertSameResults() {
    assertThat(withoutTimes(output.json("metrics.json")))
        .isEqualTo(withoutTimes(undisturbed.json("metrics.json")));
    assertThat(output.jsonLines("history.jsonl").stream().map(ResumeTest::withoutTimes))
        .containsExactlyElementsOf(
            undisturbed.jsonLines("history.jsonl").stream().map(ResumeTest::withoutTimes).toList());
    assertThat(output.names()).isEqualTo(undisturbed.names());
  }

  private static JsonNode withoutTimes(JsonNode json) {
    ObjectNode rest = json.deepCopy();
    return rest.without(
        List.of("trainSeconds", "rowsPerSecond", "computeSeconds", "exchangeSeconds", "faults"));
  }

  private String newest() {
    return output
        .path("checkpoints/" + checkpoints(output).reduce((a, b) -> b).orElseThrow())
        .toString();
  }

  private static void assertRefused(Command.Result result, String message) {
    assertThat(result).isEqualTo(new Command.Result(2, "", message + "\n"));
  }

  @Test
  void theSameCommandGoesOnToTheSameResults() {
    Command.Result result = train(output);
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertSameResults();
    JsonNode resumed = output.json("metrics.json").path("faults").path("resumed");
    assertThat(resumed).hasSize(1);
    assertThat(resumed.path(0).path("phase").asText()).isEqualTo("refit");
    assertThat(result.out())
        .contains(
            "Resumed from a checkpoint in epoch "
                + resumed.path(0).path("epoch")
                + " of the refit, step "
                + resumed.path(0).path("step"));
  }

  @Test
  void aDamagedCheckpointIsSkipped() throws IOException {
    Path newest = Path.of(newest());
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length - 1] ^= 1;
    Files.write(newest, bytes);
    assertThat(train(output, "training.engine=tree").exitCode()).isZero();
    JsonNode faults = output.json("metrics.json").path("faults");
    assertThat(faults.path("resumed").path(0).path("phase").asText()).isEqualTo("fit");
    assertThat(output.json("metrics.json").path("weightsSha256"))
        .isEqualTo(undisturbed.json("metrics.json").path("weightsSha256"));
  }

  @Test
  void withDamagedCheckpointsAloneTrainingStartsAgain() throws IOException {
    for (String name : checkpoints(output).toList()) {
      Files.write(output.path("checkpoints/" + name), new byte[] {1, 2, 3});
    }
    assertRefused(
        train(output, "checkpoint.resume=required"),
        "Cannot resume: there is no complete checkpoint of an unfinished run in "
            + output.path("checkpoints"));
    assertThat(train(output).exitCode()).isZero();
    assertSameResults();
    assertThat(output.json("metrics.json").path("faults").path("resumed")).isEmpty();
  }

  @Test
  void anotherConfigurationIsRefusedByKey() {
    String advice =
        " (must be as in the checkpoint "
            + newest()
            + "; checkpoint.resume = never with output.overwrite = true starts from the beginning)";
    assertRefused(
        train(output, "training.seed=2"),
        "Cannot resume: training.seed was 1, now it is 2" + advice);
    assertRefused(
        train(output, "training.class-weights={Adelie=2}"),
        "Cannot resume: training.class-weights was null, now it is {\"Adelie\":2}" + advice);
    assertRefused(
        train(output, "network.hidden=[8, 8]"),
        "Cannot resume: network.hidden was [8], now it is [8,8]" + advice);
    String otherKernels =
        undisturbed.json("metrics.json").path("blas").asText().equals("java") ? "openblas" : "java";
    assertThat(train(output, "training.blas=" + otherKernels).err())
        .startsWith("Cannot resume: training.blas was ");
    assertRefused(
        train(output, "training.epochs=9"), "Cannot resume: epochs was 8, now it is 9" + advice);
  }

  @Test
  void otherRowsAreRefusedAndTheSameRowsElsewhereAreNot() throws IOException {
    List<String> lines = Files.readAllLines(Path.of(RunFolder.shipped("data/penguins-train.csv")));
    String less = Files.write(temporary.resolve("less.csv"), lines.subList(0, 275)).toString();
    assertThat(train(output, "data.train=" + less).err())
        .matches(
            "Cannot resume: data was 275 rows of fingerprint [0-9a-f]{32}, now it is 274 rows of"
                + " fingerprint [0-9a-f]{32} \\(must be as in the checkpoint .*\\)\n");
    String same = Files.write(temporary.resolve("same.csv"), lines).toString();
    assertThat(train(output, "data.train=" + same).exitCode()).isZero();
    assertSameResults();
  }

  @Test
  void startsAgainWhereToldTo() {
    assertRefused(
        train(output, "checkpoint.resume=never"),
        "Invalid output.dir: "
            + output.path("")
            + " is in use (must be empty or must not exist; output.overwrite = true replaces it)");
    Command.Result result =
        train(output, "checkpoint.resume=never", "output.overwrite=true", "checkpoint.keep=2");
    assertThat(result.exitCode()).isZero();
    assertSameResults();
    assertThat(output.json("metrics.json").path("faults").path("resumed")).isEmpty();
    // The last two and the best.
    assertThat(checkpoints(output).count()).isBetween(2L, 3L);
  }

  @Test
  void aRunThatIsDoneIsNotResumed() {
    assertRefused(
        train(undisturbed),
        "Invalid output.dir: "
            + undisturbed.path("")
            + " is in use (must be empty or must not exist; output.overwrite = true replaces it)");
    assertRefused(
        train(undisturbed, "checkpoint.resume=required"),
        "Cannot resume: there is no complete checkpoint of an unfinished run in "
            + undisturbed.path("checkpoints"));
  }

  @Test
  void withoutCheckpointsThereAreNone() {
    var folder = new RunFolder(temporary.resolve("none"));
    Command.Result result = train(folder, "checkpoint.every-epochs=0", "checkpoint.every-steps=0");
    assertThat(result.exitCode()).isZero();
    assertThat(folder.names()).doesNotContain("checkpoints");
    assertThat(folder.json("metrics.json").path("weightsSha256"))
        .isEqualTo(undisturbed.json("metrics.json").path("weightsSha256"));
  }
}
