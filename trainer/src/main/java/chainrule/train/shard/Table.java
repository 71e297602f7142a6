package chainrule.train.shard;

import chainrule.data.Encoder;
import chainrule.data.Placement;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.train.sums.Objective;
import java.util.List;

/**
 * A table of rows to train or score on, wherever they are: in one JVM or on a cluster. What it
 * returns depends on the rows as a multiset, and on nothing else.
 */
public interface Table {
  /** Returns the columns of its rows. */
  Schema schema();

  /**
   * Returns the classes of each label in ascending order where they are known beforehand; otherwise
   * none, and they are those that occur.
   */
  default List<String> classes() {
    return List.of();
  }

  /** Looks at every row once. */
  TableSummary summary(long seed);

  /**
   * Returns statistics of the rows that are not held out.
   *
   * @param sampleFraction about which part of the rows is sampled for quantiles; 1: all of them
   */
  TableStatistics statistics(Placement placement, double sampleFraction);

  /**
   * Returns the tables whose rows are all held out for validation, beside those of this table's
   * that a placement holds out; usually none.
   */
  List<Table> heldOut();

  /** Returns how many shards can be computed at once; 0 if that is not known. */
  default int slots() {
    return 0;
  }

  /**
   * Packs the rows, and those of {@link #heldOut}, into shards and returns a source of gradients
   * over them.
   *
   * @param encoder packs a row
   */
  GradientSource open(Objective objective, Encoder encoder, StepPlan plan, Placement placement);
}
