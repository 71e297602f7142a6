package chainrule.spark.shard;

import chainrule.data.Column;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.data.RowProblem;
import chainrule.spark.read.Iterators;
import chainrule.spark.read.ProblemCounts;
import chainrule.spark.read.RowSource;
import chainrule.train.shard.TableSummary;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import scala.Tuple2;

/**
 * The rows of a table in the order of their keys under one seed. The first job that reads them
 * writes the files of the shuffle, which later jobs read.
 *
 * <p>Immutable; threads may share it.
 */
public final class OrderedRows {
  private final RDD<Tuple2<KeyedRow, String[]>> shuffled;

  private OrderedRows(RDD<Tuple2<KeyedRow, String[]>> shuffled) {
    this.shuffled = shuffled;
  }

  /**
   * Defines the shuffle; starts no job.
   *
   * @param part which of the source's rows the table has
   * @param buckets partitions, at least the number of shards
   */
  public static OrderedRows of(
      RowSource source, RowShuffle.TestSplit part, int buckets, long seed) {
    return new OrderedRows(RowShuffle.shuffle(source, part, buckets, seed));
  }

  /**
   * A row in the order of keys.
   *
   * @param row with its labels and weight
   * @param splitKey decides whether the row is a validation row or sampled, see {@link Placement}
   */
  public record SplitRow(RawRow row, long splitKey) {}

  /**
   * The counts of a part of the rows.
   *
   * @param summary of the rows that can be used
   * @param problems of the rows that cannot
   */
  public record Counted(TableSummary summary, ProblemCounts problems) implements Serializable {
    /** Adds the counts of another part to these, and returns the sums. */
    public Counted merge(Counted other) {
      return new Counted(summary.merge(other.summary), problems.merge(other.problems));
    }
  }

  /** Returns the counts of each partition, its unusable rows included. */
  public JavaRDD<Counted> counted(List<Column> labels) {
    return shuffled
        .toJavaRDD()
        .mapPartitions(
            rows -> {
              var counted = new Counted(new TableSummary(labels), new ProblemCounts());
              scan(rows, counted.problems::add)
                  .forEachRemaining(row -> counted.summary.add(row.row(), row.splitKey()));
              return List.of(counted).iterator();
            });
  }

  /** Returns the usable rows. */
  public JavaRDD<SplitRow> rows() {
    return shuffled.toJavaRDD().mapPartitions(rows -> scan(rows, problem -> {}));
  }

  /**
   * Returns the usable rows in a partition for each shard.
   *
   * @param shards at most the number of buckets, each of which is a part of one shard
   */
  public JavaRDD<SplitRow> rows(int shards) {
    return NeighbourCoalescer.coalesce(rows().rdd(), shards).toJavaRDD();
  }

  /** Scans a bucket: all copies of a row are in one bucket, where the splitter numbers them. */
  private static Iterator<SplitRow> scan(
      Iterator<Tuple2<KeyedRow, String[]>> bucket, Consumer<RowProblem> problems) {
    var splitter = new Placement.Splitter();
    return Iterators.map(
        Iterators.filter(bucket, next -> isUsable(next, problems)),
        next -> {
          RawRow row = next._1.row();
          return new SplitRow(row, splitter.next(next._1.key(), row));
        });
  }

  private static boolean isUsable(Tuple2<KeyedRow, String[]> next, Consumer<RowProblem> problems) {
    boolean usable = next._2.length == 0;
    if (!usable) {
      problems.accept(RowProblem.of(next._2));
    }
    return usable;
  }
}
