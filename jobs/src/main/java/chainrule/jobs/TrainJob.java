package chainrule.jobs;

import chainrule.data.LabelEncoding;
import chainrule.data.Schema;
import chainrule.jobs.report.RunFiles;
import chainrule.ml.TabularPipeline;
import chainrule.model.ModelFile;
import chainrule.spark.CheckpointFolder;
import chainrule.spark.MetricsPlugin;
import chainrule.spark.ShardedTable;
import chainrule.spark.TableReader;
import chainrule.train.ChangedRunException;
import chainrule.train.CheckpointPolicy;
import chainrule.train.Checkpointer;
import chainrule.train.DivergedException;
import chainrule.train.EpochRecord;
import chainrule.train.Metrics;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** The command {@code train}: from a configuration to a trained, tested and saved network. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = "Reads the data, trains a network, measures it, writes the output folder.",
    footer = {"", "Example: scripts/chainrule train conf/penguins.conf training.epochs=20"})
public final class TrainJob extends TrainingCommand {
  private static final Logger LOG = LoggerFactory.getLogger(TrainJob.class);

  static final String MODEL_FOLDER = "model";
  static final String NETWORK_FILE = "network.safetensors";
  private static final String LAST_GOOD_FILE = "last-good.safetensors";
  static final String METRICS_FILE = RunFiles.METRICS;

  public static void main(String[] args) {
    main(new TrainJob(), args);
  }

  @Override
  void check(Configuration configuration) {
    checkTraining(configuration);
  }

  /** Checks all that a training with this configuration needs. */
  static void checkTraining(Configuration configuration) {
    checkSettings(configuration);
    configuration.text("output.dir");
    configuration.flag("output.overwrite");
    new JobSettings(configuration).checkpoints();
    new JobSettings(configuration).keptCheckpoints();
    new JobSettings(configuration).resume();
    configuration.flag("output.tensorboard");
    configuration.flag("output.report");
    new JobSettings(configuration).serve();
    for (String part : List.of("data.validation", "data.test")) {
      if (configuration.has(part + ".path") && configuration.isGiven(part + ".fraction")) {
        throw configuration.invalid(part, "a fraction or a path, not both");
      }
    }
    for (String part : List.of("data.validation", "data.test")) {
      if (configuration.has(part + ".path")) {
        new JobSettings(configuration).source(part + ".path");
      }
    }
    if (configuration.has("data.test.fraction")) {
      new JobSettings(configuration).testFraction();
    }
    boolean refits = new JobSettings(configuration).training().refit().orElse(false);
    if (configuration.has("data.validation.path") && refits) {
      throw configuration.invalid(
          "training.refit", "false or auto: with data.validation.path no row is held out");
    }
  }

  /** Checks the settings of data, network and training. */
  static void checkSettings(Configuration configuration) {
    var settings = new JobSettings(configuration);
    settings.training();
    settings.policy();
    settings.columns();
    settings.source("data.train");
    settings.engine();
    settings.kernels();
    configuration.textOrEmpty("network.initial-weights");
  }

  /** Returns the trainer, which starts from the weights that the configuration names, if any. */
  static Trainer trainer(
      Configuration configuration,
      SparkSession session,
      TrainingSettings training,
      TrainingListener listener) {
    var trainer = new Trainer(training, listener);
    return configuration.has("network.initial-weights")
        ? trainer.startingFrom(InitialWeights.read(configuration, session)::of)
        : trainer;
  }

  /** Returns the settings of the training; where nothing else is said, weights settle some. */
  static TrainingSettings training(Configuration configuration, SparkSession session) {
    var settings = new JobSettings(configuration);
    return configuration.has("network.initial-weights")
        ? settings.startingFrom(InitialWeights.read(configuration, session).members()).training()
        : settings.training();
  }

