package chainrule.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.nn.Activation;
import chainrule.spark.CsvFolder;
import chainrule.spark.EngineKind;
import chainrule.spark.MixedTable;
import chainrule.spark.ShardedTable;
import chainrule.spark.Sparks;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.OptimizerSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The descriptions of a training's jobs in Spark's UI. */
@Timeout(120)
class JobDescriptionTest {
  private static final String KEY = "spark.job.description";
  private static final String GROUP = "spark.jobGroup.id";

  @TempDir private Path temporary;

  private final SparkSession session = Sparks.local2();
  private final SparkContext context = session.sparkContext();
  private final List<String> jobs = Collections.synchronizedList(new ArrayList<>());
  private final SparkListener listener =
      new SparkListener() {
        @Override
        public void onJobStart(SparkListenerJobStart start) {
          jobs.add(
              start.properties().getProperty(GROUP) + "/" + start.properties().getProperty(KEY));
        }
      };

  @BeforeEach
  void listen() {
    context.addSparkListener(listener);
    context.setJobGroup("mine", "my work", false);
  }

  @AfterEach
  void leave() {
    context.removeSparkListener(listener);
    context.clearJobGroup();
  }

  private List<String> jobsOf(EngineKind engine, TrainingSettings settings)
      throws TimeoutException {
    String file = new CsvFolder(temporary).write("table.csv", MixedTable.of(400, 3).csv(0, 400));
    var reader = new TableReader(session, "data.train", CsvFolder.source(file));
    var table =
        ShardedTable.of(
            session,
            reader,
            reader.schema(MixedTable.CHOICE),
            RowPolicy.defaults(),
            2,
            engine,
            "java");
    new Trainer(settings, TrainingListener.NONE).train(table);
    context.listenerBus().waitUntilEmpty();
    assertThat(jobs).allMatch(job -> job.startsWith("mine/Chainrule: "));
    assertThat(context.getLocalProperty(KEY)).isEqualTo("my work");
    assertThat(context.getLocalProperty(GROUP)).isEqualTo("mine");
    return jobs.stream().map(job -> job.replace("mine/Chainrule: ", "")).toList();
  }

  private static TrainingSettings.Builder settings() {
    return TrainingSettings.builder()
        .network(
            new NetworkSettings(
                List.of(4), Activation.TANH, Setting.auto(), Setting.of(0.0), Setting.auto()))
        .epochs(Setting.of(2))
        .shards(Setting.of(2));
  }

  @Test
  void everyJobOfTheTreeNamesItsStep() throws TimeoutException {
    List<String> found =
        jobsOf(
            EngineKind.TREE, settings().batchSize(Setting.of(200)).refit(Setting.of(true)).build());
    List<String> refit = found.subList(found.lastIndexOf("packing shards"), found.size());
    assertThat(found.subList(0, found.size() - refit.size()))
        .containsExactly(
            "reading rows, counting labels",
            "counting columns",
            "packing shards",
            "epoch 1, step 1 of 2",
            "epoch 1, step 2 of 2",
            "validation after epoch 1",
            "epoch 2, step 1 of 2",
            "epoch 2, step 2 of 2",
            "validation after epoch 2",
            "metrics of the training rows",
            "metrics of the validation rows",
            "counting columns");
    assertThat(refit)
        .startsWith("packing shards", "epoch 1, step 1 of 2")
        .endsWith("metrics of the training rows")
        .doesNotContain("validation after epoch 1");
  }

  @Test
  void theGangsJobNamesItsFirstStep() throws TimeoutException {
    assertThat(
            jobsOf(
                EngineKind.GANG,
                settings().batchSize(Setting.of(200)).refit(Setting.of(false)).build()))
        .containsExactly(
            "reading rows, counting labels",
            "counting columns",
            "packing shards",
            "training from epoch 1, step 1 of 2 on, 2 tasks at once");
  }

  @Test
  void lineSearchesCountTheirEvaluations() throws TimeoutException {
    var lbfgs = new OptimizerSettings("lbfgs", Setting.auto(), Map.of());
    assertThat(
            jobsOf(EngineKind.TREE, settings().optimizer(lbfgs).refit(Setting.of(false)).build()))
        .contains("epoch 1, step 1 of 1", "gradient over all rows, evaluation 2", "validation");
  }
}
