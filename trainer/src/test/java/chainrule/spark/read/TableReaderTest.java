package chainrule.spark.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.Column;
import chainrule.data.Fingerprint;
import chainrule.data.InvalidDataException;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.spark.CsvFolder;
import chainrule.spark.MixedTable;
import chainrule.spark.ShardedTable;
import chainrule.spark.Sparks;
import chainrule.train.settings.Setting;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Date;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableReaderTest {
  @TempDir private Path temporary;

  private CsvFolder folder;

  @BeforeEach
  void makeFolder() {
    folder = new CsvFolder(temporary);
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(InvalidDataException.class).hasMessage(message);
  }

  private static ColumnChoice choice(
      String label, String weight, List<String> include, List<String> exclude, String... listed) {
    Setting<ArrayList<String>> categorical =
        listed.length == 0 ? Setting.auto() : Setting.of(new ArrayList<>(List.of(listed)));
    return new ColumnChoice(List.of(label), weight, include, exclude, categorical);
  }

  private static void assertRows(ShardedTable table, RawRow... rows) {
    Fingerprint expected = Fingerprint.empty();
    for (RawRow row : rows) {
      expected = expected.plus(row);
    }
    assertThat(table.summary(1).fingerprint()).isEqualTo(expected);
  }

  private static RawRow row(double number, String category, String label) {
    return RawRow.withTextLabel(new double[] {number}, new String[] {category}, label, 1);
  }

  // Files

  @Test
  void aMissingFileIsNamedWithTheKeyThatNamesIt() {
    String path = folder.path("none.csv").toString();
    assertRefused(
        () -> CsvFolder.read(path),
        "data.train: Cannot read " + path + ": there is no such file or folder");
  }

  @Test
  void aGlobWithoutMatchesIsNamed() {
    String path = folder.path("*.csv").toString();
    assertRefused(
        () -> CsvFolder.read(path),
        "data.train: Cannot read " + path + ": there is no such file or folder");
  }

  @Test
  void anEmptyFolderIsNamed() {
    assertRefused(
        () -> CsvFolder.read(temporary.toString()),
        "data.train: Cannot read " + temporary + ": the folder has no files");
  }

  @Test
  void anEmptyFileIsNamed() {
    String path = folder.writeText("empty.csv", "");
    assertRefused(
        () -> CsvFolder.read(path),
        path + ": Invalid CSV file: it is empty (must have a header and rows)");
  }

  @Test
  void anEndingThatSaysNothingAsksForTheFormat() {
    String path = folder.write("table.dat", "x,y", "1,2");
    assertThatThrownBy(() -> CsvFolder.read(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid data.format: auto (must be csv, parquet or another format of Spark SQL for "
                + path
                + ", whose ending is not known)");
  }

  @Test
  void aFileThatIsNoParquetIsRefused() {
    String path = folder.write("table.parquet", "x,y", "1,2");
    assertThatThrownBy(() -> CsvFolder.read(path))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageStartingWith(path + ": Invalid Parquet file: ")
        .hasMessageContaining("is not a Parquet file");
  }

  @Test
  void anUnknownFormatIsRefused() {
    String path = folder.write("table.csv", "x,y", "1,2");
    var source = new TableSource(List.of(path), "papyrus", TableSource.Csv.defaults());
    assertThatThrownBy(() -> CsvFolder.read(source))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageStartingWith("data.train: Cannot read " + path + " as papyrus: ");
  }

  @Test
  void formatsAreKnownInAnyCase() {
    String path = folder.write("table.dat", "x,y", "1,a");
    var source = new TableSource(List.of(path), "CSV", TableSource.Csv.defaults());
    assertThat(CsvFolder.read(source).columns()).containsExactly("x", "y");
  }

  @ParameterizedTest
  @ValueSource(strings = {"with blank.csv", "per%41cent.csv", "ümläut 紫.csv", "a+b&c.csv.gz"})
  void filesOfUnusualNamesAreReadAndNamedInErrors(String name) {
    String path = folder.write(name, "x,c,y", "1,u,a", "oops,u,b", "3,v,a");
    ShardedTable table = CsvFolder.table(CsvFolder.read(path), "y");
    assertRefused(
        () -> table.summary(1),
        path + ":3:x: Invalid value: \"oops\" (must be a decimal number or empty)");
  }

  @Test
  void severalFilesFoldersAndGlobsMakeOneTable() {
    String one = folder.write("one.csv", "x,c,y", "1,u,a");
    String two = folder.write("sub/two.csv.gz", "x,c,y", "2,v,b", "3,,a");
    folder.write("more/three-1.csv", "x,c,y", ",u,b");
    folder.write("more/three-2.csv", "x,c,y", "5,u,b");
    folder.write("more/_hidden.csv", "nothing");
    String glob = folder.path("more/three-*.csv").toString();
    ShardedTable table = CsvFolder.table(CsvFolder.read(one, two, glob), "y");
    assertRows(
        table,
        row(1, "u", "a"),
        row(2, "v", "b"),
        row(3, "", "a"),
        row(Double.NaN, "u", "b"),
        row(5, "u", "b"));
  }

  // Headers

  @Test
  void aFileWithAnotherHeaderIsRefused() {
    String one = folder.write("one.csv", "x,c,y", "1,u,a");
    String two = folder.write("two.csv", "c,x,y", "u,1,a");
    assertRefused(
        () -> CsvFolder.read(one, two),
        two + ":1: Invalid header: c,x,y (must be x,c,y, as in " + one + ")");
  }

  @Test
  void aColumnThatIsThereTwiceIsRefused() {
    String path = folder.write("table.csv", "x,y,x", "1,a,2");
    assertRefused(
        () -> CsvFolder.read(path),
        path + ":1:x: Invalid header: the column is there twice (must be there once)");
  }

  @Test
  void columnsThatDifferInCaseAloneAreRefusedWhereSparkDoesNotTellThemApart() {
    String path = folder.write("table.csv", "x,y,X", "1,a,2");
    assertRefused(
        () -> CsvFolder.read(path),
        path
            + ":1:X: Invalid header: the column is there twice, but for upper and lower case (must be"
            + " there once unless spark.sql.caseSensitive = true)");
  }

  @Test
  void aColumnWithoutANameIsRefused() {
    String path = folder.write("table.csv", "x,,y", "1,a,2");
    assertRefused(() -> CsvFolder.read(path), path + ":1: Invalid header: column 2 has no name");
  }

  @Test
  void aHeaderMayBeginWithAHashOrAByteOrderMark() {
    String hash = folder.write("hash.csv", "#x,c,y", "1,u,a", "2,u,b");
    assertThat(CsvFolder.read(hash).columns()).containsExactly("#x", "c", "y");
    String mark = folder.write("mark.csv", "\ufeffx,c,y", "1,u,a", "2,u,b");
    assertRows(CsvFolder.table(CsvFolder.read(mark), "y"), row(1, "u", "a"), row(2, "u", "b"));
  }

  @Test
  void namesMayHaveDotsBlanksAndQuotes() {
    String path = folder.write("table.csv", "a.b,\"c, `d` \"\"e\"\"\",y z", "1,u,a", "2,v,b");
    ShardedTable table = CsvFolder.table(CsvFolder.read(path), "y z");
    assertThat(table.schema().columnNames()).containsExactly("a.b", "c, `d` \"e\"", "y z");
    assertRows(table, row(1, "u", "a"), row(2, "v", "b"));
  }

  @Test
  void aHeaderAloneMakesATableWithoutRows() {
    String path = folder.write("table.csv", "x,c,y");
    assertThat(CsvFolder.table(CsvFolder.read(path), "y").summary(1).rows()).isZero();
  }

  @Test
  void otherSeparatorsNullValuesAndNoHeader() {
    String path = folder.write("table.txt", "1;u;a", "NA;NA;b", "3;\"v;w\";a", ";;b");
    var source = new TableSource(List.of(path), "auto", new TableSource.Csv(false, ";", "NA"));
    ShardedTable table = CsvFolder.table(CsvFolder.read(source), "_c2");
    assertRows(
        table,
        row(1, "u", "a"),
        row(Double.NaN, "", "b"),
        row(3, "v;w", "a"),
        row(Double.NaN, "", "b"));
  }

  @Test
  void quotesLineEndsAndBlankLinesAreReadAsUsual() {
    String path =
        folder.writeText("table.csv", "x,c,y\r\n1,\"u,\"\"v\"\"\",a\r\n\r\n\"2\",\"\",b\r\n");
    assertRows(CsvFolder.table(CsvFolder.read(path), "y"), row(1, "u,\"v\"", "a"), row(2, "", "b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",,"})
  void aSeparatorIsOneCharacter(String separator) {
    assertThatThrownBy(() -> new TableSource.Csv(true, separator, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid data.csv.separator: \"" + separator + "\" (must be one character)");
  }

  // Columns

  @ParameterizedTest
  @CsvSource({
    "data.label, labell",
    "data.weight, weigth",
    "data.features.include, numbr",
    "data.features.exclude, NUMBER",
    "data.features.categorical, colour"
  })
  void anUnknownColumnIsNamedWithItsKeyAndTheNearestColumn(String key, String name) {
    String path = folder.write("t.csv", "number,color,weight,label", "1,u,1,a");
    ColumnChoice choice =
        switch (key) {
          case "data.label" -> choice(name, "", List.of(), List.of());
          case "data.weight" -> choice("label", name, List.of(), List.of());
          case "data.features.include" -> choice("label", "", List.of(name), List.of());
          case "data.features.exclude" -> choice("label", "", List.of(), List.of(name));
          default -> choice("label", "", List.of(), List.of(), name);
        };
    String meant =
        key.equals("data.label")
            ? "label"
            : key.equals("data.weight")
                ? "weight"
                : key.equals("data.features.categorical") ? "color" : "number";
    assertRefused(
        () -> CsvFolder.read(path).schema(choice),
        String.format(
            "%s: Invalid column: \"%s\" (must be a column of %s) (did you mean \"%s\"?)",
            key, name, path, meant));
  }

  @Test
  void aColumnThatNoneIsNearIsNamedAlone() {
    String path = folder.write("t.csv", "x,y", "1,a");
    assertRefused(
        () -> CsvFolder.read(path).schema(ColumnChoice.of("nothing")),
        "data.label: Invalid column: \"nothing\" (must be a column of " + path + ")");
  }

  @Test
  void theLabelIsNoFeature() {
    String path = folder.write("t.csv", "x,y", "1,a");
    assertThatThrownBy(
            () -> CsvFolder.read(path).schema(choice("y", "", List.of("x", "y"), List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid data.features.include: y (must be without the label)");
  }

  @Test
  void theLabelIsNoWeight() {
    String path = folder.write("t.csv", "x,y", "1,2");
    assertThatThrownBy(() -> CsvFolder.read(path).schema(choice("y", "y", List.of(), List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid data.weight: y (must be another column than the label)");
  }

  @Test
  void aTableWithoutFeaturesIsRefused() {
    String path = folder.write("t.csv", "x,y", "1,a");
    assertRefused(
        () -> CsvFolder.read(path).schema(choice("y", "", List.of(), List.of("x"))),
        "data.train: Cannot train: no column is left as a feature beside the label");
  }

  @Test
  void includedFeaturesKeepTheOrderGiven() {
    String path = folder.write("t.csv", "a,b,c,y", "1,2,3,z", "1,2,3,z");
    Schema schema =
        CsvFolder.read(path).schema(choice("y", "", List.of("c", "a", "b"), List.of("b")));
    assertThat(schema.columnNames()).containsExactly("c", "a", "y");
  }

  @Test
  void textAndBooleanColumnsAreCategorical() {
    String path =
        folder.write("t.csv", "n,text,flag,all-missing,y", "1,u,true,,7", ",v,false,,8.5");
    assertThat(CsvFolder.read(path).schema(ColumnChoice.of("y")))
        .isEqualTo(
            new Schema(
                List.of(
                    Column.numeric("n"),
                    Column.categorical("text"),
                    Column.categorical("flag"),
                    Column.numeric("all-missing")),
                Column.numeric("y"),
                ""));
  }

  @Test
  void numbersThatAreListedAreCategories() {
    String path = folder.write("t.csv", "zip,x,y", "01,1,a", "1,2,b");
    ShardedTable table =
        CsvFolder.table(
            CsvFolder.read(path),
            choice("y", "", List.of(), List.of(), "zip"),
            RowPolicy.defaults());
    assertRows(table, row(1, "01", "a"), row(2, "1", "b"));
  }

  @Test
  void aTextThatIsNotListedIsRefused() {
    String path = folder.write("t.csv", "c,x,y", "u,1,a", "v,2,b");
    ShardedTable table =
        CsvFolder.table(
            CsvFolder.read(path), choice("y", "", List.of(), List.of(), "x"), RowPolicy.defaults());
    assertRefused(
        () -> table.summary(1),
        path + ":2:c: Invalid value: \"u\" (must be a decimal number or empty)");
  }

  // Cells

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "oops      | \"oops\"      | a decimal number or empty",
        "0x10      | \"0x10\"      | a decimal number or empty",
        "Infinity  | \"Infinity\"  | a decimal number or empty",
        "1e400     | \"1e400\"     | finite and within ±1e150",
        "-1e151    | \"-1e151\"    | finite and within ±1e150",
      })
  void aCellThatIsNoNumberIsNamedByFileLineAndColumn(String cell, String value, String rule) {
    String path = folder.write("t.csv", "x,c,y", "1,u,a", "", "2,u,b", cell + ",u,a", "4,u,b");
    assertRefused(
        () -> CsvFolder.table(CsvFolder.read(path), "y").summary(1),
        path + ":5:x: Invalid value: " + value + " (must be " + rule + ")");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Infinity | Invalid value: \"Infinity\" (must be a decimal number or empty)",
        "1e400    | Invalid value: \"1e400\" (must be finite and within ±1e150)",
        "NaN      | Invalid value: \"NaN\" (must be a label in every row)",
        "''       | Missing value (must be a label in every row)",
      })
  void aLabelThatIsNoFiniteNumberIsRefused(String cell, String problem) {
    String path = folder.write("t.csv", "x,y", "1,0.5", "2,1.5", "3," + cell, "4,2.5");
    assertRefused(
        () -> CsvFolder.table(CsvFolder.read(path), "y").summary(1), path + ":4:y: " + problem);
  }

  @Test
  void aMissingClassIsRefused() {
    String path = folder.write("t.csv", "x,y", "1,a", "2,b", "3,");
    assertRefused(
        () -> CsvFolder.table(CsvFolder.read(path), "y").summary(1),
        path + ":4:y: Missing value (must be a label in every row)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1  | Invalid value: \"-1\" (must be >= 0 in every row, being its weight)",
        "''  | Missing value (must be >= 0 in every row, being its weight)",
        "abc | Invalid value: \"abc\" (must be a decimal number or empty)",
      })
  void aWeightThatIsNoneIsRefused(String cell, String problem) {
    String path = folder.write("t.csv", "x,w,y", "1,0,a", "2,1.5,b", "3," + cell + ",a");
    ColumnChoice choice = choice("y", "w", List.of(), List.of());
    assertRefused(
        () -> CsvFolder.table(CsvFolder.read(path), choice, RowPolicy.defaults()).summary(1),
        path + ":4:w: " + problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3,u", "3,u,a,extra", "3"})
  void aRowOfAnotherNumberOfCellsIsNamedByFileAndLine(String line) {
    String path = folder.write("t.csv", "x,c,y", "1,u,a", "2,v,b", "", line, "5,u,b");
    assertRefused(
        () -> CsvFolder.table(CsvFolder.read(path), "y").summary(1),
        path + ":5: Invalid row: \"" + line + "\" (must have as many cells as columns, 3)");
  }

  @Test
  void ofSeveralRaggedRowsTheOneShownIsTheOneNamed() {
    String path = folder.write("t.csv", "x,c,y", "1,u,a", "9,zz", "2,v,b", "1,b,c,d", "5,u,b");
    assertRefused(
        () -> CsvFolder.table(CsvFolder.read(path), "y").summary(1),
        path + ":5: Invalid row: \"1,b,c,d\" (must have as many cells as columns, 3)");
  }

  @Test
  void aProblemInTheSecondFileNamesTheSecondFile() {
    String one = folder.write("one.csv", "x,c,y", "1,u,a", "2,v,b");
    String two = folder.write("two.csv.gz", "x,c,y", "3,u,a", "four,v,b");
    assertRefused(
        () -> CsvFolder.table(CsvFolder.read(one, two), "y").summary(1),
        two + ":3:x: Invalid value: \"four\" (must be a decimal number or empty)");
  }

  // Policies

  @Test
  void droppedRowsAreCountedAndShown() {
    String path =
        folder.write(
            "t.csv", "x,c,y", "1,u,a", "oops,u,a", "3,u", ",v,b", "5,,b", "6,u,", "7,v,b", "1,u,a");
    var policy = new RowPolicy(RowPolicy.Action.DROP, RowPolicy.Action.DROP);
    ShardedTable table = CsvFolder.table(CsvFolder.read(path), ColumnChoice.of("y"), policy);
    assertRows(table, row(1, "u", "a"), row(1, "u", "a"), row(7, "v", "b"));
    assertThat(table.droppedMalformed()).isEqualTo(3);
    assertThat(table.droppedMissing()).isEqualTo(2);
    assertThat(table.droppedExamples())
        .containsExactlyInAnyOrder(
            path + ":3:x: Invalid value: \"oops\" (must be a decimal number or empty)",
            path + ":4: Invalid row: \"3,u\" (must have as many cells as columns, 3)",
            path + ":5:x: Missing value (must be present in every row)",
            path + ":6:c: Missing value (must be present in every row)",
            path + ":7:y: Missing value (must be a label in every row)");
  }

  @Test
  void thousandsOfDroppedRowsAreCountedExactly() {
    List<String> lines = new ArrayList<>(List.of("x,c,y"));
    for (int i = 0; i < 5_000; i++) {
      lines.add((i % 3 == 0 ? "bad" : i) + "," + (i % 7 == 0 ? "" : "u") + ",a");
    }
    String path = folder.write("t.csv", lines.toArray(new String[0]));
    var policy = new RowPolicy(RowPolicy.Action.IMPUTE, RowPolicy.Action.DROP);
    ShardedTable table =
        CsvFolder.table(CsvFolder.read(path), choice("y", "", List.of(), List.of(), "c"), policy);
    assertThat(table.summary(1).rows()).isEqualTo(3_333);
    assertThat(table.droppedMalformed()).isEqualTo(1_667);
    assertThat(table.droppedMissing()).isZero();
    assertThat(table.droppedExamples()).hasSize(1); // they all say the same but for the line
  }

  @Test
  void missingFeaturesAreRefusedIfAsked() {
    String path = folder.write("t.csv", "x,c,y", "1,u,a", "2,,b");
    var policy = new RowPolicy(RowPolicy.Action.REFUSE, RowPolicy.Action.DROP);
    assertRefused(
        () -> CsvFolder.table(CsvFolder.read(path), ColumnChoice.of("y"), policy).summary(1),
        path + ":3:c: Missing value (must be present in every row)");
  }

  @Test
  void theTestPartAndTheRestAreTheWholeTable() {
    MixedTable rows = MixedTable.of(500, 4);
    String path = folder.write("t.csv", rows.csv(0, 500));
    ShardedTable table =
        CsvFolder.table(CsvFolder.read(path), MixedTable.CHOICE, RowPolicy.defaults());
    ShardedTable test = table.testPart(0.3);
    ShardedTable rest = table.withoutTestPart(0.3);
    assertThat(test.summary(1).rows()).isBetween(110L, 190L); // 150, give or take 4 deviations
    assertThat(test.summary(1).fingerprint().plus(rest.summary(1).fingerprint()))
        .isEqualTo(table.summary(1).fingerprint());

    String shuffled = folder.write("shuffled.csv", rows.shuffled(5).csv(0, 500));
    ShardedTable again =
        CsvFolder.table(CsvFolder.read(shuffled), MixedTable.CHOICE, RowPolicy.defaults());
    assertThat(again.testPart(0.3).summary(1).fingerprint())
        .isEqualTo(test.summary(1).fingerprint());
    assertThat(again.testPart(0.3).summary(2).fingerprint())
        .isNotEqualTo(test.summary(1).fingerprint());
  }

  @Test
  void aDroppedRowIsCountedOnceWhenATestPartIsSetAside() {
    String path = folder.write("t.csv", "x,c,y", "1,u,a", "bad,u,a", "3,v,b", "4,u,b");
    var policy = new RowPolicy(RowPolicy.Action.IMPUTE, RowPolicy.Action.DROP);
    ShardedTable table = CsvFolder.table(CsvFolder.read(path), ColumnChoice.of("y"), policy);
    ShardedTable test = table.testPart(0.5);
    ShardedTable rest = table.withoutTestPart(0.5);
    assertThat(test.summary(1).rows() + rest.summary(1).rows()).isEqualTo(3);
    assertThat(test.droppedMalformed() + rest.droppedMalformed()).isEqualTo(1);
  }

  // Parquet

  private String parquet(String name, StructType schema, Row... rows) {
    String path = folder.path(name).toString();
    Sparks.local2().createDataFrame(List.of(rows), schema).coalesce(1).write().parquet(path);
    return path;
  }

  @Test
  void everyNumericTypeOfParquetIsANumber() {
    List<DataType> types =
        List.of(
            DataTypes.ByteType,
            DataTypes.ShortType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.FloatType,
            DataTypes.DoubleType,
            DataTypes.createDecimalType(12, 3));
    StructType schema = new StructType();
    for (DataType type : types) {
      schema = schema.add(type.typeName().replaceAll("\\W", ""), type);
    }
    schema = schema.add("flag", DataTypes.BooleanType).add("y", DataTypes.StringType);
    String path =
        parquet(
            "types.parquet",
            schema,
            RowFactory.create(
                (byte) 1, (short) 2, 3, 4L, 0.5f, 0.1, new BigDecimal("1.125"), true, "a"),
            RowFactory.create(null, null, null, null, null, null, null, null, "b"));
    double nan = Double.NaN;
    assertRows(
        CsvFolder.table(CsvFolder.read(path), "y"),
        RawRow.withTextLabel(
            new double[] {1, 2, 3, 4, 0.5, 0.1, 1.125}, new String[] {"true"}, "a", 1),
        RawRow.withTextLabel(
            new double[] {nan, nan, nan, nan, nan, nan, nan}, new String[] {""}, "b", 1));
  }

  @Test
  void listedNumbersOfParquetAreCategoriesWithoutATrailingPoint() {
    StructType schema =
        new StructType()
            .add("i", DataTypes.IntegerType)
            .add("d", DataTypes.DoubleType)
            .add("x", DataTypes.FloatType)
            .add("y", DataTypes.BooleanType);
    String path =
        parquet(
            "t.parquet",
            schema,
            RowFactory.create(7, 3.0, 1f, true),
            RowFactory.create(8, 2.5, 2f, false));
    ShardedTable table =
        CsvFolder.table(
            CsvFolder.read(path),
            choice("y", "", List.of(), List.of(), "i", "d"),
            RowPolicy.defaults());
    assertRows(
        table,
        RawRow.withTextLabel(new double[] {1}, new String[] {"7", "3"}, "true", 1),
        RawRow.withTextLabel(new double[] {2}, new String[] {"8", "2.5"}, "false", 1));
  }

  @Test
  void aDateIsRefusedWithARemedy() {
    StructType schema =
        new StructType().add("day", DataTypes.DateType).add("y", DataTypes.StringType);
    String path = parquet("t.parquet", schema, RowFactory.create(Date.valueOf("2026-01-02"), "a"));
    assertRefused(
        () -> CsvFolder.read(path).schema(ColumnChoice.of("y")),
        "day: Invalid column type: date (must be a number, text or boolean; exclude or convert the"
            + " column)");
  }

  @Test
  void aTextThatMustBeANumberIsRefusedByItsType() {
    StructType schema =
        new StructType()
            .add("c", DataTypes.StringType)
            .add("x", DataTypes.DoubleType)
            .add("y", DataTypes.StringType);
    String path = parquet("t.parquet", schema, RowFactory.create("u", 1.0, "a"));
    assertRefused(
        () -> CsvFolder.read(path).schema(choice("y", "", List.of(), List.of(), "x")),
        "c: Invalid numeric column: its type is string (must be a number; list it in"
            + " data.features.categorical or data.features.exclude)");
  }

  @Test
  void aCellOfParquetIsNamedByItsRow() {
    StructType schema =
        new StructType().add("x", DataTypes.DoubleType).add("y", DataTypes.DoubleType);
    String path =
        parquet(
            "t.parquet",
            schema,
            RowFactory.create(1.0, 0.5),
            RowFactory.create(2.0, 1.5),
            RowFactory.create(Double.POSITIVE_INFINITY, 2.5),
            RowFactory.create(4.0, 3.5));
    assertThatThrownBy(() -> CsvFolder.table(CsvFolder.read(path), "y").summary(1))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageMatching(
            path
                + "/part-.*\\.parquet:3:x: Invalid value: \"Infinity\" \\(must be finite and within"
                + " ±1e150\\)");
  }

  @Test
  void otherTablesMustHaveTheColumnsOfTheModel() {
    String path = folder.write("t.csv", "x,colour,y", "1,u,a");
    var schema =
        new Schema(
            List.of(Column.numeric("x"), Column.categorical("color")), Column.categorical("y"), "");
    TableReader reader = CsvFolder.read(path);
    assertRefused(
        () -> reader.select(schema, RowPolicy.defaults(), true),
        "data.train: Cannot use "
            + path
            + ": it has no column \"color\", which the model needs (did you mean \"colour\"?)");
  }

  @Test
  void takesAFewRowsForASampleHoweverFewColumnsAreOpen() {
    int columns = 501;
    List<String> lines = new ArrayList<>();
    lines.add(
        IntStream.range(0, columns - 1).mapToObj(i -> "x" + i).collect(Collectors.joining(","))
            + ",y");
    String noCells = ",".repeat(columns - 1);
    // 500,000 / 501 rows are looked at: the rest would outvote them.
    IntStream.range(0, 998).forEach(i -> lines.add(noCells + i));
    IntStream.range(0, 1002).forEach(i -> lines.add(noCells + "text"));
    var reader = CsvFolder.read(folder.write("t.csv", lines.toArray(new String[0])));
    var listed =
        new ColumnChoice(
            List.of("y"), "", List.of(), List.of(), Setting.of(new ArrayList<String>()));
    assertThat(reader.schema(ColumnChoice.of("y")).label()).isEqualTo(Column.numeric("y"));
    assertThat(reader.schema(listed).label()).isEqualTo(Column.numeric("y"));
  }

  // Numbers and names, where the first rows do not tell

  /** A table so wide that its first 100 rows alone are looked at, of one column's cells. */
  private String wide(String name, IntFunction<String> cells, int rows) {
    String header = IntStream.range(2, 5000).mapToObj(i -> ",c" + i).collect(Collectors.joining());
    String rest = ",".repeat(4998);
    return folder.write(
        name,
        Stream.concat(
                Stream.of("x,y" + header),
                IntStream.range(0, rows).mapToObj(i -> cells.apply(i) + "," + i + rest))
            .toArray(String[]::new));
  }

  private static Schema schemaOf(String... paths) {
    return CsvFolder.read(paths).schema(choice("y", "", List.of("x"), List.of()));
  }

  @Test
  void aColumnThatMixesNumbersAndNamesIsWhatMostOfItsCellsAre() {
    // The first 100 rows of one file are mostly numbers, of the other mostly names.
    String numbers = wide("a.csv", i -> i % 10 == 0 ? "name" : "" + i, 150);
    String names = wide("b.csv", i -> i % 10 == 0 ? "" + i : "name", 152);
    String few = wide("c.csv", i -> i % 10 == 0 ? "" + i : "name", 148);
    assertThat(schemaOf(numbers).features()).containsExactly(Column.numeric("x"));
    assertThat(schemaOf(names).features()).containsExactly(Column.categorical("x"));
    for (List<String> order : List.of(List.of(numbers, names), List.of(names, numbers))) {
      assertThat(schemaOf(order.toArray(new String[0])).features())
          .containsExactly(Column.categorical("x"));
    }
    for (List<String> order : List.of(List.of(numbers, few), List.of(few, numbers))) {
      assertThat(schemaOf(order.toArray(new String[0])).features())
          .containsExactly(Column.numeric("x"));
    }
  }

  @Test
  void aColumnWhoseFirstRowsAreMissingIsWhatTheOthersAre() {
    String names = wide("a.csv", i -> i < 100 ? "" : "name", 102);
    assertThat(schemaOf(names).features()).containsExactly(Column.categorical("x"));
    String numbers = wide("b.csv", i -> i < 100 ? "" : "7", 102);
    assertThat(schemaOf(numbers).features()).containsExactly(Column.numeric("x"));
  }

  @Test
  void namesBeforeMoreNumbersAreRefused() {
    String names = wide("a.csv", i -> "name", 120);
    String numbers = wide("b.csv", i -> "" + i, 121);
    TableReader reader = CsvFolder.read(names, numbers);
    ColumnChoice choice = choice("y", "", List.of("x"), List.of());
    ShardedTable table = CsvFolder.table(reader, choice, RowPolicy.defaults());
    assertRefused(
        () -> table.statistics(Placement.withoutValidation(1), 1),
        "x: Invalid column: 121 of its 241 cells are numbers, but none in the first rows (must be"
            + " settled by data.features.categorical, a list of the columns that hold names)");
    ColumnChoice settled = choice("y", "", List.of("x"), List.of(), "x");
    assertThat(
            CsvFolder.table(CsvFolder.read(names, numbers), settled, RowPolicy.defaults())
                .statistics(Placement.withoutValidation(1), 1)
                .rows())
        .isEqualTo(241);
  }
}
