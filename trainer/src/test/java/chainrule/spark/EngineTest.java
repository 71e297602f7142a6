package chainrule.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import chainrule.train.shard.WorkerFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What engines do beside giving the right bits; a hang fails by the limit on each test. */
@Timeout(120)
class EngineTest {
  private static final MixedTable TABLE = MixedTable.of(600, 3);

  @TempDir private static Path temporary;

  private static String file;

  @BeforeAll
  static void writeTable() {
    file = new CsvFolder(temporary).write("table.csv", TABLE.csv(0, 600));
  }

  private static TrainingSettings settings(int shards, int epochs) {
    return TrainingSettings.builder()
        .network(
            new NetworkSettings(
                List.of(6), Activation.TANH, Setting.auto(), Setting.of(0.1), Setting.auto()))
        .batchSize(Setting.of(128))
        .epochs(Setting.of(epochs))
        .shards(Setting.of(shards))
        .refit(Setting.of(false))
        .build();
  }

  private static ShardedTable table(
      SparkSession session, int shards, EngineKind engine, String kernels) {
    var reader = new TableReader(session, "data.train", CsvFolder.source(file));
    return ShardedTable.of(
        session,
        reader,
        reader.schema(MixedTable.CHOICE),
        RowPolicy.defaults(),
        shards,
        engine,
        kernels);
  }

  private static TrainedModel train(SparkSession session, int shards, EngineKind engine) {
    return new Trainer(settings(shards, 2), TrainingListener.NONE)
        .train(table(session, shards, engine, "java"))
        .model();
  }

  @Test
  void moreTasksThanTheDriverMergesItselfGiveTheSameBits() {
    // 20 cores make 20 tasks of 1 or 2 of the 32 shards: more than 16, and no power of two.
    SparkSession many = Sparks.of("local[20]", Map.of());
    float[] tree = train(many, 32, EngineKind.TREE).parameters();
    float[] gang = train(many, 32, EngineKind.GANG).parameters();
    float[] two = train(Sparks.local2(), 32, EngineKind.TREE).parameters();
    assertThat(tree).containsExactly(gang);
    assertThat(tree).containsExactly(two);
  }

