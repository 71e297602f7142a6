package chainrule.jobs;

import chainrule.data.Fingerprint;
import chainrule.data.LabelEncoding;
import chainrule.data.Schema;
import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.config.Resume;
import chainrule.jobs.live.LiveRun;
import chainrule.jobs.output.Console;
import chainrule.jobs.output.OutputFolder;
import chainrule.jobs.tune.Search;
import chainrule.jobs.tune.Trial;
import chainrule.jobs.tune.TuningReport;
import chainrule.jobs.tune.UnfinishedSearch;
import chainrule.spark.MetricsPlugin;
import chainrule.spark.ShardedTable;
import chainrule.spark.read.TableReader;
import chainrule.train.DivergedException;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.TrainingReport;
import chainrule.train.settings.Recipe;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.Fold;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/**
 * The command {@code tune}: tries settings, each by a training of its own on rows that are read and
 * shuffled once, and trains with the best as the command {@code train} does.
 */
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    description = {
      "Trains with each of the settings that tune.space has, compares them on held-out rows, and",
      "trains with the best as train does. Writes tuning.csv and tuning.json beside the rest."
    },
    footer = {
      "",
      "Example: scripts/chainrule tune conf/penguins.conf tune.search=random tune.trials=10 \\",
      "           'tune.space.training.optimizer.learning-rate={from=1e-4, to=1e-2, scale=log}' \\",
      "           'tune.space.network.hidden=[[64], [128, 64]]'"
    })
public final class TuneJob extends TrainingCommand {
  private static final Logger LOG = LoggerFactory.getLogger(TuneJob.class);

  public static void main(String[] args) {
    main(new TuneJob(), args);
  }

  @Override
  public void check(Configuration configuration) {
    TrainJob.checkTraining(configuration);
    List<Map<String, ConfigValue>> draws = Search.of(configuration).draws();
    for (int i = 0; i < draws.size(); i++) {
      try {
        TrainJob.checkTraining(configuration.with(draws.get(i)));
      } catch (ConfigurationException e) {
        throw new ConfigurationException(e.getMessage() + ", in trial " + (i + 1) + " of tune");
      }
    }
  }

  @Override
  void run(Configuration configuration, SparkSession session, LiveRun live) {
    var output =
        new OutputFolder(
            configuration.text("output.dir"), session.sparkContext().hadoopConfiguration());
    var settings = new JobSettings(configuration);
    Map<String, String> origin = Resume.origin(configuration, settings.kernels());
    Optional<UnfinishedSearch> unfinished =
        UnfinishedSearch.find(output, settings.resume(), origin);
    output.prepare(configuration.flag("output.overwrite") || unfinished.isPresent(), Set.of());
    output.removeUnfinished();
    Search search = Search.of(configuration);
    List<Map<String, ConfigValue>> draws = search.draws();
    live.does("Reading the data");
    ShardedTable table = table(configuration, session, draws);
    live.trainsWith(table.engine().key() + " with " + settings.kernels());
    TrainingSettings training = settings.training();
    LabelEncoding label = new Trainer(training, TrainingListener.NONE).label(table);
    String metric = search.metric(label);
    Fingerprint data = table.summary(training.seed()).fingerprint();
    requireHeldOut(configuration, search, training, data.rows());
    Map<String, String> run = UnfinishedSearch.run(origin, data);
    LOG.info("{} trials: {}, compared by {}", draws.size(), search.describe(), metric);

    List<Trial> trials = new ArrayList<>();
    unfinished.ifPresent(before -> trials.addAll(before.trials(draws, data)));
    if (!trials.isEmpty()) {
      LOG.info("Going on with what the first {} trials came to", trials.size());
    }
    List<DivergedException> diverged = new ArrayList<>();
    for (Map<String, ConfigValue> values : draws.subList(trials.size(), draws.size())) {
      live.begins(String.format("Trial %d of %d", trials.size() + 1, draws.size()));
      var trial = new Tried(configuration.with(values), session, table, search, metric, live);
      trials.add(trial.run(trials.size() + 1, values, diverged));
      Trial last = trials.get(trials.size() - 1);
      live.scored(metric, last.mean());
      Console.print(
          "Trial %d/%d: %s %s, %.1f s, with %s",
          last.number(),
          draws.size(),
          metric,
          TuningReport.score(last),
          last.seconds(),
          last.overrides());
      write(output, new TuningReport(search, metric, trials), run, false); // if it ends early
    }
    var report = new TuningReport(search, metric, trials);
    Console.print("");
    report.print();
    Trial best = report.ranked().get(0);
    if (!best.isRanked()) {
      if (diverged.isEmpty() && best.diverged()) { // in an earlier run
        new Tried(configuration.with(best.values()), session, table, search, metric, live)
            .run(best.number(), best.values(), diverged);
      }
      if (!diverged.isEmpty()) {
        throw diverged.get(0);
      }
      throw new ConfigurationException(
          "Cannot tune: no trial has a " + metric + " (must be a number for one at least)");
    }
    Console.print("");
    Console.print("Training with trial %d: %s", best.number(), best.overrides());
    live.begins(String.format("With the settings of trial %d", best.number()));
    Resume.Mode resumes = unfinished.isPresent() ? Resume.Mode.AUTO : Resume.Mode.NEVER;
    TrainJob.train(configuration.with(best.values()), session, output, live, resumes);
    write(output, report, run, true);
  }

