package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.output.Console;
import chainrule.jobs.output.OutputFolder;
import chainrule.jobs.output.RunResults;
import chainrule.ml.TabularPipeline;
import chainrule.spark.ShardedTable;
import chainrule.spark.read.RowPolicy;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.shard.StepPlan;
import chainrule.train.sums.Metrics;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** The command {@code evaluate}: the metrics of a trained network on a test table. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Measures the network in output.dir on data.test.path.",
    footer = {"", "Example: scripts/chainrule evaluate conf/penguins.conf data.test.path=new.csv"})
public final class EvaluateJob extends SparkJob {
  private static final String EVALUATION_FILE = "evaluation.json";

  private static final int BATCH_SIZE = 1024;

  public static void main(String[] args) {
    main(new EvaluateJob(), args);
  }

  @Override
  void check(Configuration configuration) {
    configuration.text("output.dir");
    new JobSettings(configuration).source("data.test.path");
  }

  @Override
  void run(Configuration configuration, SparkSession session) {
    var settings = new JobSettings(configuration);
    OutputFolder output = trained(configuration, session);
    TrainedModel model = read(output);
    ShardedTable table =
        new Tables(session, configuration)
            .open("data.test.path", model.schema(), RowPolicy.defaults());
    Metrics metrics = Trainer.evaluate(model, table, "test", plan(settings.training().seed()));
    output.write(EVALUATION_FILE, RunResults.pretty(RunResults.json(metrics)));
    RunResults.print(Map.of("test", metrics));
    Console.print("Written to %s", output.path(EVALUATION_FILE));
  }

  /**
   * Returns the shards over which the metrics of a test are summed: one plan for all jobs, so that
   * they come to the same bits.
   */
  static StepPlan plan(long seed) {
    return new StepPlan(1, BATCH_SIZE, StepPlan.shardsFor(BATCH_SIZE), seed);
  }

  /** Returns the folder that training wrote. */
  static OutputFolder trained(Configuration configuration, SparkSession session) {
    return new OutputFolder(
        configuration.text("output.dir"), session.sparkContext().hadoopConfiguration());
  }

  /** Reads the model that training wrote. */
  static TrainedModel read(OutputFolder output) {
    Path folder = output.path(TrainingRun.MODEL_FOLDER);
    if (!output.has(TrainingRun.MODEL_FOLDER)) {
      throw new ConfigurationException("Cannot read " + folder + ": there is no such folder");
    }
    try {
      return TabularPipeline.trained(PipelineModel.load(folder.toString()));
    } catch (RuntimeException e) {
      throw new ConfigurationException("Cannot read " + folder + ": " + e.getMessage());
    }
  }
}
