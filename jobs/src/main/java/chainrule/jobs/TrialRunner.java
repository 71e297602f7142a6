package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.live.LiveRun;
import chainrule.jobs.tune.Search;
import chainrule.jobs.tune.Trial;
import chainrule.spark.MetricsPlugin;
import chainrule.spark.ShardedTable;
import chainrule.train.DivergedException;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.TrainingReport;
import chainrule.train.shard.Fold;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains the trials of a search one after another, all on the same table. Not for sharing. */
final class TrialRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TrialRunner.class);

  private final Configuration configuration;
  private final SparkSession session;
  private final ShardedTable table;
  private final Search search;
  private final String metric;
  private final LiveRun live;

  /** Null until a trial of this runner diverges. */
  private DivergedException firstDivergence;

  /**
   * Makes a runner.
   *
   * @param configuration of the search; each trial overrides some of its keys
   * @param metric by which trials are compared
   */
  TrialRunner(
      Configuration configuration,
      SparkSession session,
      ShardedTable table,
      Search search,
      String metric,
      LiveRun live) {
    this.configuration = configuration;
    this.session = session;
    this.table = table;
    this.search = search;
    this.metric = metric;
    this.live = live;
  }

  /** Trains one trial: once for each fold, or once without cross-validation. */
  Trial run(int number, Map<String, ConfigValue> values) {
    long start = System.nanoTime(); // for the report alone
    Trainer trainer = trainer(values);
    List<Double> scores = new ArrayList<>();
    boolean diverged = false;
    for (int fold = 0; fold < Math.max(1, search.folds()) && !diverged; fold++) {
      Trainer one =
          search.folds() == 0 ? trainer : trainer.holdingOut(new Fold(fold, search.folds()));
      try {
        TrainingReport report = one.train(table).report();
        scores.add(report.validation().get(metric));
      } catch (DivergedException e) {
        LOG.warn("Trial {} diverged: {}", number, e.getMessage());
        firstDivergence = firstDivergence == null ? e : firstDivergence;
        diverged = true;
      }
    }
    return new Trial(number, values, scores, diverged, (System.nanoTime() - start) * 1e-9);
  }

  private Trainer trainer(Map<String, ConfigValue> values) {
    // Trials are compared by their validation rows. A refit on all rows would not change the score.
    Configuration once =
        configuration
            .with(values)
            .with(Map.of("training.refit", ConfigValueFactory.fromAnyRef("false")));
    return TrainingStart.of(once, session)
        .trainer(TrainingListener.all(MetricsPlugin.listener(), live));
  }

  /** Returns the exception of the first trial that diverged, if one did. */
  Optional<DivergedException> firstDivergence() {
    return Optional.ofNullable(firstDivergence);
  }
}