  @Override
  void run(Configuration configuration, SparkSession session, LiveRun live) {
    var output =
        new OutputFolder(
            configuration.text("output.dir"), session.sparkContext().hadoopConfiguration());
    var settings = new JobSettings(configuration);
    Map<String, String> origin = Resume.origin(configuration, settings.kernels());
    var checkpoints = new CheckpointFolder(output, settings.keptCheckpoints(), origin);
    Optional<CheckpointFolder.Found> resumed = prepare(configuration, output, checkpoints, origin);
    output.delete(TuneJob.CSV_FILE); // of an earlier run, whose settings were searched for
    output.delete(TuneJob.JSON_FILE);
    train(configuration, session, output, live, settings.checkpoints(), checkpoints, resumed);
  }

  /**
   * Trains, measures, and writes a folder that is ready.
   *
   * @param resumes whether checkpoints in it may be of this training, which then goes on from them
   */
  static void train(
      Configuration configuration,
      SparkSession session,
      OutputFolder output,
      LiveRun live,
      Resume.Mode resumes) {
    var settings = new JobSettings(configuration);
    Map<String, String> origin = Resume.origin(configuration, settings.kernels());
    var checkpoints = new CheckpointFolder(output, settings.keptCheckpoints(), origin);
    Optional<CheckpointFolder.Found> resumed =
        goesOn(new Resume(resumes, checkpoints, origin).find(), checkpoints);
    train(configuration, session, output, live, settings.checkpoints(), checkpoints, resumed);
  }

  private static void train(
      Configuration configuration,
      SparkSession session,
      OutputFolder output,
      LiveRun live,
      CheckpointPolicy policy,
      CheckpointFolder checkpoints,
      Optional<CheckpointFolder.Found> resumed) {
    var settings = new JobSettings(configuration);
    TrainingSettings training = training(configuration, session);
    live.does("Reading the data");
    var tables = new Tables(session, configuration);
    var reader = new TableReader(session, "data.train", settings.source("data.train"));
    Schema schema = reader.schema(settings.columns());
    LOG.info(
        "{} numeric and {} categorical features, label{} {}",
        schema.numericFeatures().size(),
        schema.categoricalFeatures().size(),
        schema.labels().size() > 1 ? "s" : "",
        String.join(", ", schema.labelNames()));
    Tables.Training data = tables.training(reader, schema, Tables.shards(training));
    ShardedTable table = data.table();
    List<ShardedTable> test = data.test();
    String kernels = settings.kernels();
    LOG.info("Engine {}, kernels {}", table.engineDescription(), kernels);
    String where = table.engine().key() + " with " + kernels;
    live.trainsWith(where);

    List<EpochRecord> before =
        resumed.map(found -> found.contents().checkpoint().history()).orElse(List.of());
    before.forEach(live::epochFinished);
    Trainer.Outcome outcome;
    boolean curved = configuration.flag("output.tensorboard");
    try (var progress = new ProgressListener(where);
        var curves = new TensorBoardListener(output, curved, before);
        var checkpointer = new Checkpointer(policy, checkpoints)) {
      Interruption.guard(checkpointer);
      var history = new LiveHistory(output, RunFiles.HISTORY, before);
      var listener =
          TrainingListener.all(progress, history, curves, MetricsPlugin.listener(), live);
      Trainer trainer = trainer(configuration, session, training, listener).with(checkpointer);
      if (resumed.isPresent()) {
        trainer = trainer.resuming(resumed.get().contents().checkpoint());
      }
      LabelEncoding label = trainer.label(table);
      for (ShardedTable other : test) { // refused before anything is trained
        other.summary(training.seed()).requireKnownLabels(label, "test");
      }
      outcome = trainer.train(table);
    } catch (ChangedRunException e) {
      throw Resume.refused(resumed.orElseThrow().path(), e.getMessage());
    } catch (DivergedException e) {
      checkpoints.clear(); // from which it would only diverge again
      e.lastGoodModel().ifPresent(model -> output.write(LAST_GOOD_FILE, ModelFile.toBytes(model)));
      LOG.info("The last weights with a finite loss are in {}", output.path(LAST_GOOD_FILE));
      throw e;
    }
    live.does("Measuring and writing");
    reportDropped(table);
    Metrics testMetrics =
        test.isEmpty()
            ? Metrics.none()
            : Trainer.evaluate(
                outcome.model(), test.get(0), "test", EvaluateJob.plan(training.seed()));

    output.delete(LAST_GOOD_FILE);
    output.delete(ExportJob.ONNX_FILE); // of an earlier network
    output.write(NETWORK_FILE, ModelFile.toBytes(outcome.model()));
    output.writeFolder(MODEL_FOLDER, folder -> save(outcome.model(), folder));
    output.write(RunFiles.HISTORY, Results.history(outcome.report().history()));
    output.write(RunFiles.CONFIGURATION, configuration.renderJson() + "\n");
    boolean oneTable = configuration.has("data.test.fraction");
    output.write(
        RunFiles.METRICS,
        Results.metrics(
            outcome,
            table,
            outcome.report().plan().rows() + (oneTable ? testMetrics.rows() : 0),
            kernels,
            training.seed(),
            testMetrics));
    checkpoints.complete(Results.sha256(outcome.model().parameters()));

    Map<String, Metrics> parts = new LinkedHashMap<>();
    parts.put("train", outcome.report().training());
    parts.put("validation", outcome.report().validation());
    parts.put("test", testMetrics);
    print("");
    Results.print(parts);
    FaultText.sentences(outcome.report().faults()).forEach(text -> print("%s", text));
    print(
        "%d parameters, %d steps in %.1f s, weights of pass %d; written to %s",
        outcome.model().network().parameterCount(),
        outcome.report().steps(),
        outcome.report().trainSeconds(),
        outcome.report().bestEpoch(),
        output);
    boolean report = configuration.flag("output.report");
    if (report) {
      new ReportWriter(output, session, kernels).write(outcome, table, test, training.seed());
    } else {
      output.delete(ReportWriter.FILE); // an older run's
    }
    live.isDone(output, report);
  }

