package chainrule.jobs.report;

import chainrule.data.RawRow;
import chainrule.data.TableStatistics;
import chainrule.math.Kernels;
import chainrule.model.PermutationImportance;
import chainrule.train.TrainedModel;
import java.util.List;
import java.util.Objects;

/**
 * The data of a report. Immutable, except for the statistics, which must not change any more.
 *
 * @param run the files of the run
 * @param model that the run trained
 * @param statistics of the training rows
 * @param part the rows that the report uses: "test", "validation" or "train"
 * @param partRows number of rows of that part
 * @param rows a sample of the part, or all of it
 * @param importance of the columns, computed on some of these rows
 * @param kernels for the predictions
 */
public record Evidence(
    RunFiles run,
    TrainedModel model,
    TableStatistics statistics,
    String part,
    long partRows,
    List<RawRow> rows,
    Importance importance,
    Kernels kernels) {
  public Evidence {
    Objects.requireNonNull(run, "run");
    rows = List.copyOf(rows);
  }

  /**
   * The permutation importance of the columns.
   *
   * @param rises rises of the loss, in the order of the schema; without columns of one value and
   *     without skipped columns
   * @param rows number of rows on which the loss was measured
   * @param repeats number of permutations of each column
   * @param leftOut number of columns that were skipped to save time
   */
  public record Importance(
      List<PermutationImportance.Rise> rises, int rows, int repeats, int leftOut) {
    public Importance {
      rises = List.copyOf(rises);
    }
  }

  /** Returns the name of the rows in sentences. */
  String rowsName() {
    return part.equals("train") ? "training rows" : part + " rows";
  }

  /** Returns whether the model was trained on the rows, so that their metrics are too good. */
  boolean seen() {
    boolean refitted = part.equals("validation") && run.metrics().path("refit").asBoolean();
    return part.equals("train") || refitted;
  }

  /** Returns a count with the name of the rows. */
  String counted(long count) {
    String one = part.equals("train") ? "training row" : part + " row";
    return Texts.counted(count, one);
  }

  /** Returns a description of the sample. */
  String coverage() {
    return partRows <= rows.size()
        ? "all " + counted(rows.size())
        : "a sample of "
            + Texts.count(rows.size())
            + " of the "
            + Texts.count(partRows)
            + " "
            + rowsName();
  }
}
