package chainrule.spark;

import chainrule.data.Block;
import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.InvalidDataException;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.data.RowProblem;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.math.Check;
import chainrule.spark.cluster.ExecutorPool;
import chainrule.spark.cluster.JobDescription;
import chainrule.spark.cluster.JobWatch;
import chainrule.spark.cluster.TaskResults;
import chainrule.spark.read.Iterators;
import chainrule.spark.read.ParsedRow;
import chainrule.spark.read.ProblemCounts;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.RowSource;
import chainrule.spark.read.TableReader;
import chainrule.spark.shard.KeyedRow;
import chainrule.spark.shard.NeighbourCoalescer;
import chainrule.spark.shard.PlacedRow;
import chainrule.spark.shard.RowShuffle;
import chainrule.spark.shard.ShardedRows;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.Table;
import chainrule.train.shard.TableSummary;
import chainrule.train.sums.Objective;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * A table on Spark: read, keyed by content, and shuffled once into the order of keys, from which
 * statistics and packed shards are made. Rows that cannot be used travel along as problems, so that
 * they are counted exactly once whatever is retried.
 *
 * <p>Not for sharing.
 */
public final class ShardedTable implements Table {
  /** Partitions of the shuffle where the number of shards is left to the number of rows. */
  private static final int BUCKETS = 16;

  private final SparkSession session;
  private final RowSource source;
  private final RowPolicy policy;
  private final int buckets;
  private final Engine engine;
  private final RowShuffle.TestSplit split;
  private final List<ShardedTable> heldOut;
  private final List<String> classes;

  // The shuffled rows of the seed last asked for: its files serve every later pass.
  private long shuffledSeed;
  private List<RDD<Tuple2<KeyedRow, String[]>>> shuffled = List.of();
  private List<TableSummary> summaries = List.of();
  private ProblemCounts problems = new ProblemCounts();

  /** The engine that ran last; before any has, the one to begin with. */
  private EngineKind running;

  private ShardedTable(
      SparkSession session,
      RowSource source,
      RowPolicy policy,
      int buckets,
      Engine engine,
      RowShuffle.TestSplit split,
      List<ShardedTable> heldOut,
      List<String> classes) {
    this.session = session;
    this.source = source;
    this.policy = policy;
    this.buckets = buckets;
    this.engine = engine;
    this.running = engine.resolve();
    this.split = split;
    this.heldOut = List.copyOf(heldOut);
    this.classes = List.copyOf(classes);
  }

  /**
   * Makes a table of files.
   *
   * @param shards at least the number of shards that training will use; up to 16 need not be given
   * @throws InvalidDataException if a column is not there
   */
  public static ShardedTable of(
      SparkSession session,
      TableReader reader,
      Schema schema,
      RowPolicy policy,
      int shards,
      EngineKind engine,
      String kernels) {
    return of(session, reader.source(schema, policy), policy, shards, new Engine(engine, kernels));
  }

  /**
   * Makes a table of any rows, of which those that cannot be used are refused.
   *
   * @param shards at least the number of shards that training will use; up to 16 need not be given
   */
  public static ShardedTable of(
      SparkSession session, RowSource source, int shards, EngineKind engine, String kernels) {
    return of(session, source, RowPolicy.defaults(), shards, new Engine(engine, kernels));
  }

  private static ShardedTable of(
      SparkSession session, RowSource source, RowPolicy policy, int shards, Engine engine) {
    return new ShardedTable(
        session,
        source,
        policy,
        Math.max(BUCKETS, shards),
        engine,
        new RowShuffle.TestSplit(0, false),
        List.of(),
        List.of());
  }

  /**
   * Returns the table of the rows that are not set aside when a fraction is set aside for a test.
   */
  public ShardedTable withoutTestPart(double fraction) {
    return part(new RowShuffle.TestSplit(fraction, false));
  }

  /** Returns the table of the rows that are set aside when a fraction is set aside for a test. */
  public ShardedTable testPart(double fraction) {
    return part(new RowShuffle.TestSplit(fraction, true));
  }

  private ShardedTable part(RowShuffle.TestSplit other) {
    return new ShardedTable(session, source, policy, buckets, engine, other, heldOut, classes);
  }