  @Test
  void aWorkersFailureSurfacesWithItsCauseFromTheGang() {
    ShardedTable broken = table(Sparks.local2(), 4, EngineKind.GANG, "abacus");
    var trainer = new Trainer(settings(4, 2), TrainingListener.NONE);
    assertThatThrownBy(() -> trainer.train(broken))
        .isInstanceOf(WorkerFailedException.class)
        .hasMessage(
            "Cannot compute: a worker failed: Invalid blas: \"abacus\" (must be auto, openblas or java)")
        .cause()
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aWorkersFailureSurfacesWithItsCauseFromTheTree() {
    ShardedTable broken = table(Sparks.local2(), 4, EngineKind.TREE, "abacus");
    var trainer = new Trainer(settings(4, 2), TrainingListener.NONE);
    assertThatThrownBy(() -> trainer.train(broken))
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .hasRootCauseMessage("Invalid blas: \"abacus\" (must be auto, openblas or java)");
  }

  @Test
  void aFitAfterAFailedOneWorks() {
    ShardedTable broken = table(Sparks.local2(), 4, EngineKind.GANG, "abacus");
    var trainer = new Trainer(settings(4, 2), TrainingListener.NONE);
    assertThatThrownBy(() -> trainer.train(broken)).isInstanceOf(WorkerFailedException.class);
    assertThat(train(Sparks.local2(), 4, EngineKind.GANG).parameters()).isNotEmpty();
  }

  @Test
  void aCancelledGangEndsTheTraining() {
    SparkSession session = Sparks.local2();
    var listener =
        new TrainingListener() {
          @Override
          public void stepFinished(long step, double loss) {
            if (step == 3) {
              session.sparkContext().cancelAllJobs();
            }
          }
        };
    var trainer = new Trainer(settings(4, 1_000_000), listener);
    assertThatThrownBy(() -> trainer.train(table(session, 4, EngineKind.GANG, "java")))
        .isInstanceOf(WorkerFailedException.class)
        .hasMessageContaining("cancelled");
    assertThat(train(session, 4, EngineKind.GANG).parameters()).isNotEmpty();
  }

  @Test
  void aListenersFailureEndsTheGang() {
    SparkSession session = Sparks.local2();
    var listener =
        new TrainingListener() {
          @Override
          public void stepFinished(long step, double loss) {
            throw new IllegalStateException("enough");
          }
        };
    var trainer = new Trainer(settings(4, 10), listener);
    assertThatThrownBy(() -> trainer.train(table(session, 4, EngineKind.GANG, "java")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("enough");
    assertThat(train(session, 4, EngineKind.GANG).parameters()).isNotEmpty();
  }

  @Test
  void twoFitsAtOnceInOneContextBothEndWithTheirBits() throws Exception {
    SparkSession session = Sparks.local2();
    fitsAtOnce(session, train(session, 4, EngineKind.GANG).parameters());
  }

  @Test
  void twoFitsAtOnceUnderAFairSchedulerBothEndWithTheirBits() throws Exception {
    SparkSession session = Sparks.of("local[2]", Map.of("spark.scheduler.mode", "FAIR"));
    fitsAtOnce(session, train(session, 4, EngineKind.GANG).parameters());
  }

  private static void fitsAtOnce(SparkSession session, float[] expected) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<float[]>> fits =
          List.of("a", "b", "c").stream()
              .map(
                  pool ->
                      threads.submit(
                          () -> {
                            // A pool of its own: fair scheduling gives each its share of the slots.
                            session.sparkContext().setLocalProperty("spark.scheduler.pool", pool);
                            return train(session, 4, EngineKind.GANG).parameters();
                          }))
              .toList();
      for (Future<float[]> fit : fits) {
        assertThat(fit.get()).containsExactly(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void closingAGangLeavesNoJobAndNoRowsBehind() throws TimeoutException {
    SparkSession session = Sparks.local2();
    train(session, 4, EngineKind.GANG);
    train(session, 4, EngineKind.TREE);
    // What Spark tells of jobs comes from its event queue, which may be behind.
    session.sparkContext().listenerBus().waitUntilEmpty();
    assertThat(session.sparkContext().statusTracker().getActiveJobIds()).isEmpty();
    assertThat(session.sparkContext().getPersistentRDDs().size()).isZero();
  }

  @Test
  void moreShardsThanTheTableWasMadeForAreRefused() {
    ShardedTable table = table(Sparks.local2(), 1, EngineKind.TREE, "java");
    var trainer = new Trainer(settings(64, 1), TrainingListener.NONE);
    assertThatThrownBy(() -> trainer.train(table))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid shards: 64 (must be at most 16, for which the table was shuffled)");
  }

  @Test
  void anUnknownEngineIsRefused() {
    assertThat(EngineKind.of("gang")).isEqualTo(EngineKind.GANG);
    assertThatThrownBy(() -> EngineKind.of("barrier"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid engine: \"barrier\" (must be auto, tree or gang)");
  }

  @Test
  void automaticIsTheGangInOneJvm() {
    ShardedTable table = table(Sparks.local2(), 1, EngineKind.AUTO, "java");
    assertThat(table.engine()).isEqualTo(EngineKind.GANG);
  }

  @Test
  void aClosedSourceAnswersNoMore() {
    SparkSession session = Sparks.local2();
    var sources = new ArrayList<GradientSource>();
    ShardedTable table = table(session, 4, EngineKind.GANG, "java");
    var model = new Trainer(settings(4, 1), TrainingListener.NONE).train(table).model();
    var plan = new StepPlan(600, 128, 4, 1);
    try (GradientSource source =
        table.open(model.objective(), model.encoder(), plan, Placement.withoutValidation(1))) {
      assertThat(source.validationRows()).isZero();
      assertThat(source.plan()).isEqualTo(plan);
      sources.add(source);
    }
    assertThatThrownBy(() -> sources.get(0).ask(new Request.Gradient(0), model.parameters()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot ask: the exchange is closed");
  }
}
