package chainrule.spark;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.math.RandomStream;
import chainrule.nn.Activation;
import chainrule.spark.read.ColumnChoice;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import chainrule.train.shard.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Gradients of tables of 5,000 values go through the engines as touched rows, to the bits that they
 * have without Spark; with all that a network can have beside.
 */
@Timeout(120)
class EmbeddedTableTest {
  private static final int TOWNS = 5_000;
  private static final int ROWS = 3 * TOWNS;
  private static final Schema SCHEMA =
      new Schema(
          List.of(Column.numeric("x"), Column.categorical("town"), Column.categorical("street")),
          Column.categorical("label"),
          "");

  @TempDir private static Path temporary;

  private static List<List<String>> rows;
  private static float[] expected;

  @BeforeAll
  static void trainWithoutSpark() {
    var random = new RandomStream(1);
    rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      int town = random.nextInt(TOWNS);
      rows.add(
          List.of(
              Double.toString(random.nextGaussian()),
              town == 0 ? "" : "t" + town,
              "s" + random.nextInt(700),
              town % 2 == 0 ? "even" : "odd"));
    }
    List<RawRow> raw =
        rows.stream()
            .map(
                row ->
                    RawRow.withTextLabel(
                        new double[] {Double.parseDouble(row.get(0))},
                        new String[] {row.get(1), row.get(2)},
                        row.get(3),
                        1))
            .toList();
    expected = train(new InMemoryTable(SCHEMA, raw, new JavaKernels(), 1));
  }

  private static float[] train(Table table) {
    TrainingSettings settings =
        TrainingSettings.builder()
            .network(
                new NetworkSettings(
                        List.of(6, 6),
                        Activation.SILU,
                        Setting.auto(),
                        Setting.of(0.1),
                        Setting.auto())
                    .withEnsembleSize(Setting.of(2))
                    .withEmbeddingSize(7)
                    .withLayerNorm(true)
                    .withResidual(true))
            .batchSize(Setting.of(1_000))
            .epochs(Setting.of(2))
            .shards(Setting.of(8))
            .refit(Setting.of(false))
            .l2(1e-4)
            .build();
    return new Trainer(settings, TrainingListener.NONE).train(table).model().parameters();
  }

  private static ShardedTable table(EngineKind engine, int files) {
    var folder = new CsvFolder(temporary);
    String[] paths = new String[files];
    for (int i = 0; i < files; i++) {
      List<String> lines = new ArrayList<>(List.of("x,town,street,label"));
      for (int row = i; row < ROWS; row += files) {
        lines.add(String.join(",", rows.get(row)));
      }
      paths[i] =
          folder.write(engine + "-" + files + "-" + i + ".csv", lines.toArray(new String[0]));
    }
    TableReader reader = CsvFolder.read(paths);
    Schema schema = reader.schema(ColumnChoice.of("label"));
    assertThat(schema).isEqualTo(SCHEMA);
    return ShardedTable.of(
        Sparks.local2(), reader, schema, RowPolicy.defaults(), 8, engine, "java");
  }

  @Test
  void learnsTwoTables() {
    // Of towns that occur twice at least (of three times on average), and of streets.
    assertThat(expected.length).isBetween(2 * 7 * (3_000 + 701), 2 * 7 * 5_800);
  }

  @ParameterizedTest
  @CsvSource({"GANG,1", "GANG,3", "TREE,2"})
  void enginesAndFilesGiveTheSameBits(EngineKind engine, int files) {
    assertThat(train(table(engine, files))).containsExactly(expected);
  }
}
