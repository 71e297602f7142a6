package chainrule.bench;

import chainrule.data.Placement;
import chainrule.optim.GradientClipping;
import chainrule.optim.Optimizer;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.TrainingLoop;
import chainrule.train.history.EpochRecord;
import chainrule.train.settings.Selection;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.Table;
import chainrule.train.sums.Objective;
import java.util.List;

/** A training that is ready to run: its rows are packed. Not for sharing. */
final class Training implements AutoCloseable {
  private static final long SEED = 1;

  private final Trainer.Untrained start;
  private final GradientSource source;
  private double epochSeconds;

  private Training(Trainer.Untrained start, GradientSource source) {
    this.start = start;
    this.source = source;
  }

  /** Packs the rows of a table for a network. */
  static Training open(Table table, Shape shape) {
    return open(table, shape, StepPlan.shardsFor(shape.batchSize()));
  }

  static Training open(Table table, Shape shape, int shards) {
    var trainer = new Trainer(shape.settings(), TrainingListener.NONE);
    Trainer.Untrained start = trainer.untrained(table);
    Objective objective = start.model().objective();
    if (objective.network().parameterCount() != shape.parameters()) {
      throw new IllegalStateException("Cannot measure: the table does not suit " + shape);
    }
    var plan = new StepPlan(table.summary(SEED).rows(), shape.batchSize(), shards, SEED);
    Placement placement = Placement.withoutValidation(SEED);
    return new Training(start, table.open(objective, start.model().encoder(), plan, placement));
  }

  GradientSource source() {
    return source;
  }

  Optimizer optimizer() {
    return start.optimizer();
  }

  /** Returns the parameters before the first step. */
  float[] parameters() {
    return start.model().parameters();
  }

  /** Trains for about so many seconds, whole epochs, so that what follows finds everything warm. */
  void warmUp(double seconds) {
    long begin = System.nanoTime();
    do {
      epochSeconds = seconds(1);
    } while (secondsSince(begin) < seconds);
  }

  /** Returns the rows a second of a training of about so many seconds; after a warm-up. */
  double rowsPerSecond(double seconds) {
    int epochs = (int) Math.max(1, Math.round(seconds / epochSeconds));
    return epochs * source.plan().rows() / seconds(epochs);
  }

  private double seconds(int epochs) {
    long begin = System.nanoTime();
    history(epochs);
    return secondsSince(begin);
  }

  /** Trains from the start and tells of each epoch. */
  List<EpochRecord> history(int epochs) {
    var settings =
        new TrainingLoop.Settings(epochs, epochs, 0, GradientClipping.off(), Selection.LAST, 0, 0);
    return new TrainingLoop(source, start.model().objective(), start.optimizer(), settings)
        .run(EpochRecord.Phase.FIT, parameters(), TrainingListener.NONE)
        .history();
  }

  static double secondsSince(long begin) {
    return (System.nanoTime() - begin) * 1e-9;
  }

  @Override
  public void close() {
    source.close();
  }
}
