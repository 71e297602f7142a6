package chainrule.spark;

import chainrule.data.InvalidDataException;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.spark.cluster.JobDescription;
import chainrule.spark.cluster.JobWatch;
import chainrule.spark.cluster.TaskResults;
import chainrule.spark.read.Iterators;
import chainrule.spark.read.ParsedRow;
import chainrule.spark.read.ProblemCounts;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.RowSource;
import chainrule.spark.shard.OrderedRows;
import chainrule.spark.shard.OrderedRows.Counted;
import chainrule.spark.shard.OrderedRows.SplitRow;
import chainrule.spark.shard.RowShuffle;
import chainrule.train.shard.TableSummary;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;

/**
 * The rows of a {@link ShardedTable}: shuffled once for each seed, and counted, measured and
 * sampled by jobs over the shuffle's files. Rows that cannot be used are shuffled as problems, so
 * that a retried task counts each exactly once.
 *
 * <p>Not for sharing.
 */
final class TableRows {
  private final SparkSession session;
  private final RowSource source;
  private final RowPolicy policy;
  private final int buckets;
  private final RowShuffle.TestSplit split;

  /** Rows under {@link #orderedSeed}; null before any were asked for. */
  private OrderedRows ordered;

  private long orderedSeed;

  /** Of {@link #ordered}; null until they are counted. */
  private TableSummary summary;

  private ProblemCounts problems = new ProblemCounts();

  TableRows(
      SparkSession session,
      RowSource source,
      RowPolicy policy,
      int buckets,
      RowShuffle.TestSplit split) {
    this.session = session;
    this.source = source;
    this.policy = policy;
    this.buckets = buckets;
    this.split = split;
  }

  /** Returns another part of the source's rows. */
  TableRows part(RowShuffle.TestSplit other) {
    return new TableRows(session, source, policy, buckets, other);
  }

  SparkSession session() {
    return session;
  }

  Schema schema() {
    return source.schema();
  }

  /** Returns the greatest number of shards into which the rows can be packed. */
  int buckets() {
    return buckets;
  }

  /** Returns the rows in order; starts no job. */
  OrderedRows ordered(long seed) {
    if (ordered == null || orderedSeed != seed) {
      orderedSeed = seed;
      ordered = OrderedRows.of(source, split, buckets, seed);
      summary = null;
    }
    return ordered;
  }

  /**
   * Counts rows, labels and problems.
   *
   * @throws InvalidDataException if the policy refuses one of the rows
   */
  TableSummary summary(long seed) {
    OrderedRows rows = ordered(seed);
    if (summary == null) {
      JavaRDD<Counted> parts = rows.counted(schema().labels());
      Counted counted =
          described(
              "reading rows, counting labels", () -> TaskResults.merge(parts, Counted::merge));
      problems = counted.problems();
      problems
          .firstRefused(policy)
          .ifPresent(
              problem -> {
                throw new InvalidDataException(source.describe(problem));
              });
      summary = counted.summary();
    }
    return summary;
  }

  /** Returns the rows that were left out; after {@link #summary}. */
  ProblemCounts problems() {
    return problems;
  }

  /** Returns examples of rows that were left out, as sentences; after {@link #summary}. */
  List<String> problemSentences() {
    return problems.examples().stream().map(source::describe).toList();
  }

  /**
   * Counts the columns of the training rows.
   *
   * @param sampleFraction of the rows whose numbers are kept for quantiles
   */
  TableStatistics statistics(Placement placement, double sampleFraction) {
    Schema schema = schema();
    JavaRDD<TableStatistics> parts =
        ordered(placement.seed())
            .rows()
            .mapPartitions(
                rows -> {
                  var statistics = new TableStatistics(schema);
                  while (rows.hasNext()) {
                    SplitRow next = rows.next();
                    if (!placement.isValidation(next.splitKey())) {
                      statistics.add(
                          next.row(), Placement.isSampled(next.splitKey(), sampleFraction));
                    }
                  }
                  return List.of(statistics).iterator();
                });
    TableStatistics all =
        described("counting columns", () -> TaskResults.merge(parts, TableStatistics::merge));
    source.check(all);
    return all;
  }

  /**
   * Returns the first rows of a part in the order of keys.
   *
   * @param validation whether the rows are validation rows, or training rows
   */
  List<RawRow> sample(Placement placement, boolean validation, int most) {
    JavaRDD<RawRow> part =
        ordered(placement.seed())
            .rows()
            .mapPartitions(
                rows ->
                    Iterators.map(
                        Iterators.filter(
                            rows, row -> placement.isValidation(row.splitKey()) == validation),
                        SplitRow::row));
    return described("sampling rows", () -> TaskResults.take(part, most));
  }

  /** Returns the row with this number in the order of files, counted from 1. */
  RawRow row(int number) {
    List<ParsedRow> rows = described("reading the first rows", () -> source.first(number));
    if (rows.size() < number) {
      throw new InvalidDataException(
          "Invalid row: " + number + " (must be at most " + rows.size() + ", the rows there are)");
    }
    return rows.get(number - 1)
        .orElseThrow(problem -> new InvalidDataException(source.describe(problem)));
  }

  /** Runs a job under this description, and ends it if the cluster is lost. */
  <T> T described(String what, Supplier<T> work) {
    var context = session.sparkContext();
    return JobDescription.during(context, what, () -> JobWatch.run(context, work));
  }
}
