package chainrule.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Column;
import chainrule.data.RowProblem;
import chainrule.data.RowProblemException;
import chainrule.data.Schema;
import chainrule.spark.CsvFolder;
import chainrule.spark.Sparks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines are cut as Spark's own reader cuts them. */
class CsvLinesTest {
  private static final Schema TEXTS =
      new Schema(
          List.of(Column.categorical("c"), Column.categorical("a")), Column.categorical("b"), "");

  private static final String[] LINES = {
    "a,b,c",
    "1,2,3",
    ",2,",
    "x,\"q,\"\"z\",3",
    " 1 , 2,\t",
    "",
    "   ",
    "1,2",
    "1,2,3,4",
    "\u00e9,\u00fc;\u00df,\ud83d\ude00",
    "NA,b,NAN",
    "\"NA\",b,\"\"",
    "p\"q,b,c",
    "\"p\"q,b,c",
    "a,b,c",
    "\"never,closed,",
    "#,b,c",
    "'a,b',c,d",
    "a;b;c",
    ";;\";\"",
  };

  @TempDir private Path temporary;

  private static List<ParsedRow> withoutPlace(List<ParsedRow> rows) {
    return rows.stream()
        .map(
            row ->
                row.problem()
                    .map(
                        problem ->
                            ParsedRow.of(
                                new RowProblem(
                                    "",
                                    -1,
                                    problem.column(),
                                    problem.value(),
                                    problem.expected(),
                                    problem.missing())))
                    .orElse(row))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"true,',',''", "false,',',''", "true,',',NA", "true,';',''", "false,é,''"})
  void cutsAsSparkDoes(boolean header, String separator, String nullValue) {
    String path = new CsvFolder(temporary).write("t.csv", LINES);
    String[] first = {"a" + separator + "b" + separator + "c"};
    String other = new CsvFolder(temporary).write("u.csv", first);
    var csv = new TableSource.Csv(header, separator, nullValue);
    var paths = header && !separator.equals(",") ? List.of(other) : List.of(path, other);
    var reader = new TableReader(Sparks.local2(), "data.train", new TableSource(paths, "csv", csv));
    Schema schema = header ? TEXTS : withoutHeader(reader);
    var selection = reader.select(schema, RowPolicy.defaults(), true);

    List<ParsedRow> cut = reader.parsed(selection).collect();

    assertThat(withoutPlace(cut)).isEqualTo(withoutPlace(reader.first(selection, 100)));
  }

  private static Schema withoutHeader(TableReader reader) {
    List<Column> columns = reader.columns().stream().map(Column::categorical).toList();
    List<Column> features = columns.subList(Math.min(1, columns.size() - 1), columns.size());
    return new Schema(features, columns.get(0), "");
  }

  @Test
  void aFileThatIsNamedTwiceIsReadTwiceWithoutItsHeaders() {
    String path = new CsvFolder(temporary).write("t.csv", "a,b,c", "1,2,3", "4,5,6");
    var reader = CsvFolder.read(path, path);
    var selection = reader.select(TEXTS, RowPolicy.defaults(), true);
    assertThat(reader.parsed(selection).collect())
        .hasSize(4)
        .isEqualTo(reader.first(selection, 100));
  }

  @Test
  void columnsInTheNamesOfFoldersAreRead() {
    String path = new CsvFolder(temporary).write("c=7/t.csv", "a,b", "1,2", "3,4");
    var reader = CsvFolder.read(Path.of(path).getParent().getParent().toString());
    var selection = reader.select(TEXTS, RowPolicy.defaults(), true);
    assertThat(reader.parsed(selection).collect())
        .map(row -> row.orElseThrow(RowProblemException::new))
        .extracting(row -> row.category(0) + row.category(1))
        .containsExactly("71", "73");
  }

  @ParameterizedTest
  @ValueSource(strings = {"t.csv", "t.csv.gz"})
  void takesBytesAsSparkDoes(String name) {
    // A byte order mark, both kinds of ends, and bytes that are no UTF-8 but Latin 1.
    byte[] text =
        "\u00ef\u00bb\u00bfa,b,c\r\n1,caf\u00e9,3\r\n\r\n\"\u00fc\",x,\"\"\ny,\u00df\r\n,\u00a0,z"
            .getBytes(StandardCharsets.ISO_8859_1);
    var reader = CsvFolder.read(new CsvFolder(temporary).writeBytes(name, text));
    var selection = reader.select(TEXTS, RowPolicy.defaults(), true);

    List<ParsedRow> cut = reader.parsed(selection).collect();

    assertThat(cut).hasSize(4);
    assertThat(withoutPlace(cut)).isEqualTo(withoutPlace(reader.first(selection, 100)));
    assertThat(reader.describe(cut.get(2).problem().orElseThrow()))
        .isEqualTo(
            temporary.resolve(name)
                + ":5: Invalid row: \"y,\ufffd\" (must have as many cells as columns, 3)");
  }
}
