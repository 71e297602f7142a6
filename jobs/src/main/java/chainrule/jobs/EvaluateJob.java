package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.output.Console;
import chainrule.jobs.output.OutputFolder;
import chainrule.jobs.output.RunResults;
import chainrule.spark.ShardedTable;
import chainrule.spark.read.RowPolicy;
import chainrule.train.TrainedModel;
import chainrule.train.sums.Metrics;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** The command {@code evaluate}: computes the metrics of a trained network on a test table. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Computes the metrics of the network in output.dir on the table data.test.path.",
    footer = {"", "Example: scripts/chainrule evaluate conf/penguins.conf data.test.path=new.csv"})
public final class EvaluateJob extends ConfiguredJob {
  private static final String EVALUATION_FILE = "evaluation.json";

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
    OutputFolder output = SavedModel.folder(configuration, session);
    TrainedModel model = SavedModel.read(output);
    ShardedTable table =
        new Tables(session, configuration)
            .open("data.test.path", model.schema(), RowPolicy.defaults());
    Metrics metrics = TestMetrics.of(model, table, settings.training().seed());
    output.write(EVALUATION_FILE, RunResults.pretty(RunResults.json(metrics)));
    RunResults.print(Map.of("test", metrics));
    Console.print("Written to %s", output.path(EVALUATION_FILE));
  }
}
