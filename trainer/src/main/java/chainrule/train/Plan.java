package chainrule.train;

import chainrule.data.Task;
import chainrule.nn.Loss;
import java.util.List;
import java.util.Objects;

/**
 * What the settings and the recipe came to for a table: no choice is left. Immutable.
 *
 * @param rows of the training table, held-out ones included
 * @param bins of each numeric column's piecewise-linear encoding; 0 if it has none
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
}
