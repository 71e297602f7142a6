package chainrule.train;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.math.RandomStream;
import chainrule.nn.Activation;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.Setting;
import chainrule.train.shard.InMemoryTable;
import java.util.ArrayList;
import java.util.List;

/** Small tables for tests, the same every time. */
public final class Examples {
  public static final Schema CLASSES =
      new Schema(
          List.of(Column.numeric("x"), Column.numeric("y"), Column.categorical("c")),
          Column.categorical("label"),
          "");

  public static final Schema NUMBERS = new Schema(CLASSES.features(), Column.numeric("price"), "");

  private Examples() {}

  public static RawRow labelled(double x, double y, String c, String label) {
    return RawRow.withTextLabel(new double[] {x, y}, new String[] {c}, label, 1);
  }

  static RawRow priced(double x, double y, String c, double price) {
    return RawRow.withNumericLabel(new double[] {x, y}, new String[] {c}, price, 1);
  }

  /** XOR of the signs of x and y, with noise, some missing values, weights and copies of rows. */
  public static List<RawRow> xor(int count) {
    var random = new RandomStream(17);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = random.nextInt(2) * 2 - 1;
      double y = random.nextInt(2) * 2 - 1;
      String label = x == y ? "same" : "different";
      x += 0.3 * random.nextGaussian();
      y = random.nextInt(40) == 0 ? Double.NaN : y + 0.3 * random.nextGaussian();
      double weight = 0.5 + random.nextInt(3);
      RawRow row =
          RawRow.withTextLabel(
              new double[] {x, y}, new String[] {"c" + random.nextInt(3)}, label, weight);
      rows.add(row);
      for (int copies = random.nextInt(10) == 0 ? 2 : 0; copies > 0 && ++i < count; copies--) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** price = 5000 + 300 x − 200 y + 100 if c is b. */
  static List<RawRow> prices(int count) {
    var random = new RandomStream(18);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = random.nextGaussian();
      double y = 10 + 3 * random.nextGaussian();
      boolean b = random.nextInt(2) == 1;
      double price = 5_000 + 300 * x - 200 * y + (b ? 100 : 0);
      rows.add(priced(x, y, b ? "b" : "a", price));
    }
    return rows;
  }

  public static InMemoryTable table(Schema schema, List<RawRow> rows) {
    return new InMemoryTable(schema, rows, new JavaKernels(), 2);
  }

  public static NetworkSettings hidden(Integer... units) {
    return new NetworkSettings(
        List.of(units), Activation.TANH, Setting.auto(), Setting.of(0.0), Setting.auto());
  }
}
