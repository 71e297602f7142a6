package chainrule.train.shard;

import chainrule.data.Encoder;
import chainrule.data.Placement;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.train.sums.Objective;
import java.util.List;
import java.util.Optional;

/**
 * A table of rows to train or score on, in one JVM or on a cluster. Everything it returns depends
 * on the rows as a multiset only.
 */
public interface Table {
  /** Returns the columns of its rows. */
  Schema schema();

  /**
   * Returns the classes of each label in ascending order if they are known beforehand. Empty: they
   * are those that occur.
   */
  default List<String> classes() {
    return List.of();
  }

  /** Returns the summary of all rows: one scan. */
  TableSummary summary(long seed);

  /**
   * Returns statistics of the training rows of a placement.
   *
   * @param sampleFraction about which fraction of the rows is sampled for quantiles; 1: all of them
   */
  TableStatistics statistics(Placement placement, double sampleFraction);

  /**
   * Returns the separate table whose rows are all validation rows, if there is one. They add to the
   * validation rows that a placement takes from this table.
   */
  Optional<Table> validationTable();

  /** Returns how many shards can be computed at once; 0: unknown. */
  default int slots() {
    return 0;
  }

  /**
   * Packs the rows, and those of the {@link #validationTable}, into shards and returns a source of
   * gradients over them.
   *
   * @param encoder packs a row
   */
  GradientSource open(Objective objective, Encoder encoder, StepPlan plan, Placement placement);
}
