package chainrule.spark.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import chainrule.data.InvalidDataException;
import chainrule.spark.CsvFolder;
import chainrule.spark.ShardedTable;
import chainrule.spark.Sparks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are damaged, in another encoding or not what their neighbours are. */
@Timeout(180)
class BadInputTest {
  private static final String TEXT =
      " (must be UTF-8 text without NUL bytes; iconv converts a file of another encoding)";
  private static final StructType SCHEMA =
      new StructType().add("x", DataTypes.DoubleType).add("y", DataTypes.StringType);

  @TempDir private Path temporary;

  private CsvFolder folder;

  @BeforeEach
  void makeFolder() {
    folder = new CsvFolder(temporary);
  }

  private static void assertRefused(String path, String message) {
    assertThatThrownBy(() -> CsvFolder.table(CsvFolder.read(path), "y").summary(1))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage(message);
  }

  /** Writes rows as one Parquet file into a folder, beside those that are in it. */
  private Path parquet(String name, StructType schema, Row... rows) throws IOException {
    Path target = temporary.resolve(name);
    Path written = temporary.resolve("written-" + name);
    Sparks.local2()
        .createDataFrame(List.of(rows), schema)
        .coalesce(1)
        .write()
        .parquet(written.toString());
    Files.createDirectories(target.getParent());
    try (Stream<Path> files = Files.list(written)) {
      Path part =
          files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
      return Files.move(part, target);
    }
  }

