package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.config.Resume;
import chainrule.jobs.live.LiveRun;
import chainrule.jobs.live.TensorBoardListener;
import chainrule.jobs.output.OutputFolder;
import chainrule.jobs.report.RunFiles;
import chainrule.jobs.tune.TuningReport;
import chainrule.spark.store.CheckpointFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  @Override
  void run(Configuration configuration, SparkSession session, LiveRun live) {
    var output =
        new OutputFolder(
            configuration.text("output.dir"), session.sparkContext().hadoopConfiguration());
    var settings = new JobSettings(configuration);
    Map<String, String> origin = Resume.origin(configuration, settings.kernels());
    var checkpoints = new CheckpointFolder(output, settings.keptCheckpoints(), origin);
    Optional<CheckpointFolder.Found> resumed = prepare(configuration, output, checkpoints, origin);
    output.delete(TuningReport.CSV_FILE); // of an earlier run, whose settings were searched for
    output.delete(TuningReport.JSON_FILE);
    new TrainingRun(configuration, session, output, live).run(checkpoints, resumed);
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
    new TrainingRun(configuration, session, output, live).run(checkpoints, resumed);
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
}
