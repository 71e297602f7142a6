package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluateJobTest {
  @TempDir private Path temporary;

  private RunFolder output;

  @BeforeEach
  void nameFolder() {
    output = new RunFolder(temporary.resolve("out"));
  }

  private Command.Result evaluate(String configuration, String... more) {
    return Command.run(new EvaluateJob(), output.arguments(configuration, more));
  }

  @ParameterizedTest
  @ValueSource(strings = {"penguins.conf", "concrete.conf"})
  void givesTheMetricsThatTrainingWroteBitForBit(String configuration) {
    List<String> arguments = output.arguments(configuration);
    assertThat(Command.run(new TrainJob(), arguments).exitCode()).isZero();
    Command.Result result = evaluate(configuration, "training.engine=tree");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("test", "Written to " + output.path("evaluation.json"));
    assertThat(output.json("evaluation.json")).isEqualTo(output.json("metrics.json").path("test"));
  }

  @Test
  void aFolderWithoutAModelIsNamed() {
    assertThat(evaluate("penguins.conf"))
        .isEqualTo(
            new Command.Result(
                2, "", "Cannot read " + output.path("model") + ": there is no such folder\n"));
  }

  @Test
  void aDamagedModelIsNamed() throws IOException {
    assertThat(Command.run(new TrainJob(), output.arguments("penguins.conf")).exitCode()).isZero();
    Path stages = output.path("model").resolve("stages");
    Path network;
    try (Stream<Path> files = Files.list(stages)) {
      network =
          files.filter(file -> file.getFileName().toString().startsWith("1_")).toList().get(0);
    }
    Path file = network.resolve("network.safetensors");
    Files.delete(network.resolve(".network.safetensors.crc"));
    Files.write(file, new byte[] {1, 2, 3});
    Command.Result result = evaluate("penguins.conf");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("Cannot read " + output.path("model") + ": Cannot read the model ")
        .contains("network.safetensors: SHA-256 039058c6", "the file is damaged");
  }

  @Test
  void aTableWithoutTheModelsColumnsIsRefused() {
    assertThat(Command.run(new TrainJob(), output.arguments("penguins.conf")).exitCode()).isZero();
    String other = RunFolder.shipped("data/concrete-test.csv");
    assertThat(evaluate("penguins.conf", "data.test.path=" + other))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                "data.test.path: Cannot use "
                    + other
                    + ": it has no column \"island\", which the model needs\n"));
  }

  @Test
  void aConfigurationWithoutATestTableIsRefused() {
    String file = RunFolder.shipped("penguins.conf");
    assertThat(evaluate("penguins.conf", "data.test.path=null"))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                file + ": Invalid data.test.path: null (must be a text or a list of texts)\n"));
  }
}