  private static void write(
      OutputFolder output, TuningReport report, Map<String, String> run, boolean complete) {
    output.write(TuningReport.CSV_FILE, report.csv());
    output.write(TuningReport.JSON_FILE, report.json(run, complete));
  }

  /** Opens the table that all trials train on, for the most shards that any needs. */
  private static ShardedTable table(
      Configuration configuration, SparkSession session, List<Map<String, ConfigValue>> draws) {
    var settings = new JobSettings(configuration);
    var reader = new TableReader(session, "data.train", settings.source("data.train"));
    Schema schema = reader.schema(settings.columns());
    int shards = 1;
    for (Map<String, ConfigValue> values : draws) {
      TrainingSettings training = new JobSettings(configuration.with(values)).training();
      shards = Math.max(shards, Tables.shards(training));
    }
    Tables.Training data = new Tables(session, configuration).training(reader, schema, shards);
    LabelEncoding label =
        new Trainer(settings.training(), TrainingListener.NONE).label(data.table());
    for (ShardedTable test : data.test()) { // refused before anything is trained
      test.summary(settings.training().seed()).requireKnownLabels(label, "test");
    }
    return data.table();
  }

  /** Throws unless there are rows to compare trials on. */
  private static void requireHeldOut(
      Configuration configuration, Search search, TrainingSettings settings, long rows) {
    if (search.folds() > rows) {
      throw configuration.invalid("tune.folds", "at most " + rows + ", the rows there are");
    }
    double fraction =
        settings.validationFraction().orElseGet(() -> Recipe.validationFraction(rows));
    if (search.folds() == 0
        && !configuration.has("data.validation.path")
        && Math.round(fraction * rows) == 0) {
      throw configuration.invalid(
          "tune.folds",
          ">= 2 where no rows are held out: validation is " + fraction + " of " + rows);
    }
  }

  /** The trainings of one trial. */
  private record Tried(
      Configuration configuration,
      SparkSession session,
      ShardedTable table,
      Search search,
      String metric,
      LiveRun live) {
    Trial run(int number, Map<String, ConfigValue> values, List<DivergedException> diverged) {
      long start = System.nanoTime(); // for the report alone
      // What is chosen by held-out rows is compared by them; training again would change neither.
      Configuration once =
          configuration.with(Map.of("training.refit", ConfigValueFactory.fromAnyRef("false")));
      Trainer trainer =
          TrainingStart.of(once, session)
              .trainer(TrainingListener.all(MetricsPlugin.listener(), live));
      List<Double> scores = new ArrayList<>();
      boolean failed = false;
      for (int fold = 0; fold < Math.max(1, search.folds()) && !failed; fold++) {
        Trainer one =
            search.folds() == 0 ? trainer : trainer.holdingOut(new Fold(fold, search.folds()));
        try {
          TrainingReport report = one.train(table).report();
          scores.add(report.validation().get(metric));
        } catch (DivergedException e) {
          LOG.warn("Trial {} diverged: {}", number, e.getMessage());
          diverged.add(e);
          failed = true;
        }
      }
      return new Trial(number, values, scores, failed, (System.nanoTime() - start) * 1e-9);
    }
  }
}
