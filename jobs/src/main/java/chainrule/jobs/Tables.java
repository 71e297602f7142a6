package chainrule.jobs;

import chainrule.data.Schema;
import chainrule.spark.RowPolicy;
import chainrule.spark.ShardedTable;
import chainrule.spark.TableReader;
import chainrule.train.StepPlan;
import chainrule.train.TrainingSettings;
import org.apache.spark.sql.SparkSession;

/** Opens the tables that a configuration names. */
final class Tables {
  private final SparkSession session;
  private final JobSettings settings;

  Tables(SparkSession session, Configuration configuration) {
    this.session = session;
    this.settings = new JobSettings(configuration);
  }

  /** Opens the table of a key, which must have the columns of a schema. */
  ShardedTable open(String key, Schema schema, RowPolicy policy) {
    return of(new TableReader(session, key, settings.source(key)), schema, policy);
  }

  /** Makes a table of what a reader found. */
  ShardedTable of(TableReader reader, Schema schema, RowPolicy policy) {
    TrainingSettings training = settings.training();
    int shards =
        training.shards().orElseGet(() -> training.batchSize().map(StepPlan::shardsFor).orElse(1));
    return ShardedTable.of(
        session, reader, schema, policy, shards, settings.engine(), settings.kernels());
  }
}