  @Test
  void aGzipFileThatIsCutOffIsNamed() throws IOException {
    String lines =
        IntStream.range(0, 5_000).mapToObj(i -> i * i + ",a\n").collect(Collectors.joining());
    byte[] whole = Files.readAllBytes(Path.of(folder.writeText("whole.csv.gz", "x,y\n" + lines)));
    Path cut = Files.write(temporary.resolve("cut.csv.gz"), Arrays.copyOf(whole, 5_000));
    assertThatThrownBy(() -> CsvFolder.table(CsvFolder.read(cut.toString()), "y"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("Cannot read " + cut + ": Unexpected end of input stream");
  }

  @Test
  void aFileThatIsNoGzipIsNamed() throws IOException {
    Path plain = Files.writeString(temporary.resolve("plain.csv.gz"), "x,y\n" + "1,a\n".repeat(9));
    assertThatThrownBy(() -> CsvFolder.read(plain.toString()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("Cannot read " + plain + ": not a gzip file");
  }

  @Test
  void textInAnotherEncodingIsRefused() {
    byte[] cell = "x,c,y\n1,B,a\n2,Köln,b\n".getBytes(StandardCharsets.ISO_8859_1);
    String path = folder.writeBytes("cell.csv", cell);
    assertRefused(path, path + ":3:c: Invalid value: \"K\ufffdln\"" + TEXT);
    byte[] label = "x,y\n1,grün\n2,blau\n".getBytes(StandardCharsets.ISO_8859_1);
    path = folder.writeBytes("label.csv", label);
    assertRefused(path, path + ":2:y: Invalid value: \"gr\ufffdn\"" + TEXT);
    byte[] header = "größe,y\n1,a\n2,b\n".getBytes(StandardCharsets.ISO_8859_1);
    path = folder.writeBytes("header.csv", header);
    assertRefused(path, path + ":1: Invalid header: \"gr\ufffd\ufffde\"" + TEXT);
    path = folder.writeBytes("utf16.csv", "x,y\n1,a\n".getBytes(StandardCharsets.UTF_16LE));
    assertRefused(path, path + ":1: Invalid header: \"x\\0\"" + TEXT);
  }

  @Test
  void aNulIsRefusedAndShown() {
    String path = folder.writeText("text.csv", "x,c,y\n1,q\0r,a\n2,c,b\n");
    assertRefused(path, path + ":2:c: Invalid value: \"q\\0r\"" + TEXT);
    path = folder.writeText("number.csv", "x,y\n1,a\n2,b\n3\0,a\n");
    assertRefused(path, path + ":4:x: Invalid value: \"3\\0\" (must be a decimal number or empty)");
  }

  @Test
  void aCellWithALineBreakIsRefused() {
    String rule =
        " (must end its quotation marks on the same line: a cell cannot hold a line break; replace"
            + " it in the file, or write Parquet)";
    String path = folder.writeText("cell.csv", "x,c,y\n1,\"two\nlines\",a\n2,c,b\n");
    assertRefused(path, path + ":2: Invalid row: \"1,\"two\"" + rule);
    // Both lines have as many cells as there are columns.
    path = folder.writeText("last.csv", "y,c\nb,u\na,\"two\nb,lines\"\n");
    assertRefused(path, path + ":3: Invalid row: \"a,\"two\"" + rule);
    path = folder.writeText("header.csv", "x,\"two\nlines\",y\n1,2,a\n");
    assertRefused(path, path + ":1: Invalid header: \"x,\"two\"" + rule);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "a,\"b | true",
        "a,\" | true",
        "\"a,b,c | true",
        "\"a\"\" | true",
        "\"a\",\"b,\"\"c\"\" | true",
        "a,\"b\" | false",
        "\"\",\"\"\"\" | false",
        "\"a,\"\"b\"\"\",c | false",
        "5\" pipe,6 | false",
        "a, \"b | false",
        "\"p\"q,b | false",
        "a,b, | false",
      })
  void aLineEndsInQuotationMarksIfTheyDoNotClose(String line, boolean expected) {
    assertThat(CsvFormat.endsInQuotes(line, ',')).isEqualTo(expected);
  }

  @Test
  void aTableOfOneColumnAsksForTheSeparator() {
    String path = folder.write("t.csv", "x;y", "1;a", "2;b");
    assertRefused(
        path,
        "data.label: Invalid column: \"y\" (must be a column of "
            + path
            + ") (did you mean \"x;y\"?); the table has one column: is data.csv.separator right?");
  }

  @Test
  void parquetThatIsCutOffIsNamedBeforeAnythingIsComputed() throws IOException {
    Path whole = parquet("two.parquet/a.parquet", SCHEMA, RowFactory.create(1.0, "a"));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = whole.resolveSibling("b.parquet");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> CsvFolder.read(cut.getParent().toString()))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageStartingWith(cut + ": Invalid Parquet file: ")
        .hasMessageEndingWith("(is it damaged or cut off?)");
  }

  @Test
  void parquetThatIsDamagedInsideIsNamedWhenItIsRead() throws IOException {
    Path file = parquet("damaged.parquet", SCHEMA, RowFactory.create(1.0, "a"));
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 8; i < 60; i++) {
      bytes[i] ^= 0x55;
    }
    Files.write(file, bytes);
    ShardedTable table = CsvFolder.table(CsvFolder.read(file.toString()), "y");
    Throwable failure = catchThrowable(() -> table.summary(1));
    assertThat(ReadFailure.of(failure).orElseThrow())
        .hasMessageStartingWith("Cannot read " + file + ": ")
        .hasMessageEndingWith("(is it damaged or cut off?)")
        .hasCause(failure);
    assertThat(ReadFailure.of(new IllegalStateException("other"))).isEmpty();
  }

  @Test
  void parquetFilesMustHaveTheSameColumns() throws IOException {
    String first = parquet("a/a.parquet", SCHEMA, RowFactory.create(1.0, "a")).toString();
    StructType whole =
        new StructType().add("x", DataTypes.IntegerType).add("y", DataTypes.StringType);
    String other = parquet("a/b.parquet", whole, RowFactory.create(1, "a")).toString();
    assertThatThrownBy(() -> read(first, other))
        .hasMessage(other + ":x: Invalid column type: int32 (must be double, as in " + first + ")");
    StructType more = SCHEMA.add("z", DataTypes.DoubleType);
    String wider = parquet("a/c.parquet", more, RowFactory.create(1.0, "a", 2.0)).toString();
    assertThatThrownBy(() -> read(first, wider))
        .hasMessage(
            wider
                + ": Invalid schema: it has a column \"z\" (must have the columns of "
                + first
                + ")");
    assertThatThrownBy(() -> read(wider, first))
        .hasMessage(
            first
                + ": Invalid schema: it has no column \"z\" (must have the columns of "
                + wider
                + ")");
  }

  private static TableReader read(String... paths) {
    return CsvFolder.read(new TableSource(List.of(paths), "parquet", TableSource.Csv.defaults()));
  }

  @Test
  void aNestedColumnIsRefusedWithARemedy() throws IOException {
    StructType nested =
        new StructType()
            .add("x", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("y", DataTypes.StringType);
    Path file = parquet("n.parquet", nested, RowFactory.create(List.of(1.0), "a"));
    assertRefused(
        file.toString(),
        "x: Invalid column type: array<double> (must be a number, text or boolean; exclude or"
            + " convert the column)");
  }
}
