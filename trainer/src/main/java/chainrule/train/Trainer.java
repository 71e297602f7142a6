package chainrule.train;

import chainrule.data.Block;
import chainrule.data.Encoder;
import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.NumberStatistics;
import chainrule.data.Placement;
import chainrule.data.TableStatistics;
import chainrule.data.Task;
import chainrule.math.Check;
import chainrule.nn.Initializer;
import chainrule.nn.Loss;
import chainrule.nn.Network;
import chainrule.nn.Poisson;
import chainrule.optim.Optimizer;
import chainrule.optim.Optimizers;
import chainrule.optim.Solver;
import chainrule.train.checkpoint.ChangedRunException;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.checkpoint.TrainingInterruptedException;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.PhaseReport;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.Fold;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.Request;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.Table;
import chainrule.train.shard.TableSummary;
import chainrule.train.sums.Metrics;
import chainrule.train.sums.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a table to a trained model: look at the table, settle what the settings leave open, fit the
 * encoder, train with some rows held out, choose the pass, and for small tables train again on all
 * rows.
 *
 * <p>The model is a function of (rows, settings, initial parameters), whatever kind of table it is.
 */
public final class Trainer {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  /** How many values of numeric columns are sampled for quantiles; tables of fewer are exact. */
  private static final double SAMPLED_VALUES = 4e6;

  /**
   * A model and how it came about.
   *
   * @param model with the weights that were chosen
   * @param report what was used and reached
   */
  public record Outcome(TrainedModel model, TrainingReport report) {}

  private final TrainingSettings settings;
  private final TrainingListener listener;
  private final Function<Network, float[]> initialParameters;
  private final Setting<Fold> heldOut;
  private final Checkpointer checkpointer;
  private final List<Checkpoint> resumed;

  /** Trains from random weights, holds out rows as the settings say, and keeps no checkpoints. */
  public Trainer(TrainingSettings settings, TrainingListener listener) {
    this(
        settings,
        listener,
        network -> randomParameters(settings, network),
        Setting.auto(),
        Checkpointer.none(),
        List.of());
  }

