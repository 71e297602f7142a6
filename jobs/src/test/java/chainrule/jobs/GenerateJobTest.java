package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table from a configuration file, and from the command line alone. */
class GenerateJobTest {
  @TempDir private Path temporary;

  private String path(String name) {
    return temporary.resolve(name).toString();
  }

  private static List<Row> rows(String path) {
    Dataset<Row> table = Command.session().read().parquet(path);
    return table.orderBy("x0").collectAsList();
  }

  @Test
  void needsNoConfigurationFile() {
    Command.Result result =
        Command.run(
            new GenerateJob(),
            "generate.path=" + path("t"),
            "generate.rows=20",
            "generate.features=3");
    assertThat(result)
        .isEqualTo(
            new Command.Result(0, "20 rows of 4 columns written to " + path("t") + "\n", ""));
  }

  @Test
  void readsTheSameKeysFromAFileAndWithoutTheirGroup() throws IOException {
    String file =
        Files.writeString(temporary.resolve("t.conf"), "generate { rows = 20, features = 3 }")
            .toString();
    String fromFile = path("file");
    String fromLine = path("line");
    Command.Result first =
        Command.run(new GenerateJob(), file, "generate.path=" + fromFile, "generate.seed=7");
    assertThat(first.err()).isEmpty();
    Command.Result second =
        Command.run(new GenerateJob(), "path=" + fromLine, "rows=20", "features=3", "seed=7");
    assertThat(second.err()).isEmpty();
    assertThat(rows(fromLine)).hasSize(20).isEqualTo(rows(fromFile));
  }

  @Test
  void namesTheCommandLineInMessages() {
    assertThat(Command.run(new GenerateJob(), "rows=0", "path=" + path("t")))
        .isEqualTo(
            new Command.Result(
                2, "", "command line: Invalid generate.rows: 0 (must be a whole number >= 1)\n"));
    assertThat(Command.run(new GenerateJob(), "rows=1"))
        .isEqualTo(
            new Command.Result(
                2, "", "command line: Invalid generate.path: null (must be a text)\n"));
    assertThat(Command.run(new GenerateJob(), "generate.row=1"))
        .isEqualTo(
            new Command.Result(
                2,
                "",
                "command line: Unknown key: generate.row (did you mean \"generate.rows\"?)\n"));
  }

  @Test
  void aMissingFileIsAnError() {
    assertThat(Command.run(new GenerateJob(), path("none.conf"), "rows=1"))
        .isEqualTo(
            new Command.Result(
                2, "", "Cannot read " + path("none.conf") + ": there is no such file\n"));
  }

  @Test
  void withoutArgumentsItPrintsItsUsage() {
    Command.Result result = Command.run(new GenerateJob());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().lines().toList())
        .startsWith("Missing required parameter: '[CONF] key=value...'")
        .anyMatch(line -> line.startsWith("Usage: generate "));
  }
}
