package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.InvalidDataException;
import chainrule.jobs.config.Configuration;
import chainrule.train.shard.WorkerFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobTest {
  @TempDir private Path temporary;

  private String file;

  @BeforeEach
  void writeFile() throws IOException {
    file = Files.writeString(temporary.resolve("run.conf"), "data.label = y").toString();
  }

  /** A job that fails, or not. */
  @picocli.CommandLine.Command(name = "failing")
  private static final class Failing extends ConfiguredJob {
    private final Runnable work;

    Failing(Runnable work) {
      this.work = work;
    }

    @Override
    void run(Configuration configuration, SparkSession session) {
      work.run();
    }
  }

  private Command.Result run(Runnable work, String... more) {
    String[] arguments = new String[more.length + 1];
    arguments[0] = file;
    System.arraycopy(more, 0, arguments, 1, more.length);
    return Command.run(new Failing(work), arguments);
  }

  private Command.Result failing(RuntimeException failure, String... more) {
    return run(
        () -> {
          throw failure;
        },
        more);
  }

  @Test
  void doneIsZeroAndSilent() {
    assertThat(run(() -> {})).isEqualTo(new Command.Result(0, "", ""));
  }

  @Test
  void invalidDataAreReportedInASentence() {
    assertThat(failing(new InvalidDataException("a.csv:3:x: Missing value")))
        .isEqualTo(new Command.Result(2, "", "a.csv:3:x: Missing value\n"));
  }

  @Test
  void aProblemOfTheDataIsFoundHoweverDeepSparkHasWrappedIt() {
    var cause = new InvalidDataException("a.csv:3:x: Missing value");
    var failure = new RuntimeException("Job aborted\nat x", new RuntimeException(cause));
    assertThat(failing(failure)).isEqualTo(new Command.Result(2, "", "a.csv:3:x: Missing value\n"));
  }

  @Test
  void unreadableFilesAreReportedInASentence() {
    var failure = new UncheckedIOException("Cannot read a.csv: no space", new IOException("no"));
    assertThat(failing(failure))
        .isEqualTo(new Command.Result(2, "", "Cannot read a.csv: no space\n"));
  }

  @Test
  void anInternalErrorIsReportedByItsFirstLine() {
    assertThat(failing(new IllegalStateException("it broke\nat a\nat b")))
        .isEqualTo(
            new Command.Result(
                1, "", "Cannot continue: it broke\n(use --verbose to show the stack trace)\n"));
    assertThat(failing(new NullPointerException()))
        .isEqualTo(
            new Command.Result(
                1,
                "",
                """
                Cannot continue: java.lang.NullPointerException
                (use --verbose to show the stack trace)
                """));
  }

  @Test
  void anErrorOnAWorkerIsAnInternalError() {
    var failure = new WorkerFailedException(new IllegalStateException("index 3"));
    assertThat(failing(failure).exitCode()).isEqualTo(1);
  }

  @Test
  void aLostClusterHasASeparateCode() {
    var stopped = new IllegalStateException("Cannot call methods on a stopped SparkContext.\nat x");
    assertThat(failing(new RuntimeException("Job failed", stopped)))
        .isEqualTo(
            new Command.Result(
                4, "", "Cannot continue: Job failed\n(use --verbose to show the stack trace)\n"));
    var lost =
        new SparkException(
            "Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times, most recent"
                + " failure: Lost task 0.3 in stage 3.0 (TID 9) (host executor 4):"
                + " ExecutorLostFailure (executor 4 exited caused by one of the running tasks)");
    assertThat(failing(new RuntimeException("Cannot compute", lost)).exitCode()).isEqualTo(4);
  }

  @Test
  void verboseShowsTheStackTrace() {
    Command.Result result = failing(new InvalidDataException("bad row"), "--verbose");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("bad row\nchainrule.data.InvalidDataException: bad row\n\tat ")
        .contains("JobTest");
  }

  @Test
  void anInvalidConfigurationIsReportedInASentence() {
    Command.Result result = run(() -> {}, "data.lable=z");
    assertThat(result)
        .isEqualTo(
            new Command.Result(
                2, "", file + ": Unknown key: data.lable (did you mean \"data.label\"?)\n"));
  }

  @Test
  void aMissingArgumentShowsTheUsage() {
    Command.Result result = Command.run(new TrainJob());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("Missing required parameter: 'CONF'\nUsage: train ");
  }
}
