package chainrule.jobs;

import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.output.Console;
import chainrule.math.KernelChoice;
import chainrule.optim.Optimizers;
import chainrule.spark.ShardedTable;
import chainrule.spark.read.TableReader;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code trace}: prints every value of one forward and backward pass of one row. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    description = {
      "Prints one forward and backward pass and update with every intermediate value,",
      "for one row of data.train and the initial weights of a training."
    },
    footer = {"", "Example: scripts/chainrule trace conf/worked-example.conf"})
public final class TraceJob extends ConfiguredJob {
  @Option(
      names = "--row",
      paramLabel = "N",
      defaultValue = "1",
      description = "the number of the row in data.train, from 1 (default: ${DEFAULT-VALUE})")
  private int row;

  public static void main(String[] args) {
    main(new TraceJob(), args);
  }

  @Override
  void check(Configuration configuration) {
    TrainingChecks.settings(configuration);
    if (new JobSettings(configuration).training().optimizer().isFullBatch()) {
      throw configuration.invalid(
          "training.optimizer.type", "one that steps by one gradient: " + Optimizers.keys());
    }
    if (row < 1) {
      throw new ConfigurationException("Invalid --row: " + row + " (must be >= 1)");
    }
  }

  @Override
  void run(Configuration configuration, SparkSession session) {
    var settings = new JobSettings(configuration);
    var reader = new TableReader(session, "data.train", settings.source("data.train"));
    Schema schema = reader.schema(settings.columns());
    ShardedTable table = new Tables(session, configuration).of(reader, schema, settings.policy());
    Trainer trainer = TrainingStart.of(configuration, session).trainer(TrainingListener.NONE);
    RawRow traced = table.row(row);
    Trainer.Untrained start = trainer.untrained(table);
    new Tracer(start.model(), start.optimizer(), KernelChoice.named(settings.kernels()))
        .trace(traced)
        .forEach(line -> Console.print("%s", line));
  }
}
