package chainrule.spark;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.math.JavaKernels;
import chainrule.math.KernelChoice;
import chainrule.nn.Activation;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.spark.read.TableSource;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.OptimizerSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.Table;
import chainrule.train.sums.Metrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same rows, settings and seed give the same bits as the core gives in one JVM without Spark,
 * whatever the files, partitions, cores and engine.
 */
class DeterminismTest {
  private static final int ROWS = 403;
  private static final MixedTable TABLE = MixedTable.of(ROWS, 7);
  private static final StepPlan TEST_PLAN = new StepPlan(1, 64, 4, 5);

  @TempDir private static Path temporary;

  private static Result expected;

  /** What must not differ: the weights and every metric, as bits. */
  private record Result(
      List<Integer> weights, String fingerprint, List<Metrics> metrics, List<Double> losses) {}

  @BeforeAll
  static void trainWithoutSpark() {
    expected = train(inMemory(TABLE, 1), settings(5));
  }

  private static TrainingSettings settings(long seed) {
    return settings(seed, 0.2);
  }

  private static TrainingSettings settings(long seed, double validation) {
    return TrainingSettings.builder()
        .network(
            new NetworkSettings(
                List.of(7, 5), Activation.SILU, Setting.auto(), Setting.of(0.1), Setting.auto()))
        .optimizer(new OptimizerSettings("adamw", Setting.of(0.03), Map.of()))
        .validationFraction(Setting.of(validation))
        .batchSize(Setting.of(64))
        .epochs(Setting.of(3))
        .shards(Setting.of(8))
        .seed(seed)
        .build();
  }

  private static InMemoryTable inMemory(MixedTable table, int threads) {
    return new InMemoryTable(MixedTable.SCHEMA, table.rawRows(), new JavaKernels(), threads);
  }

  private static Result train(Table table, TrainingSettings settings) {
    Trainer.Outcome outcome = new Trainer(settings, TrainingListener.NONE).train(table);
    Metrics evaluated = Trainer.evaluate(outcome.model(), table, "test", TEST_PLAN);
    float[] weights = outcome.model().parameters();
    var report = outcome.report();
    return new Result(
        IntStream.range(0, weights.length)
            .mapToObj(i -> Float.floatToRawIntBits(weights[i]))
            .toList(),
        report.fingerprint().toHex(),
        List.of(report.training(), report.validation(), evaluated),
        report.history().stream().map(epoch -> epoch.trainLoss()).toList());
  }

  private static Result train(SparkSession session, EngineKind engine, List<String> paths) {
    return train(session, engine, new TableSource(paths, "auto", TableSource.Csv.defaults()), 5);
  }

  private static Result train(
      SparkSession session, EngineKind engine, TableSource source, long seed) {
    return train(session, engine, source, seed, "java");
  }

  private static Result train(
      SparkSession session, EngineKind engine, TableSource source, long seed, String kernels) {
    var reader = new TableReader(session, "data.train", source);
    var schema = reader.schema(MixedTable.CHOICE);
    assertThat(schema).isEqualTo(MixedTable.SCHEMA);
    var table = ShardedTable.of(session, reader, schema, RowPolicy.defaults(), 8, engine, kernels);
    return train(table, settings(seed));
  }

