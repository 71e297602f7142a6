package chainrule.spark.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.InvalidDataException;
import chainrule.data.Schema;
import chainrule.spark.CsvFolder;
import chainrule.spark.ShardedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.apache.spark.api.java.JavaRDD;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that change between the first look at a table and another. */
class FileWatchTest {
  private static final String THEN =
      ", but \\d+ bytes of \\S+ when the table was opened \\(must stay as it is until training ends;"
          + " restore it and start again to resume, or start anew with the files as they are\\)";

  @TempDir private Path temporary;

  private CsvFolder folder;

  @BeforeEach
  void makeFolder() {
    folder = new CsvFolder(temporary);
  }

  private static JavaRDD<ParsedRow> rows(TableReader reader) {
    Schema schema = reader.schema(ColumnChoice.of("y"));
    return reader.source(schema, RowPolicy.defaults()).parsed();
  }

  private static Throwable rootCause(Throwable e) {
    return e.getCause() == null ? e : rootCause(e.getCause());
  }

  /**
   * @param found a pattern
   */
  private static void assertNoticed(ThrowingCallable look, Path file, String found) {
    assertThatThrownBy(look)
        .satisfies(
            e -> {
              Throwable cause = rootCause(e);
              assertThat(cause).isInstanceOf(InvalidDataException.class);
              assertThat(cause.getMessage())
                  .matches("\\Q" + file + "\\E: Invalid file: " + found + THEN);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "parquet"})
  void aFileThatIsReadAgainAndHasChangedIsNamed(String format) throws IOException {
    Path file = Path.of(folder.write("a b.csv", "x,y", "1,p", "2,q"));
    String path = file.toString();
    if (format.equals("parquet")) {
      path = temporary.resolve("table.parquet").toString();
      CsvFolder.read(file.toString()).rows().repartition(1).write().parquet(path);
      try (var inside = Files.list(Path.of(path))) {
        file =
            inside.filter(part -> part.toString().endsWith(".parquet")).findFirst().orElseThrow();
      }
    }
    JavaRDD<ParsedRow> rows = rows(CsvFolder.read(path));
    assertThat(rows.count()).isEqualTo(2);
    assertThat(rows.count()).isEqualTo(2);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
    assertNoticed(rows::count, file, "\\d+ bytes of 2001-09-09T01:46:40Z");
  }

  @Test
  void aFileThatGrowsAndOneThatIsGoneAreNamed() throws IOException {
    Path grown = Path.of(folder.write("a.csv", "x,y", "1,p", "2,q"));
    Path gone = Path.of(folder.write("b.csv", "x,y", "3,p", "4,q"));
    TableReader reader = CsvFolder.read(temporary + "/*.csv");
    JavaRDD<ParsedRow> rows = rows(reader);
    ShardedTable table = CsvFolder.table(reader, "y");
    assertThat(rows.count()).isEqualTo(4);

    byte[] before = Files.readAllBytes(gone);
    FileTime time = Files.getLastModifiedTime(gone);
    Files.delete(gone);
    assertNoticed(rows::count, gone, "it is gone");
    assertNoticed(() -> table.summary(1), gone, "it is gone"); // though a glob no longer finds it

    Files.write(gone, before);
    Files.setLastModifiedTime(gone, time);
    assertThat(rows.count()).isEqualTo(4);
    folder.write("a.csv", "x,y", "1,p", "2,q", "5,q");
    assertNoticed(rows::count, grown, "16 bytes of \\S+");
  }

  @Test
  void aFileThatComesBetweenTwoLooksIsNamed() {
    folder.write("a.csv", "x,y", "1,p", "2,q");
    TableReader reader = CsvFolder.read(temporary.toString());
    JavaRDD<ParsedRow> rows = rows(reader);
    String path = folder.write("b.csv", "x,y", "3,p", "4,q");
    assertThat(rows.count()).isEqualTo(2); // it was listed before
    assertThatThrownBy(() -> rows(reader))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage(
            path
                + ": Invalid file: it came after the table was opened (files must stay as they are"
                + " until training ends; start again to train on it too)");
  }
}
