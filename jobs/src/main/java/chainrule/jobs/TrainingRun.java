package chainrule.jobs;

import chainrule.data.LabelEncoding;
import chainrule.data.Schema;
import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.config.Resume;
import chainrule.jobs.live.LiveHistory;
import chainrule.jobs.live.LiveRun;
import chainrule.jobs.live.ProgressListener;
import chainrule.jobs.live.TensorBoardListener;
import chainrule.jobs.output.Console;
import chainrule.jobs.output.FaultText;
import chainrule.jobs.output.OutputFolder;
import chainrule.jobs.output.ReportWriter;
import chainrule.jobs.output.RunResults;
import chainrule.jobs.report.RunFiles;
import chainrule.ml.TabularPipeline;
import chainrule.model.ModelFile;
import chainrule.spark.MetricsPlugin;
import chainrule.spark.ShardedTable;
import chainrule.spark.read.TableReader;
import chainrule.spark.store.CheckpointFolder;
import chainrule.train.DivergedException;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.checkpoint.ChangedRunException;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.history.EpochRecord;
import chainrule.train.sums.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole training: reads the tables, trains, computes metrics, and writes the output folder.
 *
 * <p>Not for sharing.
 */
final class TrainingRun {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

  private static final String LAST_GOOD_FILE = "last-good.safetensors";

  private final Configuration configuration;
  private final SparkSession session;
  private final OutputFolder output;
  private final LiveRun live;
  private final JobSettings settings;
  private final String kernels;
  private final TrainingStart start;

  /**
   * @param live shows the progress
   * @throws ConfigurationException if the configuration names initial weights that do not exist
   */
  TrainingRun(
      Configuration configuration, SparkSession session, OutputFolder output, LiveRun live) {
    this.configuration = configuration;
    this.session = session;
    this.output = output;
    this.live = live;
    this.settings = new JobSettings(configuration);
    this.kernels = settings.kernels();
    this.start = TrainingStart.of(configuration, session);
  }

  /** Trains, or resumes the training, and writes the results. */
  void run(RunCheckpoints checkpoints) {
    live.setActivity("Reading the data");
    var reader = new TableReader(session, "data.train", settings.source("data.train"));
    Schema schema = reader.schema(settings.columns());
    LOG.info(
        "{} numeric and {} categorical features, label{} {}",
        schema.numericFeatures().size(),
        schema.categoricalFeatures().size(),
        schema.labels().size() > 1 ? "s" : "",
        String.join(", ", schema.labelNames()));
    Tables.Training data =
        new Tables(session, configuration)
            .training(reader, schema, Tables.shards(start.settings()));
    LOG.info("Engine {}, kernels {}", data.table().engineDescription(), kernels);

    Trainer.Outcome outcome = train(data, checkpoints);
    live.setActivity("Computing metrics and writing");
    reportDropped(data.table());
    Metrics test = test(outcome.model(), data.test());
    write(outcome, data.table(), test);
    checkpoints.folder().complete(RunResults.sha256(outcome.model().parameters()));
    print(outcome, test);
    boolean report = configuration.flag("output.report");
    if (report) {
      new ReportWriter(output, session, kernels)
          .write(outcome, data.table(), data.test(), start.settings().seed());
    } else {
      output.delete(ReportWriter.FILE); // of an earlier run
    }
    live.finish(output, report);
  }

  private Trainer.Outcome train(Tables.Training data, RunCheckpoints checkpoints) {
    Optional<CheckpointFolder.Found> resumed = checkpoints.resumed();
    String where = data.table().engine().key() + " with " + kernels;
    live.setEngine(where);
    List<EpochRecord> before =
        resumed.map(found -> found.contents().checkpoint().history()).orElse(List.of());
    before.forEach(live::epochFinished);
    boolean curved = configuration.flag("output.tensorboard");
    try (var progress = new ProgressListener(where);
        var curves = new TensorBoardListener(output, curved, before);
        var checkpointer = new Checkpointer(settings.checkpoints(), checkpoints.folder())) {
      Interruption.guard(checkpointer);
      var history = new LiveHistory(output, RunFiles.HISTORY, before);
      var listener =
          TrainingListener.all(progress, history, curves, MetricsPlugin.listener(), live);
      Trainer trainer = start.trainer(listener).with(checkpointer);
      if (resumed.isPresent()) {
        trainer = trainer.resuming(resumed.get().contents().checkpoint());
      }
      LabelEncoding label = trainer.label(data.table());
      data.requireKnownTestLabels(label, start.settings().seed());
      return trainer.train(data.table());
    } catch (ChangedRunException e) {
      throw Resume.refused(resumed.orElseThrow().path(), e.getMessage());
    } catch (DivergedException e) {
      checkpoints.folder().clear(); // a run that resumes from one would diverge again
      e.lastGoodModel().ifPresent(model -> output.write(LAST_GOOD_FILE, ModelFile.toBytes(model)));
      LOG.info("The last weights with a finite loss are in {}", output.path(LAST_GOOD_FILE));
      throw e;
    }
  }

  private Metrics test(TrainedModel model, Optional<ShardedTable> test) {
    return test.map(table -> TestMetrics.of(model, table, start.settings().seed()))
        .orElseGet(Metrics::none);
  }

  private void write(Trainer.Outcome outcome, ShardedTable table, Metrics test) {
    output.delete(LAST_GOOD_FILE);
    output.delete(SavedModel.ONNX_FILE); // of an earlier network
    output.write(SavedModel.NETWORK_FILE, ModelFile.toBytes(outcome.model()));
    output.writeFolder(SavedModel.PIPELINE_FOLDER, folder -> save(outcome.model(), folder));
    output.write(RunFiles.HISTORY, RunResults.history(outcome.report().history()));
    output.write(RunFiles.CONFIGURATION, configuration.renderJson() + "\n");
    boolean oneTable = configuration.has("data.test.fraction");
    long usable = outcome.report().plan().rows() + (oneTable ? test.rows() : 0);
    output.write(
        RunFiles.METRICS,
        RunResults.metrics(outcome, table, usable, kernels, start.settings().seed(), test));
  }

  private static void save(TrainedModel model, Path folder) {
    try {
      TabularPipeline.of(model).save(folder.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + folder + ": " + e.getMessage(), e);
    }
  }

  private void print(Trainer.Outcome outcome, Metrics test) {
    Map<String, Metrics> parts = new LinkedHashMap<>();
    parts.put("train", outcome.report().training());
    parts.put("validation", outcome.report().validation());
    parts.put("test", test);
    Console.print("");
    RunResults.print(parts);
    FaultText.sentences(outcome.report().faults()).forEach(text -> Console.print("%s", text));
    Console.print(
        "%d parameters, %d steps in %.1f s, weights of epoch %d; written to %s",
        outcome.model().network().parameterCount(),
        outcome.report().steps(),
        outcome.report().trainSeconds(),
        outcome.report().bestEpoch(),
        output);
  }

  private static void reportDropped(ShardedTable table) {
    if (table.droppedMissing() + table.droppedMalformed() > 0) {
      LOG.warn(
          "Dropped {} rows with missing features and {} that cannot be read, such as: {}",
          table.droppedMissing(),
          table.droppedMalformed(),
          table.droppedExamples().get(0));
    }
  }
}
