package chainrule.train;

import chainrule.data.Block;
import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.Placement;
import chainrule.math.Check;
import chainrule.nn.Initializer;
import chainrule.nn.Network;
import chainrule.optim.Optimizer;
import chainrule.optim.Optimizers;
import chainrule.train.checkpoint.ChangedRunException;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.checkpoint.TrainingInterruptedException;
import chainrule.train.history.PhaseReport;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.Fold;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.Table;
import chainrule.train.shard.TableSummary;
import chainrule.train.sums.Metrics;
import chainrule.train.sums.Objective;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a table to a trained model: look at the table, plan, fit the encoder, train with validation
 * rows, select the epoch, and for small tables refit on all rows.
 *
 * <p>The model is a function of (rows, settings, initial parameters), whatever kind of table it is.
 *
 * <p>Immutable: each method that changes an option returns another trainer.
 */
public final class Trainer {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  /**
   * A model and how it was trained.
   *
   * @param model with the selected weights
   * @param report the plan, the history and the metrics
   */
  public record Outcome(TrainedModel model, TrainingReport report) {}

  private final TrainerOptions options;

  /** Trains from random weights, validates as the settings say, and keeps no checkpoints. */
  public Trainer(TrainingSettings settings, TrainingListener listener) {
    this(
        new TrainerOptions(
            settings,
            listener,
            network -> randomParameters(settings, network),
            Setting.auto(),
            Checkpointer.none(),
            Optional.empty()));
  }

  private Trainer(TrainerOptions options) {
    this.options = options;
  }

  private static float[] randomParameters(TrainingSettings settings, Network network) {
    Initializer initializer =
        settings
            .network()
            .initializer()
            .orElseGet(() -> Initializer.suiting(settings.network().activation()));
    return network.initialParameters(initializer, settings.seed());
  }

  /** Returns a trainer that starts from these parameters of a network instead of random ones. */
  public Trainer startingFrom(Function<Network, float[]> parameters) {
    return new Trainer(options.withInitialParameters(parameters));
  }

  /**
   * Returns a trainer that selects the epoch and measures by a fold of the table, whatever the
   * validation fraction is. It never refits on all rows.
   */
  public Trainer holdingOut(Fold fold) {
    return new Trainer(options.withFold(fold));
  }

  /** Returns a trainer that writes checkpoints with this checkpointer, and stops when it asks. */
  public Trainer with(Checkpointer checkpointer) {
    return new Trainer(options.withCheckpointer(checkpointer));
  }

  /** Returns a trainer that resumes from a checkpoint. */
  public Trainer resuming(Checkpoint checkpoint) {
    return new Trainer(options.withCheckpoint(checkpoint));
  }

  /**
   * Trains on a table.
   *
   * @throws InvalidDataException if the table cannot be trained on
   * @throws DivergedException if the loss becomes NaN or infinite
   * @throws ChangedRunException if the checkpoint belongs to another training
   * @throws TrainingInterruptedException if the checkpointer was asked to stop
   */
  public Outcome train(Table table) {
    TableSummary summary = table.summary(settings().seed());
    LabelEncoding label = label(table);
    Plan plan = plan(table, label);
    requireKnownLabels(table.validationTable(), label);
    log(table, label, plan);

    var progress = new PhaseProgress(options.checkpointer(), options.checkpoint());
    options.listener().trainingStarted(progress::faults);
    var runner = new PhaseRunner(options, table, label, plan, progress);
    PhaseRunner.Trained trained = train(runner, plan, progress);

    return new Outcome(
        trained.model(),
        TrainingReport.of(
            plan,
            summary.fingerprint(),
            trained.statistics(),
            progress.reports(),
            progress.faults()));
  }

  /** Trains the phases that a checkpoint does not have, and returns the last one. */
  private static PhaseRunner.Trained train(PhaseRunner runner, Plan plan, PhaseProgress progress) {
    Optional<PhaseRunner.Trained> fitted =
        progress.isFitted() ? Optional.empty() : Optional.of(runner.fit());
    PhaseReport fit = progress.fit();
    if (plan.refit() && fit.validationRows() > 0) {
      LOG.info("Epoch {} has the least validation loss; refitting on all rows", fit.bestEpoch());
      return runner.refit(fit.bestEpoch());
    }
    // A checkpoint of a refit cannot be resumed without one.
    return fitted.orElseThrow(() -> new ChangedRunException("refit", "true", "false"));
  }

