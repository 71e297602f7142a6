package chainrule.jobs.report;

import chainrule.data.RawRow;
import chainrule.data.TableStatistics;
import chainrule.math.Kernels;
import chainrule.model.PermutationImportance;
import chainrule.train.TrainedModel;
import java.util.List;
import java.util.Objects;

/**
 * All that a report is made from. Immutable but for the statistics, which nobody adds to any more.
 *
 * @param run what the run wrote of itself
 * @param model that the run trained
 * @param statistics of the rows that the model was trained on
 * @param part which rows the report looks at: "test", "validation" or "train"
 * @param partRows how many rows that part has
 * @param rows a sample of the part, or all of it
 * @param importance of the columns, over some of these rows
 * @param kernels to compute predictions with
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
   * What permutation importance was computed.
   *
   * @param rises by column, in the schema's order; columns of one value and those beyond the cost
   *     that is spent are not there
   * @param rows over which the loss was measured
   * @param repeats of each column's permutation
   * @param leftOut columns that were not looked at because it would have cost too much
   */
  public record Importance(
      List<PermutationImportance.Rise> rises, int rows, int repeats, int leftOut) {
    public Importance {
      rises = List.copyOf(rises);
    }
  }

  /** Returns how the sentences name the rows that the report looks at. */
  String rowsName() {
    return part.equals("train") ? "training rows" : part + " rows";
  }

  /** Returns whether the rows were trained on, so that what is found on them flatters. */
  boolean seen() {
    boolean refitted = part.equals("validation") && run.metrics().path("refit").asBoolean();
    return part.equals("train") || refitted;
  }

  /** Returns a count of these rows with their name. */
  String counted(long count) {
    String one = part.equals("train") ? "training row" : part + " row";
    return Texts.counted(count, one);
  }

  /** Returns of how many of how many rows the report speaks. */
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
