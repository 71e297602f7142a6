package chainrule.spark.read;

import chainrule.data.InvalidDataException;
import chainrule.data.RowProblem;
import chainrule.data.Schema;
import chainrule.data.TableStatistics;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/** The source of a table's rows. */
public interface RowSource {
  /** Returns the columns that are read. */
  Schema schema();

  /** Reads all rows. */
  JavaRDD<ParsedRow> parsed();

  /** Reads the first rows, in the order of files. */
  List<ParsedRow> first(int count);

  /**
   * Throws if the counts of the rows show that a column was read as the wrong type.
   *
   * @throws InvalidDataException that names the column
   */
  default void check(TableStatistics statistics) {}

  /** Returns a problem as a sentence: where it is, what was found and what it must be. */
  String describe(RowProblem problem);
}
