package chainrule.train;

import chainrule.data.Encoder;
import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.NumberStatistics;
import chainrule.data.Placement;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.data.Task;
import chainrule.nn.Loss;
import chainrule.nn.Poisson;
import chainrule.optim.Solver;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.Table;
import chainrule.train.shard.TableSummary;
import chainrule.train.sums.Objective;
import java.util.ArrayList;
import java.util.List;

/**
 * What a phase trains with, fitted to its training rows. Immutable.
 *
 * @param schema of the table
 * @param encoder fitted to the training rows
 * @param statistics of the training rows
 * @param objective the network, its loss, and what its inputs and targets mean
 * @param steps which rows each step uses
 * @param solver with the learning rates of all steps
 */
record TrainingSetup(
    Schema schema,
    Encoder encoder,
    TableStatistics statistics,
    Objective objective,
    StepPlan steps,
    Solver solver) {
  /** How many values of numeric columns are sampled for quantiles; smaller tables are exact. */
  private static final double SAMPLED_VALUES = 4e6;

  /**
   * Fits the encoder to the training rows of a placement, and makes network, steps and solver.
   *
   * @param label the table's label; the scales of a regression are fitted here
   * @throws InvalidDataException if the placement leaves no row to train on, or none that weighs
   *     more than 0
   */
  static TrainingSetup fit(
      TrainingSettings settings, Table table, LabelEncoding label, Plan plan, Placement placement) {
    double values = (double) plan.rows() * table.schema().numericFeatures().size();
    TableStatistics statistics = table.statistics(placement, SAMPLED_VALUES / values);
    requireRows(statistics, plan);
    requireWeights(table.summary(settings.seed()), statistics);
    LabelEncoding fitted =
        label.task() == Task.CLASSIFICATION
            ? label
            : scales(settings, table.schema().labelNames(), statistics, plan.loss());
    Encoder encoder =
        Encoder.fit(statistics, fitted, settings.standardize(), plan.bins(), settings.embedAbove());
    Networks.logEmbedded(encoder, statistics);
    var objective =
        new Objective(
            Networks.of(settings.network(), plan, encoder),
            plan.loss(),
            encoder.layout(),
            encoder.label(),
            plan.classWeights());
    var steps = new StepPlan(statistics.rows(), plan.batchSize(), plan.shards(), settings.seed());
    return new TrainingSetup(
        table.schema(), encoder, statistics, objective, steps, solver(settings, plan, steps));
  }

  private static Solver solver(TrainingSettings settings, Plan plan, StepPlan steps) {
    double rate = settings.optimizer().rate();
    return settings
        .optimizer()
        .solver(settings.schedule().schedule(rate, steps.stepsPerEpoch(), plan.epochs()));
  }

  private static void requireRows(TableStatistics training, Plan plan) {
    if (training.rows() == 0) {
      throw new InvalidDataException(
          "Invalid validation fraction: "
              + plan.validationFraction()
              + " (must leave some of the "
              + plan.rows()
              + " rows to train on)");
    }
  }

  /** Throws unless a training row and, if there are any, a validation row weigh more than 0. */
  private static void requireWeights(TableSummary summary, TableStatistics training) {
    boolean validates = summary.rows() > training.rows();
    boolean onlyTrainingWeighs = validates && summary.weighing() == training.weighing();
    if (training.weighing() == 0 || onlyTrainingWeighs) {
      throw new InvalidDataException(
          "Invalid weights: all "
              + (onlyTrainingWeighs ? "validation" : "training")
              + " rows weigh 0 (some must weigh more; another seed or validation fraction splits"
              + " the rows differently)");
    }
  }

  private static LabelEncoding scales(
      TrainingSettings settings, List<String> names, TableStatistics statistics, Loss loss) {
    List<LabelEncoding> scales = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      scales.add(scale(settings, names.get(i), statistics.labelNumbers(i), loss));
    }
    return names.size() == 1 ? scales.get(0) : new LabelEncoding.Several(names, scales);
  }

  /**
   * Returns the scale of a regression's label. Counts keep theirs, because Poisson regression
   * predicts their logarithm.
   */
  private static LabelEncoding.Scale scale(
      TrainingSettings settings, String labelName, NumberStatistics labels, Loss loss) {
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

  /** Returns the model with these parameters, P values. */
  TrainedModel model(float[] parameters) {
    return new TrainedModel(schema, encoder, objective.network(), objective.loss(), parameters);
  }
}
