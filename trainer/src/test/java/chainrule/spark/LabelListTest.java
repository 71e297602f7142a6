package chainrule.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.Column;
import chainrule.data.InvalidDataException;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.math.RandomStream;
import chainrule.nn.Activation;
import chainrule.spark.read.ColumnChoice;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.spark.read.TableSource;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import chainrule.train.shard.Table;
import chainrule.train.sums.Metrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables on Spark whose label is a list of columns. */
class LabelListTest {
  private static final String HEADER = "big,x,ok,town,price,w,y";

  @TempDir private Path temporary;

  /** A row of {@link #HEADER}. */
  private record Sale(boolean big, double x, String ok, String town, double price, int w) {
    double y() {
      return x * price;
    }

    String line() {
      return String.join(",", "" + big, "" + x, ok, town, "" + price, "" + w, Double.toString(y()));
    }

    Row row() {
      return RowFactory.create(big, x, ok, town, price, w, y());
    }

    RawRow raw(boolean classes) {
      double[] labels = classes ? new double[] {Double.NaN, Double.NaN} : new double[] {price, y()};
      String[] texts = classes ? new String[] {ok, "" + big} : new String[] {"", ""};
      double[] numbers = classes ? new double[] {x, price, y()} : new double[] {x};
      String[] names = classes ? new String[] {town} : new String[] {"" + big, ok, town};
      return RawRow.withLabels(numbers, names, labels, texts, w);
    }
  }