  /** Makes the output folder ready, and returns the checkpoint in it to go on from, if any. */
  private static Optional<CheckpointFolder.Found> prepare(
      Configuration configuration,
      OutputFolder output,
      CheckpointFolder checkpoints,
      Map<String, String> origin) {
    var resume = new Resume(new JobSettings(configuration).resume(), checkpoints, origin);
    Optional<CheckpointFolder.Found> resumed = resume.find();
    boolean takesOver = resume.takesOver();
    output.prepare(
        configuration.flag("output.overwrite") || resumed.isPresent(),
        takesOver
            ? Set.of(CheckpointFolder.NAME, RunFiles.HISTORY, TensorBoardListener.FOLDER)
            : Set.of());
    output.removeUnfinished();
    return goesOn(resumed, checkpoints);
  }

  /** Says from where training goes on, or removes what it does not go on from. */
  private static Optional<CheckpointFolder.Found> goesOn(
      Optional<CheckpointFolder.Found> resumed, CheckpointFolder checkpoints) {
    if (resumed.isPresent()) {
      LOG.info(
          "Going on from {}: {}",
          resumed.get().path(),
          resumed.get().contents().checkpoint().place());
    } else {
      checkpoints.clear();
    }
    return resumed;
  }

  private static void save(TrainedModel model, Path folder) {
    try {
      TabularPipeline.of(model).save(folder.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + folder + ": " + e.getMessage(), e);
    }
  }

  private static void reportDropped(ShardedTable table) {
    if (table.droppedMissing() + table.droppedMalformed() > 0) {
      LOG.warn(
          "Left out {} rows with missing features and {} that cannot be read, such as: {}",
          table.droppedMissing(),
          table.droppedMalformed(),
          table.droppedExamples().get(0));
    }
  }
}
