package chainrule.spark;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Block;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.math.JavaKernels;
import chainrule.model.PermutationImportance;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of rows, and importance computed over tasks, are what one JVM comes to. */
class SampleTest {
  private static final long SEED = 5;
  private static final MixedTable TABLE = MixedTable.of(300, 11);

  @TempDir private Path temporary;

  private ShardedTable table(SparkSession session, MixedTable rows, String name) {
    String file = new CsvFolder(temporary).write(name, rows.csv(0, 300));
    var reader = new TableReader(session, "data.train", CsvFolder.source(file));
    return ShardedTable.of(
        session,
        reader,
        reader.schema(MixedTable.CHOICE),
        RowPolicy.defaults(),
        16,
        EngineKind.TREE,
        "java");
  }

  /** Returns the rows of a part by key, then by content. */
  private static List<RawRow> expected(Placement placement, boolean validation) {
    List<RawRow> ordered = new ArrayList<>(TABLE.rawRows());
    ordered.sort((a, b) -> Placement.compare(Placement.key(a, SEED), a, Placement.key(b, SEED), b));
    var splitter = new Placement.Splitter();
    List<RawRow> part = new ArrayList<>();
    for (RawRow row : ordered) {
      long splitKey = splitter.next(Placement.key(row, SEED), row);
      if (placement.isValidation(splitKey) == validation) {
        part.add(row);
      }
    }
    return part;
  }

  @Test
  void aSampleIsTheFirstRowsOfAPartByKey() {
    SparkSession session = Sparks.local2();
    ShardedTable table = table(session, TABLE, "table.csv");
    ShardedTable shuffled = table(session, TABLE.shuffled(4), "shuffled.csv");
    Placement placement = table.summary(SEED).placement(SEED, 0.25);
    List<RawRow> training = expected(placement, false);
    List<RawRow> validation = expected(placement, true);
    assertThat(validation).hasSize(75);
    assertThat(table.sample(placement, Block.Part.TRAINING, 150))
        .isEqualTo(training.subList(0, 150));
    assertThat(shuffled.sample(placement, Block.Part.VALIDATION, 1000)).isEqualTo(validation);
    assertThat(
            table
                .withHeldOut(shuffled)
                .sample(Placement.withoutValidation(SEED), Block.Part.VALIDATION, 9))
        .isEqualTo(expected(Placement.withoutValidation(SEED), false).subList(0, 9));
  }

  @Test
  void importanceOverTasksIsTheSameBits() {
    List<RawRow> rows = TABLE.rawRows();
    var inMemory = new InMemoryTable(MixedTable.SCHEMA, rows, new JavaKernels(), 1);
    TrainingSettings settings = TrainingSettings.builder().epochs(Setting.of(2)).build();
    TrainedModel model = new Trainer(settings, TrainingListener.NONE).train(inMemory).model();
    var alone = new PermutationImportance(model, rows, new JavaKernels());
    List<Integer> columns = List.of(0, 1, 3, 4);
    var context = JavaSparkContext.fromSparkContext(Sparks.local2().sparkContext());
    assertThat(DistributedImportance.rises(context, model, rows, columns, 2, SEED, "java"))
        .isEqualTo(columns.stream().map(column -> alone.rise(column, 2, SEED)).toList());
    assertThat(DistributedImportance.rises(context, model, rows, List.of(), 2, SEED, "java"))
        .isEmpty();
  }
}
