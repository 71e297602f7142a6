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
import chainrule.spark.ShardedTable;
import chainrule.spark.read.TableReader;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.Recipe;
import chainrule.train.settings.TrainingSettings;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A search over settings with everything that belongs to it: reads the table, trains the trials,
 * writes tuning.csv and tuning.json after each, and trains with the best settings.
 *
 * <p>Not for sharing.
 */
final class SearchRun {
  private static final Logger LOG = LoggerFactory.getLogger(SearchRun.class);

  private final Configuration configuration;
  private final SparkSession session;
  private final OutputFolder output;
  private final LiveRun live;
  private final JobSettings settings;
  private final Search search;
  private final List<Map<String, ConfigValue>> draws;

  /**
   * Makes a run.
   *
   * @param live shows the progress
   */
  SearchRun(Configuration configuration, SparkSession session, OutputFolder output, LiveRun live) {
    this.configuration = configuration;
    this.session = session;
    this.output = output;
    this.live = live;
    this.settings = new JobSettings(configuration);
    this.search = Search.of(configuration);
    this.draws = search.draws();
  }

  /** Runs the trials that are not finished, then trains with the settings of the best. */
  void run() {
    Map<String, String> origin = Resume.origin(configuration, settings.kernels());
    Optional<UnfinishedSearch> unfinished =
        UnfinishedSearch.find(output, settings.resume(), origin);
    output.prepare(configuration.flag("output.overwrite") || unfinished.isPresent(), Set.of());
    output.removeUnfinished();
    live.setActivity("Reading the data");
    ShardedTable table = table();
    live.setEngine(table.engine().key() + " with " + settings.kernels());
    TrainingSettings training = settings.training();
    LabelEncoding label = new Trainer(training, TrainingListener.NONE).label(table);
    String metric = search.metric(label);
    Fingerprint data = table.summary(training.seed()).fingerprint();
    requireValidationRows(training, data.rows());
    Map<String, String> origins = UnfinishedSearch.run(origin, data);
    LOG.info("{} trials: {}, compared by {}", draws.size(), search.describe(), metric);

    List<Trial> trials = new ArrayList<>();
    unfinished.ifPresent(before -> trials.addAll(before.trials(draws, data)));
    if (!trials.isEmpty()) {
      LOG.info("Resuming after trial {}", trials.size());
    }
    var runner = new TrialRunner(configuration, session, table, search, metric, live);
    runTrials(runner, metric, trials, origins);
    var report = new TuningReport(search, metric, trials);
    Console.print("");
    report.print();
    Trial best = report.ranked().get(0);
    requireScore(best, metric, runner);
    train(best, unfinished.isPresent() ? Resume.Mode.AUTO : Resume.Mode.NEVER);
    write(report, origins, true);
  }

  /** Opens the table that all trials train on, with as many shards as the largest trial needs. */
  private ShardedTable table() {
    var reader = new TableReader(session, "data.train", settings.source("data.train"));
    Schema schema = reader.schema(settings.columns());
    int shards = 1;
    for (Map<String, ConfigValue> values : draws) {
      TrainingSettings training = new JobSettings(configuration.with(values)).training();
      shards = Math.max(shards, Tables.shards(training));
    }
    Tables.Training data = new Tables(session, configuration).training(reader, schema, shards);
    TrainingSettings training = settings.training();
    LabelEncoding label = new Trainer(training, TrainingListener.NONE).label(data.table());
    data.requireKnownTestLabels(label, training.seed());
    return data.table();
  }

  /** Throws unless there are rows to compare trials on. */
  private void requireValidationRows(TrainingSettings training, long rows) {
    if (search.folds() > rows) {
      throw configuration.invalid("tune.folds", "at most " + rows + ", the number of rows");
    }
    double fraction =
        training.validationFraction().orElseGet(() -> Recipe.validationFraction(rows));
    if (search.folds() == 0
        && !configuration.has("data.validation.path")
        && Math.round(fraction * rows) == 0) {
      throw configuration.invalid(
          "tune.folds",
          ">= 2 if there are no validation rows: validation is " + fraction + " of " + rows);
    }
  }

  /**
   * Runs the trials that are not finished.
   *
   * @param trials the finished trials; the others are added
   */
  private void runTrials(
      TrialRunner runner, String metric, List<Trial> trials, Map<String, String> origins) {
    for (Map<String, ConfigValue> values : draws.subList(trials.size(), draws.size())) {
      int number = trials.size() + 1;
      live.startTraining(String.format("Trial %d of %d", number, draws.size()));
      Trial trial = runner.run(number, values);
      trials.add(trial);
      live.addScore(metric, trial.mean());
      Console.print(
          "Trial %d/%d: %s %s, %.1f s, with %s",
          number,
          draws.size(),
          metric,
          TuningReport.score(trial),
          trial.seconds(),
          trial.overrides());
      // After each trial, so that an interrupted search can resume.
      write(new TuningReport(search, metric, trials), origins, false);
    }
  }

  /** Throws if even the best trial has no score. */
  private void requireScore(Trial best, String metric, TrialRunner runner) {
    if (best.isRanked()) {
      return;
    }
    if (runner.firstDivergence().isEmpty() && best.diverged()) {
      runner.run(best.number(), best.values()); // it diverged in an earlier run; why is not stored
    }
    if (runner.firstDivergence().isPresent()) {
      throw runner.firstDivergence().get();
    }
    throw new ConfigurationException(
        "Cannot tune: no trial has a value of " + metric + " (must be a number for at least one)");
  }

  /** Trains with the settings of the best trial, as the command train does. */
  private void train(Trial best, Resume.Mode mode) {
    Console.print("");
    Console.print("Training with trial %d: %s", best.number(), best.overrides());
    live.startTraining(String.format("With the settings of trial %d", best.number()));
    Configuration chosen = configuration.with(best.values());
    RunCheckpoints checkpoints = RunCheckpoints.find(chosen, output, mode);
    checkpoints.begin();
    new TrainingRun(chosen, session, output, live).run(checkpoints);
  }

  private void write(TuningReport report, Map<String, String> origins, boolean complete) {
    output.write(TuningReport.CSV_FILE, report.csv());
    output.write(TuningReport.JSON_FILE, report.json(origins, complete));
  }
}
