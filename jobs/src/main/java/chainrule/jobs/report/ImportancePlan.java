package chainrule.jobs.report;

import chainrule.data.RawRow;
import chainrule.data.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows, columns and repetitions for permutation importance. They are a function of the size of
 * the model and the sample, so that a report is the same on any cluster.
 *
 * @param rows number of rows, from the start of the sample
 * @param columns indices of the features that have more than one value in these rows
 * @param repeats number of permutations of each column
 * @param leftOut number of columns that are skipped to save time
 */
public record ImportancePlan(int rows, List<Integer> columns, int repeats, int leftOut) {
  /** Limit of multiplications: a few seconds of one core. */
  private static final double PRODUCTS = 4e10;

  /** With fewer rows the rise of the loss is mostly noise. */
  private static final int FEWEST_ROWS = 200;

  private static final int MOST_ROWS = 5_000;
  private static final int MOST_REPEATS = 5;

  /** From this number of rows on one permutation is enough. */
  private static final int ROWS_OF_ONE_REPEAT = 2_000;

  /** Cost of encoding a value, in multiplications. */
  private static final double ENCODING = 20;

  public ImportancePlan {
    columns = List.copyOf(columns);
  }

  /** Plans for a sample of rows and a number of parameters. */
  public static ImportancePlan of(Schema schema, List<RawRow> sample, int parameters) {
    int features = schema.features().size();
    double rowCost = parameters + ENCODING * features;
    int rows = Math.min(sample.size(), MOST_ROWS);
    List<Integer> varying = varying(schema, sample.subList(0, rows));
    double affordable = PRODUCTS / (rowCost * Math.max(1, varying.size()));
    if (affordable < rows) {
      rows = Math.min(rows, (int) Math.max(FEWEST_ROWS, affordable));
      varying = varying(schema, sample.subList(0, rows));
    }
    double affordableColumns = PRODUCTS / (rowCost * Math.max(1, rows));
    int columns = (int) Math.min(varying.size(), Math.max(1, affordableColumns));
    int wanted = Math.min(MOST_REPEATS, ROWS_OF_ONE_REPEAT / Math.max(1, rows));
    double affordableRepeats = affordableColumns / Math.max(1, columns);
    int repeats = (int) Math.max(1, Math.min(wanted, affordableRepeats));
    return new ImportancePlan(rows, varying.subList(0, columns), repeats, varying.size() - columns);
  }

  /** Returns the columns that have two or more values. Permuting the others changes nothing. */
  private static List<Integer> varying(Schema schema, List<RawRow> rows) {
    List<Integer> columns = new ArrayList<>();
    int number = 0;
    int category = 0;
    for (int i = 0; i < schema.features().size(); i++) {
      boolean numeric = schema.features().get(i).isNumeric();
      int index = numeric ? number++ : category++;
      if (rows.stream().anyMatch(row -> differs(row, rows.get(0), numeric, index))) {
        columns.add(i);
      }
    }
    return columns;
  }

  private static boolean differs(RawRow row, RawRow other, boolean numeric, int index) {
    return numeric
        ? Double.compare(row.number(index), other.number(index)) != 0
        : !row.category(index).equals(other.category(index));
  }
}