  private Trainer(
      TrainingSettings settings,
      TrainingListener listener,
      Function<Network, float[]> initial,
      Setting<Fold> heldOut,
      Checkpointer checkpointer,
      List<Checkpoint> resumed) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.listener = Objects.requireNonNull(listener, "listener");
    this.initialParameters = Objects.requireNonNull(initial, "initial");
    this.heldOut = Objects.requireNonNull(heldOut, "heldOut");
    this.checkpointer = Objects.requireNonNull(checkpointer, "checkpointer");
    this.resumed = List.copyOf(resumed);
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
    return new Trainer(settings, listener, parameters, heldOut, checkpointer, resumed);
  }

  /**
   * Returns a trainer that holds out a fold of the table, whatever the validation fraction is, to
   * choose the pass by and to measure. It never trains again on all rows.
   */
  public Trainer holdingOut(Fold fold) {
    return new Trainer(
        settings, listener, initialParameters, Setting.of(fold), checkpointer, resumed);
  }

  /** Returns a trainer that has checkpoints written, and can be stopped. */
  public Trainer with(Checkpointer checkpoints) {
    return new Trainer(settings, listener, initialParameters, heldOut, checkpoints, resumed);
  }

  /** Returns a trainer that goes on from a checkpoint. */
  public Trainer resuming(Checkpoint checkpoint) {
    return new Trainer(
        settings, listener, initialParameters, heldOut, checkpointer, List.of(checkpoint));
  }

  /**
   * Trains on a table.
   *
   * @throws InvalidDataException if the table cannot be trained on
   * @throws DivergedException if the loss becomes NaN or infinite
   * @throws ChangedRunException if this is not the training that the checkpoint is of
   * @throws TrainingInterruptedException if the checkpointer was asked to stop
   */
  public Outcome train(Table table) {
    TableSummary summary = table.summary(settings.seed());
    LabelEncoding classes = label(table);
    Plan plan = Plan.of(settings, table, summary, classes, heldOut);
    for (Table heldOut : table.heldOut()) {
      heldOut.summary(settings.seed()).requireKnownLabels(classes, "validation");
    }
    LOG.info(
        "{} rows, {}{}: batch size {}, {} epochs, {} shards, validation {}{}, loss {}{}",
        plan.rows(),
        plan.task().key(),
        (classes.count() > 1 ? " of " + classes.count() + " labels" : "")
            + (settings.task().isAuto() ? values(summary) : ""),
        plan.batchSize(),
        plan.epochs(),
        plan.shards(),
        table.heldOut().isEmpty() ? plan.validationFraction() : "from a table of its own",
        plan.refit() ? ", then a refit on all rows" : "",
        plan.loss().key(),
        plan.ensembleSize() > 1 ? ", mean of " + plan.ensembleSize() + " networks" : "");

    plan.idleSlots(table.slots()).ifPresent(LOG::info);

    var progress = new PhaseProgress(checkpointer, resumed);
    listener.trainingStarted(progress::faults);
    List<Trained> trained = new ArrayList<>();
    if (progress.reports().isEmpty()) {
      Placement placement =
          heldOut
              .map(fold -> summary.placement(settings.seed(), fold))
              .orElseGet(() -> summary.placement(settings.seed(), plan.validationFraction()));
      trained.add(
          run(EpochRecord.Phase.FIT, table, classes, plan, placement, plan.epochs(), progress));
    }
    PhaseReport fit = progress.reports().get(0);
    if (plan.refit() && fit.validationRows() > 0) {
      LOG.info(
          "Pass {} has the least validation loss; training again on all rows", fit.bestEpoch());
      Placement all = Placement.withoutValidation(settings.seed());
      trained.add(
          run(EpochRecord.Phase.REFIT, table, classes, plan, all, fit.bestEpoch(), progress));
    } else if (trained.isEmpty()) {
      throw new ChangedRunException("refit", "true", "false");
    }
    Trained last = trained.get(trained.size() - 1);
    return new Outcome(
        last.model,
        TrainingReport.of(
            plan, summary.fingerprint(), last.statistics, progress.reports(), progress.faults()));
  }

  /**
   * Returns what tells a training on a table from any other before it begins: the SHA-256 of rows,
   * columns, classes, settings and fold, as 64 hexadecimal digits. With the same kernels, and from
   * the same initial parameters, trainings that have it in common come to the same bits.
   *
   * @throws InvalidDataException if the table cannot be trained on
   */
  public String identity(Table table) {
    return RunFacts.identity(table, settings, heldOut);
  }

  /**
   * Returns what the labels of a table mean: its classes, or for a regression a scale whose numbers
   * training will bring.
   *
   * @throws InvalidDataException if the table cannot be trained on
   */
  public LabelEncoding label(Table table) {
    TableSummary summary = table.summary(settings.seed());
    LabelEncoding label =
        new LabelChoice(settings.task(), table.schema().labels(), summary, table.classes())
            .encoding();
    summary.requireKnownLabels(label, "training");
    return label;
  }

  /** Returns how many values the labels have, by which their task was found. */
  private static String values(TableSummary summary) {
    List<String> counts =
        summary.labels().stream().map(label -> "" + label.values().size()).toList();
    boolean one = counts.size() == 1;
    return " by the label" + (one ? "'s " : "s' ") + String.join(", ", counts) + " values";
  }

  /** What a phase needs once the rows to train on are known. */
  private record Setup(
      Encoder encoder,
      TableStatistics statistics,
      Objective objective,
      StepPlan steps,
      Solver solver) {}

  /** Fits the encoder to the rows that are not held out. */
  private Setup setUp(Table table, LabelEncoding classes, Plan plan, Placement placement) {
    double values = (double) plan.rows() * table.schema().numericFeatures().size();
    TableStatistics statistics = table.statistics(placement, SAMPLED_VALUES / values);
    if (statistics.rows() == 0) {
      throw new InvalidDataException(
          "Invalid validation fraction: "
              + plan.validationFraction()
              + " (must leave some of the "
              + plan.rows()
              + " rows to train on)");
    }
    requireWeights(table.summary(settings.seed()), statistics);
    LabelEncoding label =
        classes.task() == Task.CLASSIFICATION
            ? classes
            : scales(table.schema().labelNames(), statistics, plan.loss());
    Encoder encoder =
        Encoder.fit(statistics, label, settings.standardize(), plan.bins(), settings.embedAbove());
    Networks.logEmbedded(encoder, statistics);
    var objective =
        new Objective(
            Networks.of(settings.network(), plan, encoder),
            plan.loss(),
            encoder.layout(),
            encoder.label(),
            plan.classWeights());
    var steps = new StepPlan(statistics.rows(), plan.batchSize(), plan.shards(), settings.seed());
    double rate = settings.optimizer().rate();
    Solver solver =
        settings
            .optimizer()
            .solver(settings.schedule().schedule(rate, steps.stepsPerEpoch(), plan.epochs()));
    return new Setup(encoder, statistics, objective, steps, solver);
  }

  /** Throws unless there is a row that weighs something among those trained on, and held out. */
  private static void requireWeights(TableSummary summary, TableStatistics training) {
    boolean holdsOut = summary.rows() > training.rows();
    boolean inVain = holdsOut && summary.weighing() == training.weighing();
    if (training.weighing() == 0 || inVain) {
      throw new InvalidDataException(
          "Invalid weights: of the rows "
              + (inVain ? "held out for validation" : "to train on")
              + " all weigh 0 (must weigh more in some; another seed or validation fraction holds"
              + " out others)");
    }
  }

  /** What a phase came to: a model, and the statistics of the rows it was trained on. */
  private record Trained(TrainedModel model, TableStatistics statistics) {}

  /** Trains on the rows that are not held out, from where the progress says. */
  private Trained run(
      EpochRecord.Phase phase,
      Table table,
      LabelEncoding classes,
      Plan plan,
      Placement placement,
      int stopAfter,
      PhaseProgress progress) {
    Setup setup = setUp(table, classes, plan, placement);
    Objective objective = setup.objective;
    var loopSettings =
        new TrainingLoop.Settings(
            plan.epochs(),
            stopAfter,
            settings.l2(),
            settings.clipping(),
            settings.selection(),
            settings.patience(),
            settings.minDelta());
    float[] initial = initialParameters.apply(objective.network());
    Map<String, String> facts = RunFacts.of(table, plan, settings, setup.solver, heldOut, initial);
    LoopSnapshot from = progress.start(phase, facts, initial, setup.solver);
    try (GradientSource source = table.open(objective, setup.encoder, setup.steps, placement)) {
      progress.begin(facts, source);
      TrainingLoop.Result result =
          new TrainingLoop(source, objective, setup.solver, loopSettings)
              .run(from, listener, checkpointer);
      float[] parameters = result.parameters();
      progress.end(
          new PhaseReport(
              setup.statistics.rows(),
              source.validationRows(),
              result.bestEpoch(),
              result.steps(),
              result.history(),
              metrics(source, objective, parameters, Block.Part.TRAINING),
              source.validationRows() > 0
                  ? metrics(source, objective, parameters, Block.Part.VALIDATION)
                  : Metrics.none()));
      return new Trained(model(table, setup, parameters), setup.statistics);
    } catch (DivergedException e) {
      throw e.with(model(table, setup, e.lastGoodParameters()));
    } catch (RuntimeException e) {
      checkpointer.rescue(e);
      throw e;
    }
  }

  private static TrainedModel model(Table table, Setup setup, float[] parameters) {
    Objective objective = setup.objective;
    return new TrainedModel(
        table.schema(), setup.encoder, objective.network(), objective.loss(), parameters);
  }

  /**
   * A model as it is before the first step, and the optimizer that will take it.
   *
   * @param model fitted to all rows of the table but for its parameters
   * @param optimizer with the learning rates of all steps
   */
  public record Untrained(TrainedModel model, Optimizer optimizer) {}

  /**
   * Returns what training on a table starts from, with no rows held out.
   *
   * @throws IllegalArgumentException if the solver is none that steps by one gradient
   */
  public Untrained untrained(Table table) {
    TableSummary summary = table.summary(settings.seed());
    LabelEncoding classes = label(table);
    Plan plan = Plan.of(settings, table, summary, classes, heldOut);
    Setup setup = setUp(table, classes, plan, Placement.withoutValidation(settings.seed()));
    float[] initial = initialParameters.apply(setup.objective.network());
    if (setup.solver instanceof Optimizer optimizer) {
      return new Untrained(model(table, setup, initial), optimizer);
    }
    throw Check.invalid(
        "optimizer", setup.solver.key(), "one that steps by one gradient: " + Optimizers.keys());
  }

  private static Metrics metrics(
      GradientSource source, Objective objective, float[] parameters, Block.Part part) {
    return source.ask(new Request.Evaluation(part, true), parameters).metrics(objective.label());
  }

  /**
   * Returns the metrics of a model over all rows of a table.
   *
   * @throws InvalidDataException if the table has no rows, or a class that the model does not know
   */
  public static Metrics evaluate(TrainedModel model, Table table, String name, StepPlan like) {
    TableSummary summary = table.summary(like.seed());
    summary.requireKnownLabels(model.encoder().label(), name);
    Objective objective = model.objective();
    var plan = new StepPlan(summary.rows(), like.batchSize(), like.shards(), like.seed());
    Placement placement = Placement.withoutValidation(like.seed());
    try (GradientSource source = table.open(objective, model.encoder(), plan, placement)) {
      return metrics(source, objective, model.parameters(), Block.Part.TRAINING);
    }
  }

  private LabelEncoding scales(List<String> names, TableStatistics statistics, Loss loss) {
    List<LabelEncoding> scales = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      scales.add(scale(names.get(i), statistics.labelNumbers(i), loss));
    }
    return names.size() == 1 ? scales.get(0) : new LabelEncoding.Several(names, scales);
  }

  /** Returns the scale of a regression's label; counts, whose logarithm is learnt, keep theirs. */
  private LabelEncoding.Scale scale(String labelName, NumberStatistics labels, Loss loss) {
    boolean counts = loss instanceof Poisson;
    if (counts && labels.minimum() < 0) {
      throw new InvalidDataException(
          labelName + ": Invalid label: " + labels.minimum() + " (must be >= 0 for loss poisson)");
    }
    double deviation = labels.deviation(0);
    return settings.standardizeLabel() && !counts
        ? new LabelEncoding.Scale(labels.mean(), deviation > 0 ? deviation : 1)
        : new LabelEncoding.Scale(0, 1);
  }
}
