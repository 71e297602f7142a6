package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                2,
                "",
                "Cannot read " + output.path("network.safetensors") + ": there is no such file\n"));
  }

  @Test
  void aDamagedModelIsNamed() throws IOException {
    Files.createDirectories(output.path(""));
    Files.write(output.path("network.safetensors"), new byte[] {1, 2, 3});
    assertThat(evaluate("penguins.conf"))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                "Cannot read "
                    + output.path("network.safetensors")
                    + ": Invalid safetensors file: 3 bytes (must be at least 8 bytes)\n"));
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
