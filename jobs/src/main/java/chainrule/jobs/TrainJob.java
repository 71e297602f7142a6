package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.live.LiveRun;
import chainrule.jobs.live.TensorBoardListener;
import chainrule.jobs.output.OutputFolder;
import chainrule.jobs.report.RunFiles;
import chainrule.jobs.tune.TuningReport;
import chainrule.spark.store.CheckpointFolder;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** The command {@code train}: trains a network, tests it, and saves it. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description =
        "Reads the data, trains a network, computes its metrics, and writes the output folder.",
    footer = {"", "Example: scripts/chainrule train conf/penguins.conf training.epochs=20"})
public final class TrainJob extends TrainingCommand {
  public static void main(String[] args) {
    main(new TrainJob(), args);
  }

  @Override
  void check(Configuration configuration) {
    TrainingChecks.all(configuration);
  }

  @Override
  void run(Configuration configuration, SparkSession session, LiveRun live) {
    OutputFolder output = SavedModel.folder(configuration, session);
    RunCheckpoints checkpoints =
        RunCheckpoints.find(configuration, output, new JobSettings(configuration).resume());
    prepare(configuration, output, checkpoints);
    checkpoints.begin();
    output.delete(TuningReport.CSV_FILE); // of an earlier run of tune
    output.delete(TuningReport.JSON_FILE);
    new TrainingRun(configuration, session, output, live).run(checkpoints);
  }

  /** Makes the output folder, which may hold the files of an unfinished run to resume. */
  private static void prepare(
      Configuration configuration, OutputFolder output, RunCheckpoints checkpoints) {
    Set<String> leftovers =
        checkpoints.ofUnfinishedRun()
            ? Set.of(CheckpointFolder.NAME, RunFiles.HISTORY, TensorBoardListener.FOLDER)
            : Set.of();
    boolean resumes = checkpoints.resumed().isPresent();
    output.prepare(configuration.flag("output.overwrite") || resumes, leftovers);
    output.removeUnfinished();
  }
}
