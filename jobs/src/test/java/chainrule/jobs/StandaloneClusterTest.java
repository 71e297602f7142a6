package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines of a cluster that die while a command trains on them. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StandaloneClusterTest {
  private static final String LOST = "training resumes from the last finished step";

  /** A line of progress, which comes every few seconds and at the end of a phase. */
  private static final String PROGRESS = "Training: epoch ";

  @TempDir private Path temporary;

  private Submission submission;
  private StandaloneCluster cluster;
  private RunFolder output;
  private final List<Process> running = new ArrayList<>();
  private final StringBuilder printed = new StringBuilder();

  @BeforeEach
  void startCluster() throws IOException {
    submission =
        new Submission(temporary)
            .with("spark.executor.memory", "512m")
            .with("spark.chainrule.quietSeconds", "3");
    cluster = new StandaloneCluster(submission, temporary);
    output = new RunFolder(temporary.resolve("out"));
  }

  @AfterEach
  void stopCluster() {
    for (Process process : running) {
      StandaloneCluster.kill(process);
    }
    cluster.close();
  }

  private Process worker() throws IOException {
    return cluster.startWorker("127.0.0.1", 1);
  }

  /** Enough steps on two executors to be hit in mid-training. */
  private static List<String> arguments(RunFolder run, String... more) {
    List<String> arguments =
        run.arguments(
            "concrete.conf",
            "training.epochs=200",
            "training.batch-size=64",
            "training.shards=4",
            "network.ensemble-size=1",
            "training.blas=java");
    arguments.addAll(List.of(more));
    return arguments;
  }

  private Process train(String... more) throws IOException {
    Process process = submission.start(cluster.master(), TrainJob.class, arguments(output, more));
    running.add(process);
    return process;
  }

  /** Reads on to a line with a text. */
  private void await(BufferedReader lines, String text) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      printed.append(line).append('\n');
      if (line.contains(text)) {
        return;
      }
    }
    assertThat(printed).contains(text); // the process has ended
  }

  private void assertEnds(Process process, BufferedReader lines, int exitCode)
      throws InterruptedException {
    lines.lines().forEach(line -> printed.append(line).append('\n'));
    assertThat(process.waitFor()).as(printed::toString).isEqualTo(exitCode);
  }

  @Test
  void workersThatDieAndAnotherThatComesChangeNoBit() throws Exception {
    var local = new RunFolder(temporary.resolve("local"));
    assertThat(Command.run(new TrainJob(), arguments(local)).exitCode()).isZero();

    Process first = worker();
    Process second = worker();
    Process process = train();
    try (BufferedReader lines = process.inputReader()) {
      await(lines, PROGRESS);
      StandaloneCluster.kill(first);
      worker();
      await(lines, LOST);
      StandaloneCluster.kill(second); // now all is left to the one that came
      assertEnds(process, lines, 0);
    }
    JsonNode metrics = output.json("metrics.json");
    assertThat(metrics.path("weightsSha256"))
        .isEqualTo(local.json("metrics.json").path("weightsSha256"));
    assertThat(metrics.path("engine").asText()).isEqualTo("gang");
    // The second one may be dead before it has come back to the gang.
    assertThat(metrics.path("faults").path("executorsLost").asInt()).isBetween(1, 2);
  }

  private static final String NONE_CAME =
      "Cannot continue: all executors were lost, and no new one registered for 2 s\n";

  @ParameterizedTest
  @ValueSource(strings = {"gang", "tree"})
  void aClusterThatIsGoneEndsTheRunWithWhatItKept(String engine) throws Exception {
    submission.with("spark.chainrule.slotsSeconds", "2");
    Process only = worker();
    Process process = train("training.engine=" + engine);
    try (BufferedReader lines = process.inputReader()) {
      await(lines, PROGRESS);
      StandaloneCluster.kill(only);
      assertEnds(process, lines, Job.CLUSTER_LOST);
    }
    assertThat(printed)
        .contains(NONE_CAME)
        .containsPattern(
            "Saved the training up to epoch \\d+( of the refit)?, step \\d+: the same command"
                + " resumes from "
                + output.path("checkpoints"));
  }

  @Test
  void aBusyClusterIsWaitedForAndOneThatIsGoneWhileRowsAreReadIsNot() throws Exception {
    submission.with("spark.chainrule.slotsSeconds", "2");
    String table = temporary.resolve("table").toString();
    Command.Result generated =
        Command.run(
            new GenerateJob(),
            RunFolder.shipped("reference.conf"),
            "generate.path=" + table,
            "generate.rows=300000");
    assertThat(generated.exitCode()).as(generated.err()).isZero();
    Process process = train("data.train=" + table, "data.label=label", "data.test=null");
    try (BufferedReader lines = process.inputReader()) {
      await(lines, "Waiting for executors: the cluster has started none for 2 s");
      Process only = worker();
      // Parquet's footers have been read by an executor, and no row yet.
      await(lines, "Engine gang");
      StandaloneCluster.kill(only);
      assertEnds(process, lines, Job.CLUSTER_LOST);
    }
    assertThat(printed)
        .endsWith(NONE_CAME + "(use --verbose to show the stack trace)\n")
        .doesNotContain(PROGRESS);
  }

  @Test
  void rowsThatMustBeReadAgainFromAChangedFileAreRefused() throws Exception {
    Path file =
        Files.copy(
            Path.of(RunFolder.shipped("data/concrete-train.csv")), temporary.resolve("t.csv"));
    Process only = worker();
    Process process = train("data.train=" + file);
    try (BufferedReader lines = process.inputReader()) {
      await(lines, PROGRESS);
      Files.writeString(file, "\n", StandardOpenOption.APPEND);
      StandaloneCluster.kill(only);
      worker();
      assertEnds(process, lines, Job.REFUSED);
    }
    assertThat(printed)
        .containsPattern(file + ": Invalid file: \\d+ bytes of \\S+, but \\d+ bytes of ")
        .contains("Saved the training up to epoch ");
    // Refused at once: one attempt ended by the loss, and none was tried after the refusal.
    assertThat(printed.toString().split(LOST, -1)).hasSize(2);
  }
}
