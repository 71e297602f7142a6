package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.live.LiveRun;
import chainrule.jobs.tune.Search;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/**
 * The command {@code tune}: trains with several settings and then, like {@code train}, with the
 * best. The rows are read and shuffled once.
 */
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    description = {
      "Trains with several settings from tune.space, compares them on validation rows, and trains",
      "with the best. Writes the files of train, and tuning.csv and tuning.json."
    },
    footer = {
      "",
      "Example: scripts/chainrule tune conf/penguins.conf tune.search=random tune.trials=10 \\",
      "           'tune.space.training.optimizer.learning-rate={from=1e-4, to=1e-2, scale=log}' \\",
      "           'tune.space.network.hidden=[[64], [128, 64]]'"
    })
public final class TuneJob extends TrainingCommand {
  public static void main(String[] args) {
    main(new TuneJob(), args);
  }

  @Override
  public void check(Configuration configuration) {
    TrainingChecks.all(configuration);
    List<Map<String, ConfigValue>> draws = Search.of(configuration).draws();
    for (int i = 0; i < draws.size(); i++) {
      try {
        TrainingChecks.all(configuration.with(draws.get(i)));
      } catch (ConfigurationException e) {
        throw new ConfigurationException(e.getMessage() + ", in trial " + (i + 1) + " of tune");
      }
    }
  }

  @Override
  void run(Configuration configuration, SparkSession session, LiveRun live) {
    new SearchRun(configuration, session, SavedModel.folder(configuration, session), live).run();
  }
}
