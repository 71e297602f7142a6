package chainrule.spark;

import chainrule.data.Block;
import chainrule.data.Encoder;
import chainrule.data.InvalidDataException;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.math.Check;
import chainrule.spark.cluster.ExecutorPool;
import chainrule.spark.read.Iterators;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.RowSource;
import chainrule.spark.read.TableReader;
import chainrule.spark.shard.PlacedRow;
import chainrule.spark.shard.RowShuffle;
import chainrule.spark.shard.ShardedRows;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.Table;
import chainrule.train.shard.TableSummary;
import chainrule.train.sums.Objective;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * A table on Spark: its rows are read, shuffled once into the order of their keys, counted, and
 * packed into shards, over which an engine computes gradients.
 *
 * <p>Not for sharing.
 */
public final class ShardedTable implements Table {
  /** Partitions of the shuffle where the number of shards is derived from the number of rows. */
  private static final int BUCKETS = 16;

  private final TableRows rows;
  private final Engine engine;
  private final List<String> classes;

  /** The table of the validation rows; null if they are a part of this table's rows. */
  private final ShardedTable heldOut;

  /** The engine that ran last; before the first run, the engine to begin with. */
  private EngineKind running;

  private ShardedTable(TableRows rows, Engine engine, ShardedTable heldOut, List<String> classes) {
    this.rows = rows;
    this.engine = engine;
    this.running = engine.resolve();
    this.heldOut = heldOut;
    this.classes = List.copyOf(classes);
  }

  /**
   * Makes a table of files.
   *
   * @param shards at least the number of shards that training will use; may be less if that is at
   *     most 16
   * @throws InvalidDataException if a column does not exist
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
   * Makes a table of any rows; rows that cannot be used are refused.
   *
   * @param shards at least the number of shards that training will use; may be less if that is at
   *     most 16
   */
  public static ShardedTable of(
      SparkSession session, RowSource source, int shards, EngineKind engine, String kernels) {
    return of(session, source, RowPolicy.defaults(), shards, new Engine(engine, kernels));
  }

  private static ShardedTable of(
      SparkSession session, RowSource source, RowPolicy policy, int shards, Engine engine) {
    var all = new RowShuffle.TestSplit(0, false);
    var rows = new TableRows(session, source, policy, Math.max(BUCKETS, shards), all);
    return new ShardedTable(rows, engine, null, List.of());
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
    return new ShardedTable(rows.part(other), engine, heldOut, classes);
  }

  /** Returns this table with all rows of another as its validation rows. */
  public ShardedTable withHeldOut(ShardedTable validation) {
    return new ShardedTable(rows, engine, validation, classes);
  }

  /** Returns this table with these classes of each label, whether or not each has a row. */
  public ShardedTable withClasses(List<String> names) {
    return new ShardedTable(rows, engine, heldOut, names);
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public Schema schema() {
    return rows.schema();
  }

  @Override
  public Optional<Table> validationTable() {
    return Optional.ofNullable(heldOut);
  }

  /** Returns the engine that trains on this table; after training, the engine at its end. */
  public EngineKind engine() {
    return running;
  }

  /** Returns which engine trains on this table and why, for the log. */
  public String engineDescription() {
    return engine.describe();
  }

  @Override
  public TableSummary summary(long seed) {
    return rows.summary(seed);
  }

  /** Returns how many rows were left out because a feature is missing; after {@link #summary}. */
  public long droppedMissing() {
    return rows.problems().missing();
  }

  /** Returns how many rows were left out because a cell cannot be read; after {@link #summary}. */
  public long droppedMalformed() {
    return rows.problems().malformed();
  }

  /** Returns examples of rows that were left out, as sentences; after {@link #summary}. */
  public List<String> droppedExamples() {
    return rows.problemSentences();
  }

  @Override
  public TableStatistics statistics(Placement placement, double sampleFraction) {
    return rows.statistics(placement, sampleFraction);
  }

  @Override
  public int slots() {
    return new ExecutorPool(rows.session().sparkContext()).slots();
  }

  @Override
  public GradientSource open(
      Objective objective, Encoder encoder, StepPlan plan, Placement placement) {
    Check.argument(
        plan.shards() <= rows.buckets(),
        "shards",
        plan.shards(),
        "at most " + rows.buckets() + ", for which the table was shuffled");
    JavaRDD<PlacedRow> placed = placed(plan.shards(), placement);
    ShardedRows packed =
        rows.described("packing shards", () -> ShardedRows.pack(placed, encoder, objective, plan));
    var context = JavaSparkContext.fromSparkContext(rows.session().sparkContext());
    return engine.start(context, packed, other -> running = other);
  }

  /**
   * Returns the rows in order, in a partition for each shard, the rows of the validation table
   * last.
   */
  private JavaRDD<PlacedRow> placed(int shards, Placement placement) {
    JavaRDD<PlacedRow> own =
        rows.ordered(placement.seed())
            .rows(shards)
            .map(
                row -> {
                  boolean validation = placement.isValidation(row.splitKey());
                  return new PlacedRow(
                      validation ? Block.Part.VALIDATION : Block.Part.TRAINING, row.row());
                });
    return heldOut == null
        ? own
        : own.zipPartitions(heldOut.validation(shards, placement.seed()), Iterators::concatenate);
  }

  /** Returns all rows as validation rows, in a partition for each shard. */
  private JavaRDD<PlacedRow> validation(int shards, long seed) {
    return rows.ordered(seed)
        .rows(shards)
        .map(row -> new PlacedRow(Block.Part.VALIDATION, row.row()));
  }

  /**
   * Returns a sample of the rows of a part: the first in the order of keys, which is a function of
   * the rows and the seed alone.
   *
   * @param part validation rows are those of the table that {@link #withHeldOut} set, if it did
   * @param most how many rows at most; they are sent to the driver
   */
  public List<RawRow> sample(Placement placement, Block.Part part, int most) {
    boolean validation = part == Block.Part.VALIDATION;
    if (validation && heldOut != null) {
      Placement all = Placement.withoutValidation(placement.seed());
      return heldOut.sample(all, Block.Part.TRAINING, most);
    }
    return rows.sample(placement, validation, most);
  }

  /**
   * Returns the row with this number in the order of files, counted from 1.
   *
   * @throws InvalidDataException if there are fewer rows, or the row cannot be used
   */
  public RawRow row(int number) {
    return rows.row(number);
  }
}
