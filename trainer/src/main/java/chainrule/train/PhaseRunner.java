package chainrule.train;

import chainrule.data.Block;
import chainrule.data.LabelEncoding;
import chainrule.data.Placement;
import chainrule.data.TableStatistics;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.PhaseReport;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.shard.Table;
import chainrule.train.sums.Metrics;
import chainrule.train.sums.Objective;
import java.util.Map;

/**
 * Trains the phases of a training: fits encoder and network to the phase's training rows, runs the
 * loop, and measures the selected weights. Not for sharing.
 */
final class PhaseRunner {
  /**
   * A trained phase.
   *
   * @param model with the selected weights
   * @param statistics of the rows it was trained on
   */
  record Trained(TrainedModel model, TableStatistics statistics) {}

  private final TrainerOptions options;
  private final Table table;
  private final LabelEncoding label;
  private final Plan plan;
  private final PhaseProgress progress;

  PhaseRunner(
      TrainerOptions options, Table table, LabelEncoding label, Plan plan, PhaseProgress progress) {
    this.options = options;
    this.table = table;
    this.label = label;
    this.plan = plan;
    this.progress = progress;
  }

  /** Trains with the validation rows of the plan, and selects the epoch by them. */
  Trained fit() {
    long seed = options.settings().seed();
    Placement placement =
        options
            .fold()
            .map(fold -> table.summary(seed).placement(seed, fold))
            .orElseGet(() -> table.summary(seed).placement(seed, plan.validationFraction()));
    return run(EpochRecord.Phase.FIT, placement, plan.epochs());
  }

  /** Trains on all rows, for a number of epochs. */
  Trained refit(int epochs) {
    Placement all = Placement.withoutValidation(options.settings().seed());
    return run(EpochRecord.Phase.REFIT, all, epochs);
  }

  private Trained run(EpochRecord.Phase phase, Placement placement, int stopAfter) {
    TrainingSettings settings = options.settings();
    TrainingSetup setup = TrainingSetup.fit(settings, table, label, plan, placement);
    Objective objective = setup.objective();
    float[] initial = options.initialParameters().apply(objective.network());
    Map<String, String> facts =
        RunFacts.of(table, plan, settings, setup.solver(), options.fold(), initial);
    LoopSnapshot from = progress.start(phase, facts, initial, setup.solver());
    try (GradientSource source = table.open(objective, setup.encoder(), setup.steps(), placement)) {
      progress.begin(facts, source);
      TrainingLoop.Result result =
          new TrainingLoop(source, objective, setup.solver(), loopSettings(stopAfter))
              .run(from, options.listener(), options.checkpointer());
      progress.end(report(setup, source, result));
      return new Trained(setup.model(result.parameters()), setup.statistics());
    } catch (DivergedException e) {
      throw e.with(setup.model(e.lastGoodParameters()));
    } catch (RuntimeException e) {
      options.checkpointer().rescue(e);
      throw e;
    }
  }

  private TrainingLoop.Settings loopSettings(int stopAfter) {
    TrainingSettings settings = options.settings();
    return new TrainingLoop.Settings(
        plan.epochs(),
        stopAfter,
        settings.l2(),
        settings.clipping(),
        settings.selection(),
        settings.patience(),
        settings.minDelta());
  }

  private static PhaseReport report(
      TrainingSetup setup, GradientSource source, TrainingLoop.Result result) {
    float[] parameters = result.parameters();
    return new PhaseReport(
        setup.statistics().rows(),
        source.validationRows(),
        result.bestEpoch(),
        result.steps(),
        result.history(),
        metrics(source, setup.objective(), parameters, Block.Part.TRAINING),
        source.validationRows() > 0
            ? metrics(source, setup.objective(), parameters, Block.Part.VALIDATION)
            : Metrics.none());
  }

  /** Returns all metrics, area under the curve included, over a part of a source's rows. */
  static Metrics metrics(
      GradientSource source, Objective objective, float[] parameters, Block.Part part) {
    return source.ask(new Request.Evaluation(part, true), parameters).metrics(objective.label());
  }
}
