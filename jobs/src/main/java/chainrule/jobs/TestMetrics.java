package chainrule.jobs;

import chainrule.spark.ShardedTable;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.shard.StepPlan;
import chainrule.train.sums.Metrics;

/**
 * Metrics of a model on a test table. All commands sum over the same shards, so that they compute
 * the same bits.
 */
final class TestMetrics {
  private static final int BATCH_SIZE = 1024;

  private TestMetrics() {}

  /** Computes the metrics of a model on a table that the model was not trained on. */
  static Metrics of(TrainedModel model, ShardedTable test, long seed) {
    var plan = new StepPlan(1, BATCH_SIZE, StepPlan.shardsFor(BATCH_SIZE), seed);
    return Trainer.evaluate(model, test, "test", plan);
  }
}