  private TrainingSettings settings() {
    return options.settings();
  }

  private Plan plan(Table table, LabelEncoding label) {
    TableSummary summary = table.summary(settings().seed());
    return Plan.of(settings(), table, summary, label, options.fold());
  }

  private void requireKnownLabels(Optional<Table> validation, LabelEncoding label) {
    validation.ifPresent(
        table -> table.summary(settings().seed()).requireKnownLabels(label, "validation"));
  }

  private void log(Table table, LabelEncoding label, Plan plan) {
    LOG.info(
        "{} rows, {}{}{}: batch size {}, {} epochs, {} shards, validation {}{}, loss {}{}",
        plan.rows(),
        plan.task().key(),
        label.count() > 1 ? " of " + label.count() + " labels" : "",
        settings().task().isAuto() ? values(table.summary(settings().seed())) : "",
        plan.batchSize(),
        plan.epochs(),
        plan.shards(),
        table.validationTable().isPresent() ? "by a separate table" : plan.validationFraction(),
        plan.refit() ? ", then a refit on all rows" : "",
        plan.loss().key(),
        plan.ensembleSize() > 1 ? ", ensemble of " + plan.ensembleSize() + " networks" : "");
    plan.idleSlots(table.slots()).ifPresent(LOG::info);
  }

  /** Returns how many distinct values the labels have, from which their task was derived. */
  private static String values(TableSummary summary) {
    List<String> counts =
        summary.labels().stream().map(label -> "" + label.values().size()).toList();
    boolean one = counts.size() == 1;
    return " by the label" + (one ? "'s " : "s' ") + String.join(", ", counts) + " values";
  }

  /**
   * Returns what identifies a training on a table before it begins: the SHA-256 of rows, columns,
   * classes, settings and fold, as 64 hexadecimal digits. Trainings with the same identity, the
   * same kernels and the same initial parameters give the same bits.
   *
   * @throws InvalidDataException if the table cannot be trained on
   */
  public String identity(Table table) {
    return RunFacts.identity(table, settings(), options.fold());
  }

  /**
   * Returns how the labels of a table are encoded: by classes, or for a regression by a scale whose
   * numbers training fits.
   *
   * @throws InvalidDataException if the table cannot be trained on
   */
  public LabelEncoding label(Table table) {
    TableSummary summary = table.summary(settings().seed());
    LabelEncoding label =
        new LabelChoice(settings().task(), table.schema().labels(), summary, table.classes())
            .encoding();
    summary.requireKnownLabels(label, "training");
    return label;
  }

  /**
   * A model before its first step, and the optimizer that will train it.
   *
   * @param model fitted to all rows of the table, except for its parameters
   * @param optimizer with the learning rates of all steps
   */
  public record Untrained(TrainedModel model, Optimizer optimizer) {}

  /**
   * Returns what training on a table starts from, without validation rows.
   *
   * @throws IllegalArgumentException if the solver does not step by the gradient of a mini-batch
   */
  public Untrained untrained(Table table) {
    LabelEncoding label = label(table);
    Plan plan = plan(table, label);
    Placement all = Placement.withoutValidation(settings().seed());
    TrainingSetup setup = TrainingSetup.fit(settings(), table, label, plan, all);
    if (setup.solver() instanceof Optimizer optimizer) {
      float[] initial = options.initialParameters().apply(setup.objective().network());
      return new Untrained(setup.model(initial), optimizer);
    }
    throw Check.invalid(
        "optimizer", setup.solver().key(), "one that steps by one gradient: " + Optimizers.keys());
  }

  /**
   * Returns the metrics of a model over all rows of a table.
   *
   * @param name of the table, for messages
   * @param like gives batch size, shards and seed
   * @throws InvalidDataException if the table has no rows, or a class that the model does not know
   */
  public static Metrics evaluate(TrainedModel model, Table table, String name, StepPlan like) {
    TableSummary summary = table.summary(like.seed());
    summary.requireKnownLabels(model.encoder().label(), name);
    Objective objective = model.objective();
    var plan = new StepPlan(summary.rows(), like.batchSize(), like.shards(), like.seed());
    Placement placement = Placement.withoutValidation(like.seed());
    try (GradientSource source = table.open(objective, model.encoder(), plan, placement)) {
      return PhaseRunner.metrics(source, objective, model.parameters(), Block.Part.TRAINING);
    }
  }
}
