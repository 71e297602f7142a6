package chainrule.jobs;

import chainrule.data.LabelEncoding;
import chainrule.data.Schema;
import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.JobSettings;
import chainrule.spark.ShardedTable;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.StepPlan;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Opens the tables of a configuration. */
final class Tables {
  private final SparkSession session;
  private final Configuration configuration;
  private final JobSettings settings;

  Tables(SparkSession session, Configuration configuration) {
    this.session = session;
    this.configuration = configuration;
    this.settings = new JobSettings(configuration);
  }

  /** Opens the table of a key. It must have the columns of the schema. */
  ShardedTable open(String key, Schema schema, RowPolicy policy) {
    return of(new TableReader(session, key, settings.source(key)), schema, policy);
  }

  /**
   * The tables of a training.
   *
   * @param table to train on, with its validation rows
   * @param test to test on, if the configuration has test rows
   */
  record Training(ShardedTable table, Optional<ShardedTable> test) {
    /**
     * Checks the labels of the test rows, before anything is trained.
     *
     * @throws IllegalArgumentException if the test table has a label that training does not know
     */
    void requireKnownTestLabels(LabelEncoding label, long seed) {
      test.ifPresent(table -> table.summary(seed).requireKnownLabels(label, "test"));
    }
  }

  /**
   * Opens the training table, and separates the validation and test rows of the configuration.
   *
   * @param shards the most that {@link #shards} returns for a training with these tables
   */
  Training training(TableReader reader, Schema schema, int shards) {
    ShardedTable table = of(reader, schema, settings.policy(), shards);
    Optional<ShardedTable> test = Optional.empty();
    if (configuration.has("data.test.path")) {
      test = Optional.of(open("data.test.path", schema, RowPolicy.defaults()));
    } else if (configuration.has("data.test.fraction")) {
      double fraction = settings.testFraction();
      test = Optional.of(table.testPart(fraction));
      table = table.withoutTestPart(fraction);
    }
    if (configuration.has("data.validation.path")) {
      table = table.withHeldOut(open("data.validation.path", schema, RowPolicy.defaults()));
    }
    return new Training(table, test);
  }

  /** Makes a table of the files of a reader. */
  ShardedTable of(TableReader reader, Schema schema, RowPolicy policy) {
    return of(reader, schema, policy, shards(settings.training()));
  }

  /** Returns the number of shards that a training needs. */
  static int shards(TrainingSettings training) {
    return training
        .shards()
        .orElseGet(() -> training.batchSize().map(StepPlan::shardsFor).orElse(1));
  }

  private ShardedTable of(TableReader reader, Schema schema, RowPolicy policy, int shards) {
    return ShardedTable.of(
        session, reader, schema, policy, shards, settings.engine(), settings.kernels());
  }
}
