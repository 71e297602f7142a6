package chainrule.train.shard;

import chainrule.data.Block;
import chainrule.data.Encoder;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.math.Kernels;
import chainrule.train.sums.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A table in this JVM's memory. It trains without Spark and gives the bits that Spark's engines
 * give for the same rows.
 */
public final class InMemoryTable implements Table {
  private final Schema schema;
  private final List<RawRow> rows;
  private final Kernels kernels;
  private final int threads;

  /** A separate table of validation rows; null if there is none. */
  private final InMemoryTable validation;

  /**
   * @param rows in any order
   * @param threads number of threads that compute
   */
  public InMemoryTable(Schema schema, List<RawRow> rows, Kernels kernels, int threads) {
    this(schema, rows, kernels, threads, null);
  }

  private InMemoryTable(
      Schema schema, List<RawRow> rows, Kernels kernels, int threads, InMemoryTable validation) {
    this.schema = Objects.requireNonNull(schema, "schema");
    this.rows = List.copyOf(rows);
    this.kernels = Objects.requireNonNull(kernels, "kernels");
    this.threads = threads;
    this.validation = validation;
  }

  /** Returns this table with another whose rows are all validation rows. */
  public InMemoryTable withHeldOut(InMemoryTable other) {
    return new InMemoryTable(
        schema, rows, kernels, threads, Objects.requireNonNull(other, "validation"));
  }

  @Override
  public Optional<Table> validationTable() {
    return Optional.ofNullable(validation);
  }

  @Override
  public Schema schema() {
    return schema;
  }

  private record KeyedRow(long key, RawRow row) {}

  /** Returns all rows in the order of their keys. */
  private List<KeyedRow> ordered(long seed) {
    return rows.stream()
        .map(row -> new KeyedRow(Placement.key(row, seed), row))
        .sorted((a, b) -> Placement.compare(a.key, a.row, b.key, b.row))
        .toList();
  }

  @Override
  public TableSummary summary(long seed) {
    var summary = new TableSummary(schema.labels());
    var splitter = new Placement.Splitter();
    for (KeyedRow row : ordered(seed)) {
      summary.add(row.row, splitter.next(row.key, row.row));
    }
    return summary;
  }

  @Override
  public TableStatistics statistics(Placement placement, double sampleFraction) {
    var statistics = new TableStatistics(schema);
    var splitter = new Placement.Splitter();
    for (KeyedRow row : ordered(placement.seed())) {
      long splitKey = splitter.next(row.key, row.row);
      if (!placement.isValidation(splitKey)) {
        statistics.add(row.row, Placement.isSampled(splitKey, sampleFraction));
      }
    }
    return statistics;
  }

  @Override
  public GradientSource open(
      Objective objective, Encoder encoder, StepPlan plan, Placement placement) {
    List<List<Block>> blocks = new ArrayList<>();
    List<ShardBuilder> builders = new ArrayList<>();
    for (int i = 0; i < plan.shards(); i++) {
      blocks.add(new ArrayList<>());
      builders.add(new ShardBuilder(encoder, blocks.get(i)::add));
    }
    var splitter = new Placement.Splitter();
    for (KeyedRow row : ordered(placement.seed())) {
      boolean isValidation = placement.isValidation(splitter.next(row.key, row.row));
      builders
          .get(Placement.shard(row.key, plan.shards()))
          .add(isValidation ? Block.Part.VALIDATION : Block.Part.TRAINING, row.row);
    }
    if (validation != null) {
      for (KeyedRow row : validation.ordered(placement.seed())) {
        builders.get(Placement.shard(row.key, plan.shards())).add(Block.Part.VALIDATION, row.row);
      }
    }
    List<Shard> shards = new ArrayList<>();
    for (int i = 0; i < builders.size(); i++) {
      builders.get(i).end();
      shards.add(Shard.of(i, encoder.layout(), blocks.get(i)));
    }
    return new LocalGradientSource(objective, plan, kernels, shards, threads);
  }
}
