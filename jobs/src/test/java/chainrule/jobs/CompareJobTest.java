package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.jobs.output.RunReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareJobTest {
  @TempDir private Path temporary;

  private Path page;

  @BeforeEach
  void writeRuns() throws IOException {
    page = temporary.resolve("page.html");
    write("one", 2.5);
    write("two", 3.5);
  }

  private void write(String name, double rmse) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve(name));
    Files.writeString(
        folder.resolve("metrics.json"),
        "{\"task\":\"regression\",\"rows\":{\"test\":9},\"test\":{\"loss\":1,\"rmse\":"
            + rmse
            + "}}");
    Files.writeString(folder.resolve("history.jsonl"), "{\"phase\":\"fit\",\"epoch\":1}\n");
    Files.writeString(folder.resolve("configuration.json"), "{}");
  }

  private Command.Result compare(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    var capturedOut = new ByteArrayOutputStream();
    var capturedErr = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(capturedOut, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(capturedErr, true, StandardCharsets.UTF_8));
      int exitCode = Job.execute(new CompareJob(), arguments);
      return new Command.Result(
          exitCode,
          capturedOut.toString(StandardCharsets.UTF_8),
          capturedErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private String folder(String name) {
    return temporary.resolve(name).toString();
  }

  @Test
  void writesOnePageAndNothingElse() throws IOException {
    Files.writeString(page, "an older page");
    assertThat(compare(folder("one"), folder("two"), "--output", page.toString()))
        .isEqualTo(new Command.Result(0, "Written to " + page + "\n", ""));
    assertThat(Files.readString(page))
        .startsWith("<!DOCTYPE html>")
        .contains("“\u2068one\u2069” is best on the test rows: RMSE 2.5.");
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("one", "two", "page.html");
    }
  }

  @Test
  void foldersOfOneNameAreToldApartByTheirPaths() throws IOException {
    write("deeper/one", 4);
    compare(folder("one"), folder("deeper/one"), "--output", page.toString());
    assertThat(Files.readString(page)).contains(folder("deeper/one"));
  }

  @Test
  void aFolderWithoutARunIsNamed() {
    assertThat(compare(folder("one"), folder("none")))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                "Cannot read "
                    + folder("none")
                    + "/metrics.json: there is no such file (must be in the folder of a run)\n"));
  }

  @Test
  void damagedFilesAreNamed() throws IOException {
    Files.writeString(temporary.resolve("two/history.jsonl"), "{}\n{\"epoch\"");
    Command.Result result = compare(folder("one"), folder("two"));
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith(folder("two") + ": Cannot read history.jsonl:2: ");
  }

  @Test
  void aFileTooLargeIsRefusedBeforeItIsRead() throws IOException {
    Path file = temporary.resolve("two/metrics.json");
    try (var large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(RunReader.MOST_BYTES + 1); // of holes
    }
    assertThat(compare(folder("one"), folder("two")))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                "Cannot read "
                    + file
                    + ": 67108865 bytes (must be at most 67108864: is it the file of a run?)\n"));
  }

  @Test
  void oneRunAloneIsRefused() {
    String one = folder("one");
    assertThat(compare(one, one + "/"))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                "Invalid OUT: "
                    + one
                    + " "
                    + one
                    + "/ (must be the folders of two or more runs)\n"));
    assertThat(compare().err()).startsWith("Missing required parameter: 'OUT'");
  }

  @Test
  void aFolderIsNoPlaceForThePage() {
    String two = folder("two");
    assertThat(compare(folder("one"), two, "--output", two))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                "Invalid --output: "
                    + two
                    + " is a folder (must be a file, such as compare.html)\n"));
  }

  @Test
  void helpIsPrinted() {
    assertThat(compare("--help").out()).contains("Usage: compare", "--output", "Example: ");
  }
}
