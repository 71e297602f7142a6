package chainrule.train;

import chainrule.data.LabelEncoding;
import chainrule.data.Task;
import chainrule.math.Check;
import chainrule.nn.Loss;
import chainrule.train.settings.Recipe;
import chainrule.train.settings.Selection;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.Fold;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.Table;
import chainrule.train.shard.TableSummary;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of a training on a table, with each {@code auto} replaced by the recipe's value.
 * Immutable.
 *
 * @param rows of the training table, validation rows included
 * @param task classification or regression
 * @param loss to minimize
 * @param batchSize rows of a mini-batch over all shards
 * @param epochs the most there may be; early stopping and selection may use fewer
 * @param shards number of logical shards, a power of two
 * @param bins of each numeric column's piecewise-linear encoding; 0: plain encoding
 * @param dropout rate after each hidden activation; 0: none
 * @param ensembleSize number of networks that are averaged
 * @param validationFraction fraction of the table's rows that are validation rows; 0 if there are
 *     none, or if they are a separate table
 * @param refit whether to refit on all rows after the epoch is selected
 * @param classWeights of the classes in order; empty: all the same
 */
public record Plan(
    long rows,
    Task task,
    Loss loss,
    int batchSize,
    int epochs,
    int shards,
    int bins,
    double dropout,
    int ensembleSize,
    double validationFraction,
    boolean refit,
    List<Float> classWeights) {
  public Plan {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(loss, "loss");
    classWeights = List.copyOf(classWeights);
  }

  /**
   * Makes the plan of a training.
   *
   * @param label how the table's labels are encoded
   * @param validationFold the fold to validate on, whatever the validation fraction is; auto: none
   * @throws IllegalArgumentException if settings contradict each other or the table
   */
  static Plan of(
      TrainingSettings settings,
      Table table,
      TableSummary summary,
      LabelEncoding label,
      Setting<Fold> validationFold) {
    long rows = summary.rows();
    boolean splits = table.validationTable().isEmpty();
    double fraction =
        splits ? settings.validationFraction().orElseGet(() -> Recipe.validationFraction(rows)) : 0;
    fraction = validationFold.map(fold -> 1.0 / fold.count()).orElse(fraction);
    boolean canRefit = fraction > 0 && settings.selection() == Selection.AUTO;
    boolean refit =
        validationFold.isAuto() && settings.refit().orElseGet(() -> canRefit && Recipe.refit(rows));
    Check.argument(
        canRefit || !refit,
        "refit",
        refit,
        "false or auto unless the table is split into training and validation rows");
    boolean fullBatch = settings.optimizer().isFullBatch();
    int batchSize =
        fullBatch
            ? FullBatch.batchSize(settings, rows)
            : settings.batchSize().orElseGet(() -> Recipe.batchSize(rows));
    int shards = StepPlan.shardsFor(batchSize);
    boolean linear = settings.network().hidden().isEmpty();
    return new Plan(
        rows,
        label.task(),
        Losses.of(settings, label),
        batchSize,
        settings.epochs().orElse(fullBatch ? Recipe.FULL_BATCH_EPOCHS : Recipe.epochs(rows)),
        settings.shards().orElse(fullBatch ? Math.min(shards, Recipe.FULL_BATCH_SHARDS) : shards),
        Recipe.bins(
            settings.encoding(),
            settings.standardize(),
            rows,
            table.schema().numericFeatures().size()),
        settings.network().dropout().orElse(fullBatch ? 0 : Recipe.dropout(rows)),
        settings
            .network()
            .ensembleSize()
            .orElseGet(() -> fullBatch ? 1 : Recipe.ensembleSize(rows, linear)),
        fraction,
        refit,
        settings.classWeights().of(label, summary));
  }

  /** Returns a message if some of the slots stay idle, because a shard occupies one at most. */
  Optional<String> idleSlots(int slots) {
    if (slots <= shards) {
      return Optional.empty();
    }
    String batchSizes =
        batchSize < rows
            ? " (where they are auto, a training.batch-size above " + batchSize + ")"
            : "";
    return Optional.of(
        String.format(
            "%d slots, but %d shards: %d idle; more training.shards%s would use them, with another"
                + " result",
            slots, shards, slots - shards, batchSizes));
  }
}
