package chainrule.ml;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Block;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.model.PermutationImportance;
import chainrule.spark.CsvFolder;
import chainrule.spark.DistributedImportance;
import chainrule.spark.EngineKind;
import chainrule.spark.MixedTable;
import chainrule.spark.Predictor;
import chainrule.spark.ShardedTable;
import chainrule.spark.Sparks;
import chainrule.spark.SyntheticTable;
import chainrule.spark.read.ColumnChoice;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the user sets as {@code spark.serializer}, everything runs and gives the same bits. Kryo
 * with required registration refuses every class of Chainrule, and its buffer is smaller than the
 * results of tasks.
 */
@Timeout(300)
class UserSerializerTest {
  private static final Map<String, String> KRYO =
      Map.of(
          "spark.serializer", "org.apache.spark.serializer.KryoSerializer",
          "spark.kryo.registrationRequired", "true",
          "spark.kryoserializer.buffer", "1k",
          "spark.kryoserializer.buffer.max", "1m");

  private static final MixedTable TABLE = MixedTable.of(300, 7);
  private static final long SEED = 1;

  @TempDir private Path temporary;

  @AfterAll
  static void returnToTheSessionOfTheOtherTests() {
    Sparks.local2();
  }

  private static SparkSession java() {
    return Sparks.of("local[2]", Map.of());
  }

  private static SparkSession kryo() {
    return Sparks.of("local[2]", KRYO);
  }

  private static ShardedTable table(TableReader reader, ColumnChoice choice, EngineKind engine) {
    return ShardedTable.of(
        reader.rows().sparkSession(),
        reader,
        reader.schema(choice),
        RowPolicy.defaults(),
        32,
        engine,
        "java");
  }

  private static TrainedModel train(ShardedTable table) {
    TrainingSettings settings =
        TrainingSettings.builder()
            .epochs(Setting.of(1))
            .batchSize(Setting.of(128))
            .shards(Setting.of(32))
            .refit(Setting.of(false))
            .build();
    return new Trainer(settings, TrainingListener.NONE).train(table).model();
  }

  private TableReader mixed(SparkSession session) {
    String file = new CsvFolder(temporary).write("mixed.csv", TABLE.csv(0, 300));
    return new TableReader(session, "data.train", CsvFolder.source(file));
  }

  private static TrainedModel trainMixed(TableReader reader, EngineKind engine) {
    return train(table(reader, MixedTable.CHOICE, engine));
  }

  @Test
  void trainingOnCsvPredictionAndImportanceGiveTheSameBits() {
    TableReader java = mixed(java());
    TrainedModel expected = trainMixed(java, EngineKind.GANG);
    List<Row> predictions = predictions(expected, java);
    List<RawRow> sample = sample(java);
    List<PermutationImportance.Rise> rises = rises(expected, java, sample);
    RawRow seventh = table(java, MixedTable.CHOICE, EngineKind.TREE).row(7);

    // 20 slots, so that the tree engine has tasks that merge the sums of others.
    TableReader kryo = mixed(Sparks.of("local[20]", KRYO));
    assertThat(trainMixed(kryo, EngineKind.TREE).parameters())
        .containsExactly(expected.parameters());
    assertThat(predictions(expected, kryo)).isEqualTo(predictions);
    assertThat(sample(kryo)).isEqualTo(sample).hasSize(150);
    assertThat(rises(expected, kryo, sample)).isEqualTo(rises).hasSize(5);
    ShardedTable table = table(kryo, MixedTable.CHOICE, EngineKind.TREE);
    assertThat(table.row(7)).isEqualTo(seventh);
  }

  private static List<Row> predictions(TrainedModel model, TableReader reader) {
    return new Predictor(model, "java").predict(reader).collectAsList();
  }

  private static List<RawRow> sample(TableReader reader) {
    return table(reader, MixedTable.CHOICE, EngineKind.TREE)
        .sample(Placement.withoutValidation(SEED), Block.Part.TRAINING, 150);
  }

  private static List<PermutationImportance.Rise> rises(
      TrainedModel model, TableReader reader, List<RawRow> sample) {
    var context = JavaSparkContext.fromSparkContext(reader.rows().sparkSession().sparkContext());
    return DistributedImportance.rises(
        context, model, sample, List.of(0, 1, 2, 3, 4), 1, SEED, "java");
  }

  @Test
  void generatedParquetGivesTheSameBits() {
    float[] expected = generatedAndTrained(java(), "java").parameters();
    float[] found = generatedAndTrained(kryo(), "kryo").parameters();
    assertThat(found).containsExactly(expected);
  }

  private TrainedModel generatedAndTrained(SparkSession session, String name) {
    String path = temporary.resolve(name).toString();
    new SyntheticTable(500, 3, 2, 2, 0.1, SEED).rows(session, 3).write().parquet(path);
    var reader = new TableReader(session, "data.train", CsvFolder.source(path));
    return train(table(reader, ColumnChoice.of("label"), EngineKind.GANG));
  }

  @Test
  void estimatorsGiveTheSameBits() {
    float[] expected = fitted(java());
    assertThat(fitted(kryo())).containsExactly(expected);
  }

  /** Returns the parameters of a classifier, the features it was trained on encoded before. */
  private static float[] fitted(SparkSession session) {
    Dataset<Row> table = Tables.of(session, Tables.classes(200));
    var encoder =
        new TabularEncoder()
            .setInputCols(new String[] {"label", "weight"})
            .setOutputCol("encoded")
            .fit(table);
    var classifier =
        new ChainruleClassifier()
            .setHiddenLayers(new int[] {4})
            .setMaxIter(1)
            .setBatchSize(128)
            .setEnsembleSize(1)
            .setBlas("java")
            .setFeaturesCol("encoded")
            .setLabelCol("label");
    ChainruleClassificationModel model = classifier.fit(encoder.transform(table));
    assertThat(model.transform(encoder.transform(table)).count()).isEqualTo(200);
    return model.trained().parameters();
  }

  /** 500,000 cells are looked at, 250 rows here: only later ones tell that a column is mixed. */
  @Test
  void aColumnWhoseCellsAreCountedInTasksIsRead() {
    List<String> lines = new ArrayList<>();
    String wide = ",0".repeat(1_999);
    lines.add("label" + header(1_999));
    for (int i = 0; i < 300; i++) {
      lines.add((i % 4 == 0 ? "7" : "word") + wide);
    }
    String file = new CsvFolder(temporary).write("wide.csv", lines.toArray(new String[0]));
    var reader = new TableReader(kryo(), "data.train", CsvFolder.source(file));
    assertThat(reader.schema(ColumnChoice.of("label")).labels().get(0).isNumeric()).isFalse();
  }

  private static String header(int columns) {
    var names = new StringBuilder();
    for (int i = 0; i < columns; i++) {
      names.append(",x").append(i);
    }
    return names.toString();
  }
}
