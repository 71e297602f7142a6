package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A driver that is killed, and one that is asked to end, as processes of their own. */
@Timeout(240)
class InterruptionTest {
  private static final String[] LONG = {
    "training.epochs=1500", "training.refit=false", "output.overwrite=false"
  };

  @TempDir private Path temporary;

  private Path printed;
  private RunFolder output;

  /** Starts the training and returns once it has written a checkpoint that was not there. */
  private Process startAndAwaitCheckpoint(String master) throws Exception {
    Set<String> before = checkpoints();
    printed = Files.createTempFile(temporary, "printed", ".txt");
    Process process =
        new Submission(temporary)
            .start(master, TrainJob.class, output.arguments("concrete.conf", LONG), printed);
    while (before.containsAll(checkpoints())) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS))
          .as(() -> "ended early: " + text())
          .isFalse();
    }
    return process;
  }

  private String text() {
    try {
      return Files.readString(printed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> checkpoints() throws Exception {
    Path folder = output.path("checkpoints");
    if (!Files.exists(folder)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("fit-"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void aRunGoesOnWithTheSameBitsAfterItWasKilledAndAfterItWasAskedToEnd() throws Exception {
    var undisturbed = new RunFolder(temporary.resolve("undisturbed"));
    List<String> arguments = undisturbed.arguments("concrete.conf", LONG);
    assertThat(Command.run(new TrainJob(), arguments).exitCode()).isZero();

    output = new RunFolder(temporary.resolve("out"));
    startAndAwaitCheckpoint("local[2]").destroyForcibly().waitFor();
    assertThat(output.names()).doesNotContain("metrics.json");

    Process process = startAndAwaitCheckpoint("local[2]");
    process.destroy(); // SIGTERM
    assertThat(process.waitFor()).as(this::text).isEqualTo(130);
    assertThat(text())
        .contains("Resuming from " + output.path("checkpoints/fit-"))
        .contains("Interrupted: stopping after the current step")
        .containsPattern(
            "Stopped in epoch \\d+, step \\d+: the same command resumes from "
                + output.path("checkpoints/fit-"))
        .doesNotContain("Exception", "Cannot continue");
    assertThat(output.names()).isSubsetOf("checkpoints", "history.jsonl");
    assertThat(output.jsonLines("history.jsonl")).isNotEmpty();

    assertThat(Command.run(new TrainJob(), output.arguments("concrete.conf", LONG)).exitCode())
        .isZero();
    for (String key : List.of("weightsSha256", "train", "validation", "test", "steps")) {
      assertThat(output.json("metrics.json").path(key))
          .as(key)
          .isEqualTo(undisturbed.json("metrics.json").path(key));
    }
    assertThat(output.json("metrics.json").path("faults").path("resumed")).hasSize(2);
    assertThat(output.jsonLines("history.jsonl")).hasSize(1500);
  }
}
