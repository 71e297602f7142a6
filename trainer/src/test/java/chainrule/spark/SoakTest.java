package chainrule.spark;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Placement;
import chainrule.nn.Activation;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.shard.StepPlan;
import chainrule.train.sums.GradientBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of steps leave nothing behind. */
@Timeout(240)
class SoakTest {
  private static final MixedTable TABLE = MixedTable.of(64, 3);

  @TempDir private static Path temporary;

  private static String file;

  @BeforeAll
  static void writeTable() {
    file = new CsvFolder(temporary).write("table.csv", TABLE.csv(0, 64));
  }

  /** What may grow. */
  private record Used(long heapBytes, int threads, int broadcasts, long temporaryFiles) {
    static Used now() {
      System.gc();
      System.gc();
      return new Used(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          ManagementFactory.getThreadMXBean().getThreadCount(),
          SparkEnv.get().blockManager().getMatchingBlockIds(id -> id.isBroadcast()).size(),
          files());
    }

    private static long files() {
      long count = 0;
      for (java.io.File folder : SparkEnv.get().blockManager().diskBlockManager().localDirs()) {
        try (Stream<Path> files = Files.walk(folder.toPath())) {
          count += files.filter(Files::isRegularFile).count();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return count;
    }
  }

  private static void ask(GradientSource source, float[] parameters, long from, long to) {
    for (long step = from; step < to; step++) {
      GradientBuffer sums = source.ask(new Request.Gradient(step), parameters);
      source.recycle(sums);
    }
  }

  private static void soak(EngineKind engine, int steps, long heapBytesAStep) {
    SparkSession session = Sparks.local2();
    var reader = new TableReader(session, "data.train", CsvFolder.source(file));
    ShardedTable table =
        ShardedTable.of(
            session,
            reader,
            reader.schema(MixedTable.CHOICE),
            RowPolicy.defaults(),
            2,
            engine,
            "java");
    var settings =
        TrainingSettings.builder()
            .network(
                new NetworkSettings(
                    List.of(2), Activation.TANH, Setting.auto(), Setting.of(0.0), Setting.auto()))
            .epochs(Setting.of(1))
            .shards(Setting.of(2))
            .build();
    TrainedModel model = new Trainer(settings, TrainingListener.NONE).train(table).model();
    var plan = new StepPlan(64, 8, 2, 1);
    try (GradientSource source =
        table.open(model.objective(), model.encoder(), plan, Placement.withoutValidation(1))) {
      ask(source, model.parameters(), 0, steps / 5);
      Used before = Used.now();
      ask(source, model.parameters(), steps / 5, steps / 5 + steps);
      Used after = Used.now();
      assertThat(after.heapBytes - before.heapBytes).isLessThan(heapBytesAStep * steps);
      assertThat(after.threads).isLessThanOrEqualTo(before.threads + 4); // Spark's pools breathe
      // Spark removes them behind our back: some steps' may still be on their way, not all steps'.
      assertThat(after.broadcasts).isLessThanOrEqualTo(before.broadcasts + steps / 10);
      assertThat(after.temporaryFiles).isLessThanOrEqualTo(before.temporaryFiles);
    }
  }

  @Test
  void tenThousandStepsOfAGangLeaveNothing() {
    // A buffer or a closure that stays behind at each step would be far more.
    soak(EngineKind.GANG, 10_000, 400);
  }

  @Test
  void aJobAStepLeavesNoBroadcasts() {
    SparkSession session = Sparks.local2();
    assertThat(session.sparkContext().getPersistentRDDs().size()).isZero();
    // Spark remembers the last thousand jobs for its UI, some KiB each.
    soak(EngineKind.TREE, 300, 100_000);
  }
}