  /** Returns this table with another whose rows are all held out for validation. */
  public ShardedTable withHeldOut(ShardedTable validation) {
    return new ShardedTable(
        session, source, policy, buckets, engine, split, List.of(validation), classes);
  }

  /** Returns this table with these classes of each label, whether or not each has a row. */
  public ShardedTable withClasses(List<String> names) {
    return new ShardedTable(session, source, policy, buckets, engine, split, heldOut, names);
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public Schema schema() {
    return source.schema();
  }

  @Override
  public List<Table> heldOut() {
    return List.copyOf(heldOut);
  }

  /** Returns the engine that trains on this table; afterwards, the one that did at the end. */
  public EngineKind engine() {
    return running;
  }

  /** Returns which engine trains on this table and why, for the log. */
  public String engineDescription() {
    return engine.describe();
  }

  /** Returns how many rows were left out because a feature is missing; after {@link #summary}. */
  public long droppedMissing() {
    return problems.missing();
  }

  /** Returns how many rows were left out because a cell cannot be read; after {@link #summary}. */
  public long droppedMalformed() {
    return problems.malformed();
  }

  /** What a pass over a part of the rows found. */
  private record Look(TableSummary summary, ProblemCounts problems) implements Serializable {
    Look merge(Look other) {
      return new Look(summary.merge(other.summary), problems.merge(other.problems));
    }
  }

  @Override
  public TableSummary summary(long seed) {
    RDD<Tuple2<KeyedRow, String[]>> rows = shuffled(seed);
    if (summaries.isEmpty()) {
      summaries = List.of(look(rows));
    }
    return summaries.get(0);
  }

  private TableSummary look(RDD<Tuple2<KeyedRow, String[]>> keyedRows) {
    List<Column> labels = schema().labels();
    JavaRDD<Look> looks =
        keyedRows
            .toJavaRDD()
            .mapPartitions(
                rows -> {
                  var summary = new TableSummary(labels);
                  var counts = new ProblemCounts();
                  var splitter = new Placement.Splitter();
                  while (rows.hasNext()) {
                    Tuple2<KeyedRow, String[]> next = rows.next();
                    if (next._2.length > 0) {
                      counts.add(RowProblem.of(next._2));
                    } else {
                      KeyedRow row = next._1;
                      summary.add(row.row(), splitter.next(row.key(), row.row()));
                    }
                  }
                  return List.of(new Look(summary, counts)).iterator();
                });
    Look look =
        described("reading rows, counting labels", () -> TaskResults.merge(looks, Look::merge));
    problems = look.problems;
    refuseIfAsked();
    return look.summary;
  }

  private void refuseIfAsked() {
    boolean refuses =
        (policy.malformed() == RowPolicy.Action.REFUSE && problems.malformed() > 0)
            || (policy.missing() == RowPolicy.Action.REFUSE && problems.missing() > 0);
    if (refuses) {
      RowProblem first =
          problems.examples().stream()
              .filter(
                  problem ->
                      (problem.missing() ? policy.missing() : policy.malformed())
                          == RowPolicy.Action.REFUSE)
              .findFirst()
              .orElseThrow();
      throw new InvalidDataException(source.describe(first));
    }
  }

  @Override
  public TableStatistics statistics(Placement placement, double sampleFraction) {
    Schema schema = schema();
    JavaRDD<TableStatistics> statisticsOfParts =
        goodRows(placement.seed())
            .mapPartitions(
                rows -> {
                  var statistics = new TableStatistics(schema);
                  var splitter = new Placement.Splitter();
                  while (rows.hasNext()) {
                    KeyedRow row = rows.next();
                    long splitKey = splitter.next(row.key(), row.row());
                    if (!placement.isValidation(splitKey)) {
                      statistics.add(row.row(), Placement.isSampled(splitKey, sampleFraction));
                    }
                  }
                  return List.of(statistics).iterator();
                });
    TableStatistics all =
        described(
            "counting columns", () -> TaskResults.merge(statisticsOfParts, TableStatistics::merge));
    source.check(all);
    return all;
  }

  @Override
  public int slots() {
    return new ExecutorPool(session.sparkContext()).slots();
  }

  @Override
  public GradientSource open(
      Objective objective, Encoder encoder, StepPlan plan, Placement placement) {
    Check.argument(
        plan.shards() <= buckets,
        "shards",
        plan.shards(),
        "at most " + buckets + ", for which the table was shuffled");
    JavaRDD<PlacedRow> rows = placed(plan.shards(), placement, false);
    for (ShardedTable other : heldOut) {
      rows =
          rows.zipPartitions(other.placed(plan.shards(), placement, true), Iterators::concatenate);
    }
    JavaRDD<PlacedRow> all = rows;
    ShardedRows packed =
        described("packing shards", () -> ShardedRows.pack(all, encoder, objective, plan));
    var context = JavaSparkContext.fromSparkContext(session.sparkContext());
    return engine.start(context, packed, other -> running = other);
  }

  /** Returns the rows in order, in a partition for each shard. */
  private JavaRDD<PlacedRow> placed(int shards, Placement placement, boolean allHeldOut) {
    // The shuffle has at least as many partitions as there are shards, each a part of one shard.
    RDD<KeyedRow> rows = NeighbourCoalescer.coalesce(goodRows(placement.seed()).rdd(), shards);
    return rows.toJavaRDD()
        .mapPartitions(
            shard -> {
              var splitter = new Placement.Splitter();
              return Iterators.map(
                  shard,
                  row -> {
                    boolean held =
                        placement.isValidation(splitter.next(row.key(), row.row())) || allHeldOut;
                    Block.Part part = held ? Block.Part.VALIDATION : Block.Part.TRAINING;
                    return new PlacedRow(part, row.row());
                  });
            });
  }

  /**
   * Returns a sample of the rows of a part: the first in the order of keys, which is a function of
   * the rows and the seed alone.
   *
   * @param part held-out rows are those of the table that {@link #withHeldOut} gave, if it did
   * @param most how many rows at most; they come to the driver
   */
  public List<RawRow> sample(Placement placement, Block.Part part, int most) {
    boolean heldOutRows = part == Block.Part.VALIDATION;
    if (heldOutRows && !heldOut.isEmpty()) {
      Placement all = Placement.withoutValidation(placement.seed());
      return heldOut.get(0).sample(all, Block.Part.TRAINING, most);
    }
    JavaRDD<RawRow> chosen =
        goodRows(placement.seed())
            .mapPartitions(
                rows -> {
                  var splitter = new Placement.Splitter();
                  return Iterators.map(
                      Iterators.filter(
                          rows,
                          row ->
                              placement.isValidation(splitter.next(row.key(), row.row()))
                                  == heldOutRows),
                      KeyedRow::row);
                });
    return described("sampling rows", () -> TaskResults.take(chosen, most));
  }

  private <T> T described(String what, Supplier<T> work) {
    var context = session.sparkContext();
    return JobDescription.during(context, what, () -> JobWatch.run(context, work));
  }

  private JavaRDD<KeyedRow> goodRows(long seed) {
    return shuffled(seed).toJavaRDD().filter(row -> row._2.length == 0).map(row -> row._1);
  }

  /** Returns all rows in the order of their keys, and with the problems of those that have any. */
  private RDD<Tuple2<KeyedRow, String[]>> shuffled(long seed) {
    if (shuffled.isEmpty() || shuffledSeed != seed) {
      shuffledSeed = seed;
      shuffled = List.of(RowShuffle.shuffle(session, source, split, buckets, seed));
      summaries = List.of();
    }
    return shuffled.get(0);
  }

  /** Returns examples of rows that were left out, as sentences; after {@link #summary}. */
  public List<String> droppedExamples() {
    List<String> sentences = new ArrayList<>();
    problems.examples().forEach(problem -> sentences.add(source.describe(problem)));
    return sentences;
  }

  /**
   * Returns a row as it comes in the files, counted from 1.
   *
   * @throws InvalidDataException if there are fewer, or it cannot be used
   */
  public RawRow row(int number) {
    List<ParsedRow> rows = described("reading the first rows", () -> source.first(number));
    if (rows.size() < number) {
      throw new InvalidDataException(
          "Invalid row: " + number + " (must be at most " + rows.size() + ", the rows there are)");
    }
    ParsedRow last = rows.get(number - 1);
    if (last.row().isEmpty()) {
      throw new InvalidDataException(source.describe(last.problem().get(0)));
    }
    return last.row().get(0);
  }
}
