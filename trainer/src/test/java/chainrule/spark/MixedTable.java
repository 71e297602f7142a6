package chainrule.spark;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.RandomStream;
import chainrule.spark.read.ColumnChoice;
import java.util.ArrayList;
import java.util.List;

/**
 * A small table with all that makes tables hard: missing numbers and categories, a boolean, row
 * weights, copies of rows. Made of cells as texts, and of {@link RawRow}s without Spark.
 */
public final class MixedTable {
  static final List<String> HEADER =
      List.of("x0", "x1", "color", "flag", "weight", "count", "species");

  public static final ColumnChoice CHOICE =
      new ColumnChoice(
          List.of("species"),
          "weight",
          List.of(),
          List.of(),
          chainrule.train.settings.Setting.auto());

  static final Schema SCHEMA =
      new Schema(
          List.of(
              Column.numeric("x0"),
              Column.numeric("x1"),
              Column.categorical("color"),
              Column.categorical("flag"),
              Column.numeric("count")),
          Column.categorical("species"),
          "weight");

  private static final List<String> COLORS = List.of("red", "green", "blau, hell", "", "紫");
  private static final List<String> SPECIES = List.of("a \"cat\"", "dog", "émeu");

  private final List<List<String>> rows;

  private MixedTable(List<List<String>> rows) {
    this.rows = List.copyOf(rows);
  }

  /** Makes a table of so many rows; one in eight is there twice. */
  public static MixedTable of(int count, long seed) {
    var random = new RandomStream(seed);
    List<List<String>> rows = new ArrayList<>();
    while (rows.size() < count) {
      int kind = random.nextInt(SPECIES.size());
      double x0 = kind + random.nextGaussian();
      double x1 = 1e3 * (random.nextGaussian() - kind);
      List<String> row =
          List.of(
              random.nextInt(9) == 0 ? "" : Double.toString(x0),
              random.nextInt(5) == 0 ? "" : Double.toString(x1),
              COLORS.get((kind + random.nextInt(3)) % COLORS.size()),
              Boolean.toString(random.nextInt(2) == 0),
              Double.toString(0.25 * random.nextInt(8)),
              Integer.toString(random.nextInt(100) - 50),
              SPECIES.get(kind));
      rows.add(row);
      if (random.nextInt(8) == 0 && rows.size() < count) {
        rows.add(row);
      }
    }
    return new MixedTable(rows);
  }

  List<List<String>> rows() {
    return rows;
  }

  /** Returns the table with its rows in another order. */
  public MixedTable shuffled(long seed) {
    var random = new RandomStream(seed);
    List<List<String>> shuffled = new ArrayList<>(rows);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      List<String> row = shuffled.get(i);
      shuffled.set(i, shuffled.get(other));
      shuffled.set(other, row);
    }
    return new MixedTable(shuffled);
  }

  /** Returns the table with another text in one cell. */
  MixedTable with(int row, String column, String text) {
    List<List<String>> changed = new ArrayList<>(rows);
    List<String> cells = new ArrayList<>(changed.get(row));
    cells.set(HEADER.indexOf(column), text);
    changed.set(row, List.copyOf(cells));
    return new MixedTable(changed);
  }

  /** Returns the lines of the CSV file that has rows {@code from} to {@code to}, with a header. */
  public String[] csv(int from, int to) {
    List<String> lines = new ArrayList<>();
    lines.add(String.join(",", HEADER));
    for (List<String> row : rows.subList(from, to)) {
      lines.add(String.join(",", row.stream().map(MixedTable::quoted).toList()));
    }
    return lines.toArray(new String[0]);
  }

  private static String quoted(String cell) {
    return cell.contains(",") || cell.contains("\"")
        ? '"' + cell.replace("\"", "\"\"") + '"'
        : cell;
  }

  /** Returns the rows as the core has them: read with the JDK alone. */
  List<RawRow> rawRows() {
    return rows.stream()
        .map(
            row ->
                RawRow.withTextLabel(
                    new double[] {number(row.get(0)), number(row.get(1)), number(row.get(5))},
                    new String[] {row.get(2), row.get(3)},
                    row.get(6),
                    number(row.get(4))))
        .toList();
  }

  private static double number(String cell) {
    return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
  }
}
