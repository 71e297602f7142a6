package chainrule.spark;

import chainrule.spark.cluster.NoSlotsException;
import chainrule.spark.gang.GangGradientSource;
import chainrule.spark.gang.UnreachableException;
import chainrule.spark.shard.ShardedRows;
import chainrule.spark.tree.TreeGradientSource;
import chainrule.train.history.Faults;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.shard.StepPlan;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Sums;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code auto} engine: the gang engine. If its tasks get no slot or cannot connect to the
 * driver, the tree engine takes over for the rest of the training.
 */
final class AutomaticGradientSource implements GradientSource {
  private static final Logger LOG = LoggerFactory.getLogger(AutomaticGradientSource.class);

  private final JavaSparkContext context;
  private final ShardedRows rows;
  private final String kernels;
  private final Consumer<EngineKind> runs;
  private final GangGradientSource gang;
  private volatile Faults fallback = Faults.none();
  private volatile GradientSource engine;

  /**
   * @param runs receives the tree engine when it takes over
   */
  AutomaticGradientSource(
      JavaSparkContext context, ShardedRows rows, String kernels, Consumer<EngineKind> runs) {
    this.runs = runs;
    this.context = context;
    this.rows = rows;
    this.kernels = kernels;
    this.gang = new GangGradientSource(context, rows, kernels);
    this.engine = gang;
  }

  @Override
  public StepPlan plan() {
    return rows.plan();
  }

  @Override
  public long validationRows() {
    return rows.validationRows();
  }

  @Override
  public <S extends Sums<S>> S ask(Request<S> request, float[] parameters) {
    try {
      return engine.ask(request, parameters);
    } catch (NoSlotsException | UnreachableException e) {
      LOG.warn("{}; continuing with the tree engine", e.getMessage());
      gang.stop();
      fallback = Faults.ofFallback(e.getMessage());
      engine = new TreeGradientSource(context, rows, kernels);
      runs.accept(EngineKind.TREE);
      return engine.ask(request, parameters);
    }
  }

  @Override
  public void recycle(GradientBuffer buffer) {
    engine.recycle(buffer);
  }

  @Override
  public double takeComputeSeconds() {
    return engine.takeComputeSeconds();
  }

  @Override
  public Faults faults() {
    return engine == gang ? gang.faults() : gang.faults().plus(fallback).plus(engine.faults());
  }

  @Override
  public void close() {
    engine.close();
  }
}
