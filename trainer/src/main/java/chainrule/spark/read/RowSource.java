package chainrule.spark.read;

import chainrule.data.InvalidDataException;
import chainrule.data.RowProblem;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import chainrule.spark.ShardedTable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/** Where a {@link ShardedTable} has its rows from. */
public interface RowSource {
  /** Numbers beyond this have squares that are no doubles. */
  double LARGEST = 1e150;

  /** Returns the columns that are read. */
  Schema schema();

  /** Reads all rows. */
  JavaRDD<ParsedRow> parsed();

  /** Reads the first rows, as they come. */
  List<ParsedRow> first(int count);

  /**
   * Throws if what was counted of the rows shows that they were read as what they are not.
   *
   * @throws InvalidDataException that names the column
   */
  default void check(TableStatistics statistics) {}

  /** Returns a problem as a sentence: where it is, what was found and what it must be. */
  String describe(RowProblem problem);
}
