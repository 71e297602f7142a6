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
 * What the settings and the recipe came to for a table: no choice is left. Immutable.
 *
 * @param rows of the training table, held-out ones included
 * @param task what the label asks for
 * @param loss to minimize
 * @param batchSize rows of a mini-batch over all shards
 * @param epochs passes over the rows; where a pass is chosen, the most there may be
 * @param shards logical ones, a power of two
 * @param bins of each numeric column's piecewise-linear encoding; 0 if it has none
 * @param dropout rate after each hidden activation; 0: none
 * @param ensembleSize how many networks are averaged
 * @param validationFraction of the table's rows that is held out; 0 too if a table of its own is
 * @param refit whether to train again on all rows once the pass is chosen
 * @param classWeights of the classes in order; none: all the same
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
   * Settles what the settings leave open.
   *
   * @param label what the table's labels mean
   * @param heldOut the fold to hold out whatever the validation fraction is, if there is one
   * @throws IllegalArgumentException if settings do not go together, or not with the table
   */
  static Plan of(
      TrainingSettings settings,
      Table table,
      TableSummary summary,
      LabelEncoding label,
      Setting<Fold> heldOut) {
    long rows = summary.rows();
    boolean splits = table.heldOut().isEmpty();
    double fraction =
        splits ? settings.validationFraction().orElseGet(() -> Recipe.validationFraction(rows)) : 0;
    fraction = heldOut.map(fold -> 1.0 / fold.count()).orElse(fraction);
    boolean canRefit = fraction > 0 && settings.selection() == Selection.AUTO;
    boolean refit =
        heldOut.isAuto() && settings.refit().orElseGet(() -> canRefit && Recipe.refit(rows));
    Check.argument(
        canRefit || !refit, "refit", refit, "false or auto unless rows of the table are held out");
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

  /** Returns what there is to say if so many slots are too many: each shard takes one at most. */
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