  /** Writes a table as files of about equal size. */
  private static List<String> files(MixedTable table, String name, int files, String ending) {
    var folder = new CsvFolder(temporary.resolve(name));
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      int from = i * ROWS / files;
      int to = (i + 1) * ROWS / files;
      paths.add(folder.write("part-" + i + ending, table.csv(from, to)));
    }
    return paths;
  }

  @Test
  void theModelLearnsSomethingSoThatItsBitsMean() {
    assertThat(expected.metrics.get(0).get("accuracy")).isGreaterThan(0.5);
    assertThat(expected.weights.stream().distinct().count()).isGreaterThan(100);
    assertThat(expected.losses).hasSizeGreaterThan(3); // the fit's epochs and the refit's
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void threadsWithoutSparkGiveTheSameBits(int threads) {
    assertThat(train(inMemory(TABLE.shuffled(threads), threads), settings(5))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void filesInAnyNumberAndRowsInAnyOrderGiveTheSameBits(int files) {
    List<String> paths = files(TABLE.shuffled(files), "files-" + files, files, ".csv");
    assertThat(train(Sparks.local2(), EngineKind.GANG, paths)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 8})
  void oneFileReadInPartsGivesTheSameBits(int parts) {
    SparkSession session = Sparks.local2();
    List<String> paths = files(TABLE, "parts-" + parts, 1, ".csv");
    long bytes = Path.of(paths.get(0)).toFile().length();
    session.conf().set("spark.sql.files.maxPartitionBytes", bytes / parts + 1);
    session.conf().set("spark.sql.files.openCostInBytes", 0);
    try {
      var reader = CsvFolder.read(paths.get(0));
      assertThat(reader.rows().javaRDD().getNumPartitions()).isEqualTo(parts);
      assertThat(train(session, EngineKind.GANG, paths)).isEqualTo(expected);
    } finally {
      session.conf().unset("spark.sql.files.maxPartitionBytes");
      session.conf().unset("spark.sql.files.openCostInBytes");
    }
  }

  @Test
  void gzippedFilesGiveTheSameBits() {
    List<String> paths = files(TABLE.shuffled(3), "gz", 3, ".csv.gz");
    assertThat(train(Sparks.local2(), EngineKind.GANG, paths)).isEqualTo(expected);
  }

  @Test
  void aFolderAndAGlobGiveTheSameBits() {
    files(TABLE, "folder", 3, ".csv");
    String folder = temporary.resolve("folder").toString();
    var source = new TableSource(List.of(folder), "csv", TableSource.Csv.defaults());
    assertThat(train(Sparks.local2(), EngineKind.GANG, source, 5)).isEqualTo(expected);
    assertThat(train(Sparks.local2(), EngineKind.GANG, List.of(folder + "/part-*.csv")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void parquetGivesTheSameBits(int files) {
    String folder = temporary.resolve("parquet-" + files).toString();
    writeParquet(TABLE.shuffled(9), folder, files);
    assertThat(train(Sparks.local2(), EngineKind.GANG, List.of(folder))).isEqualTo(expected);
  }

  /** Writes the numbers as numbers, the flag as a boolean and what is missing as null. */
  private static void writeParquet(MixedTable table, String folder, int files) {
    StructType schema =
        new StructType()
            .add("x0", DataTypes.DoubleType)
            .add("x1", DataTypes.DoubleType)
            .add("color", DataTypes.StringType)
            .add("flag", DataTypes.BooleanType)
            .add("weight", DataTypes.FloatType)
            .add("count", DataTypes.IntegerType)
            .add("species", DataTypes.StringType);
    var rows =
        table.rows().stream()
            .map(
                row ->
                    RowFactory.create(
                        row.get(0).isEmpty() ? null : Double.valueOf(row.get(0)),
                        row.get(1).isEmpty() ? null : Double.valueOf(row.get(1)),
                        row.get(2).isEmpty() ? null : row.get(2),
                        Boolean.valueOf(row.get(3)),
                        Float.valueOf(row.get(4)),
                        Integer.valueOf(row.get(5)),
                        row.get(6)))
            .toList();
    SparkSession session = Sparks.local2();
    session.createDataFrame(rows, schema).repartition(files).write().parquet(folder);
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineKind.class,
      names = {"TREE", "GANG"})
  void enginesGiveTheSameBits(EngineKind engine) {
    List<String> paths = files(TABLE, "engine-" + engine.key(), 2, ".csv");
    assertThat(train(Sparks.local2(), engine, paths)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"TREE, 1", "GANG, 2", "TREE, 4", "GANG, 4"})
  void lbfgsGivesTheSameBits(EngineKind engine, int files) {
    TrainingSettings settings =
        TrainingSettings.builder()
            .network(
                new NetworkSettings(
                    List.of(7, 5), Activation.SILU, Setting.auto(), Setting.auto(), Setting.auto()))
            .optimizer(new OptimizerSettings("lbfgs", Setting.auto(), Map.of("memory", 3.0)))
            .epochs(Setting.of(8))
            .shards(Setting.of(8))
            .build();
    Result withoutSpark = train(inMemory(TABLE, 1), settings);
    assertThat(withoutSpark.losses.get(7)).isLessThan(withoutSpark.losses.get(0));
    List<String> paths = files(TABLE.shuffled(files), "lbfgs-" + engine + files, files, ".csv");
    var reader =
        new TableReader(
            Sparks.local2(), "data.train", CsvFolder.source(paths.toArray(String[]::new)));
    var table =
        ShardedTable.of(
            Sparks.local2(), reader, MixedTable.SCHEMA, RowPolicy.defaults(), 8, engine, "java");
    assertThat(train(table, settings)).isEqualTo(withoutSpark);
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineKind.class,
      names = {"TREE", "GANG"})
  void whateverKernelsRunGiveTheirOwnBitsInEveryEngine(EngineKind engine) {
    String kernels = KernelChoice.resolve(KernelChoice.AUTO);
    var local =
        new InMemoryTable(MixedTable.SCHEMA, TABLE.rawRows(), KernelChoice.named(kernels), 1);
    List<String> paths = files(TABLE.shuffled(2), "kernels-" + engine.key(), 3, ".csv");
    var source = CsvFolder.source(paths.toArray(new String[0]));
    assertThat(train(Sparks.local2(), engine, source, 5, kernels))
        .isEqualTo(train(local, settings(5)));
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineKind.class,
      names = {"TREE", "GANG"})
  void oneCoreGivesTheSameBits(EngineKind engine) {
    List<String> paths = files(TABLE, "core-" + engine.key(), 3, ".csv");
    assertThat(train(Sparks.of("local[1]", Map.of()), engine, paths)).isEqualTo(expected);
  }

  @Test
  void aTableOfItsOwnForValidationGivesTheSameBits() {
    MixedTable validation = MixedTable.of(61, 8);
    TrainingSettings settings = settings(5, 0);
    Result withoutSpark = train(inMemory(TABLE, 1).withHeldOut(inMemory(validation, 1)), settings);
    SparkSession session = Sparks.local2();
    String own = new CsvFolder(temporary).write("own-validation.csv", validation.csv(0, 61));
    List<String> paths = files(TABLE, "own", 2, ".csv");
    var reader =
        new TableReader(session, "data.train", CsvFolder.source(paths.toArray(String[]::new)));
    ShardedTable table = CsvFolder.table(reader, MixedTable.CHOICE, RowPolicy.defaults());
    assertThat(train(table.withHeldOut(table(session, own)), settings)).isEqualTo(withoutSpark);
    assertThat(withoutSpark.metrics.get(1).rows()).isEqualTo(61);
  }

  private static ShardedTable table(SparkSession session, String path) {
    var reader = new TableReader(session, "data.validation.path", CsvFolder.source(path));
    return CsvFolder.table(reader, MixedTable.CHOICE, RowPolicy.defaults());
  }

  @Test
  void oneChangedCellGivesOtherBits() {
    MixedTable changed = TABLE.with(17, "x1", "0.125");
    Result result = train(Sparks.local2(), EngineKind.GANG, files(changed, "changed", 1, ".csv"));
    assertThat(result.weights).isNotEqualTo(expected.weights);
    assertThat(result.fingerprint).isNotEqualTo(expected.fingerprint);
  }

  @Test
  void anotherSeedGivesOtherBits() {
    var source = CsvFolder.source(files(TABLE, "seed", 1, ".csv").get(0));
    Result result = train(Sparks.local2(), EngineKind.GANG, source, 6);
    assertThat(result.weights).isNotEqualTo(expected.weights);
    assertThat(result.fingerprint).isEqualTo(expected.fingerprint);
  }
}