  private static List<Sale> sales(int count) {
    var random = new RandomStream(31);
    List<Sale> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = random.nextGaussian();
      double price = 3 * x + random.nextGaussian();
      rows.add(
          new Sale(x > 0, x, price > 1 ? "yes" : "no", "t" + i % 3, price, 1 + random.nextInt(2)));
    }
    return rows;
  }

  private static ColumnChoice choice(boolean classes) {
    return new ColumnChoice(
        classes ? List.of("ok", "big") : List.of("price", "y"),
        "w",
        List.of(),
        List.of(),
        Setting.auto());
  }

  private static Schema schema(boolean classes) {
    Column big = Column.categorical("big");
    Column ok = Column.categorical("ok");
    Column town = Column.categorical("town");
    Column x = Column.numeric("x");
    Column price = Column.numeric("price");
    Column y = Column.numeric("y");
    return classes
        ? new Schema(List.of(x, town, price, y), List.of(ok, big), "w")
        : new Schema(List.of(big, x, ok, town), List.of(price, y), "w");
  }

  /** What must not differ. */
  private record Result(List<Float> weights, String fingerprint, List<Metrics> metrics) {}

  private static Result train(Table table) {
    TrainingSettings settings =
        TrainingSettings.builder()
            .network(
                new NetworkSettings(
                    List.of(6), Activation.SILU, Setting.auto(), Setting.of(0.1), Setting.auto()))
            .epochs(Setting.of(3))
            .batchSize(Setting.of(32))
            .shards(Setting.of(4))
            .build();
    Trainer.Outcome outcome = new Trainer(settings, TrainingListener.NONE).train(table);
    List<Float> weights = new ArrayList<>();
    for (float weight : outcome.model().parameters()) {
      weights.add(weight);
    }
    var report = outcome.report();
    return new Result(
        weights, report.fingerprint().toHex(), List.of(report.training(), report.validation()));
  }

  private static Result train(List<String> paths, boolean classes, EngineKind engine) {
    var source = new TableSource(paths, "auto", TableSource.Csv.defaults());
    var reader = new TableReader(Sparks.local2(), "data.train", source);
    Schema schema = reader.schema(choice(classes));
    assertThat(schema).isEqualTo(schema(classes));
    return train(
        ShardedTable.of(Sparks.local2(), reader, schema, RowPolicy.defaults(), 4, engine, "java"));
  }

  private static Result withoutSpark(List<Sale> sales, boolean classes) {
    List<RawRow> rows = sales.stream().map(sale -> sale.raw(classes)).toList();
    return train(new InMemoryTable(schema(classes), rows, new JavaKernels(), 1));
  }

  private List<String> files(List<Sale> sales, int count) {
    var folder = new CsvFolder(temporary);
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> lines = new ArrayList<>(List.of(HEADER));
      sales.subList(i * sales.size() / count, (i + 1) * sales.size() / count).stream()
          .map(Sale::line)
          .forEach(lines::add);
      paths.add(folder.write("part-" + i + ".csv", lines.toArray(new String[0])));
    }
    return paths;
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineKind.class,
      names = {"TREE", "GANG"})
  void enginesAndFilesGiveTheBitsOfTheCore(EngineKind engine) {
    List<Sale> sales = new ArrayList<>(sales(150));
    for (boolean classes : new boolean[] {false, true}) {
      Result expected = withoutSpark(sales, classes);
      assertThat(expected.metrics.get(0).labels()).hasSize(2);
      Collections.shuffle(sales, new Random(3));
      assertThat(train(files(sales, 3), classes, engine)).isEqualTo(expected);
    }
  }

  @Test
  void parquetGivesTheSameBits() {
    List<Sale> sales = sales(150);
    StructType columns =
        new StructType()
            .add("big", DataTypes.BooleanType)
            .add("x", DataTypes.DoubleType)
            .add("ok", DataTypes.StringType)
            .add("town", DataTypes.StringType)
            .add("price", DataTypes.DoubleType)
            .add("w", DataTypes.IntegerType)
            .add("y", DataTypes.DoubleType);
    String folder = temporary.resolve("parquet").toString();
    Sparks.local2()
        .createDataFrame(sales.stream().map(Sale::row).toList(), columns)
        .repartition(2)
        .write()
        .parquet(folder);
    for (boolean classes : new boolean[] {false, true}) {
      assertThat(train(List.of(folder), classes, EngineKind.GANG))
          .isEqualTo(withoutSpark(sales, classes));
    }
  }

  @Test
  void namesTheCellOfAnyLabelThatIsMissing() {
    String file = new CsvFolder(temporary).write("a.csv", "a,x,b", "1,2,3.5", "2,3,", ",1,2");
    String second = new CsvFolder(temporary).write("b.csv", "a,x,b", "1,2,3.5", "2,3,");
    var both = new ColumnChoice(List.of("a", "b"), "", List.of(), List.of(), Setting.auto());
    TableReader reader = CsvFolder.read(file);
    TableReader other = CsvFolder.read(second);
    assertThatThrownBy(() -> CsvFolder.table(other, both, RowPolicy.defaults()).summary(1))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage(second + ":3:b: Missing value (must be a label in every row)");
    var drop = new RowPolicy(RowPolicy.Action.IMPUTE, RowPolicy.Action.DROP);
    ShardedTable table = CsvFolder.table(reader, both, drop);
    assertThat(table.summary(1).rows()).isEqualTo(1);
    assertThat(table.droppedMalformed()).isEqualTo(2);
  }

  @Test
  void refusesListsThatTheTableCannotHave() {
    TableReader reader =
        CsvFolder.read(new CsvFolder(temporary).write("a.csv", "a,x,b", "1,2,3", "2,3,4"));
    var unknown = new ColumnChoice(List.of("a", "c"), "", List.of(), List.of(), Setting.auto());
    assertThatThrownBy(() -> reader.schema(unknown))
        .hasMessageStartingWith("data.label: Invalid column: \"c\" (must be a column of ");
    var weight = new ColumnChoice(List.of("a", "b"), "b", List.of(), List.of(), Setting.auto());
    assertThatThrownBy(() -> reader.schema(weight))
        .hasMessage("Invalid data.weight: b (must be another column than the label)");
    var all = new ColumnChoice(List.of("a", "b", "x"), "", List.of(), List.of(), Setting.auto());
    assertThatThrownBy(() -> reader.schema(all))
        .hasMessage("data.train: Cannot train: no column is left as a feature beside the label");
    var included = new ColumnChoice(List.of("a", "b"), "", List.of("b"), List.of(), Setting.auto());
    assertThatThrownBy(() -> reader.schema(included))
        .hasMessage("Invalid data.features.include: b (must be without the label)");
    for (List<String> labels : List.of(List.<String>of(), List.of("a", "a"))) {
      assertThatThrownBy(() -> new ColumnChoice(labels, "", List.of(), List.of(), Setting.auto()))
          .hasMessageStartingWith("Invalid data.label: " + labels + " (must be a ");
    }
  }
}
