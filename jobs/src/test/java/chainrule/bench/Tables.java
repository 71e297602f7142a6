package chainrule.bench;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.KernelChoice;
import chainrule.math.RandomStream;
import chainrule.spark.EngineKind;
import chainrule.spark.ShardedTable;
import chainrule.spark.SyntheticTable;
import chainrule.spark.read.ColumnChoice;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.spark.read.TableSource;
import chainrule.train.shard.InMemoryTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Tables to train on: columns x0, x1, … and a label class0, class1, …. */
final class Tables {
  static final String LABEL = "label";

  private Tables() {}

  /**
   * Returns rows of normal numbers; the class of a row is the place of its greatest first number.
   */
  static InMemoryTable inMemory(Shape shape, int rows, String kernels) {
    var random = new RandomStream(1);
    List<RawRow> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double[] numbers = new double[shape.inputs()];
      int best = 0;
      for (int j = 0; j < numbers.length; j++) {
        numbers[j] = random.nextGaussian();
        best = j < shape.classes() && numbers[j] > numbers[best] ? j : best;
      }
      all.add(RawRow.withTextLabel(numbers, new String[0], "class" + best, 1));
    }
    List<Column> columns = new ArrayList<>();
    for (int j = 0; j < shape.inputs(); j++) {
      columns.add(Column.numeric("x" + j));
    }
    var schema = new Schema(columns, Column.categorical(LABEL), "");
    return new InMemoryTable(schema, all, KernelChoice.named(kernels), 1);
  }

  /** Writes a synthetic table that suits a network, as Parquet, unless it is there already. */
  static String parquet(SparkSession session, Options options, Shape shape, long rows) {
    String path = options.scratch() + String.format("/%s-%d", shape.layersText(), rows);
    if (!Files.exists(Path.of(path))) {
      var table = new SyntheticTable(rows, shape.inputs(), 0, shape.classes(), 0, 1);
      table
          .rows(session, (int) Math.max(2, rows / 25_000))
          .map((MapFunction<Row, Row>) Tables::rounded, Encoders.row(table.schema()))
          .write()
          .parquet(path);
    }
    return path;
  }

  /** Files of numbers with two decimals are of a usual size. */
  private static Row rounded(Row row) {
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i) instanceof Double number ? Math.rint(number * 50) / 50 : row.get(i);
    }
    return RowFactory.create(values);
  }

  /** Writes a table again as CSV, unless it is there already. */
  static String csv(SparkSession session, String parquet) {
    String path = parquet + "-csv";
    if (!Files.exists(Path.of(path))) {
      Dataset<Row> rows = session.read().parquet(parquet);
      rows.write().option("header", true).csv(path);
    }
    return path;
  }

  /** Opens a table of files as the jobs do, for up to so many shards. */
  static ShardedTable open(SparkSession session, String path, EngineKind engine, int shards) {
    String format = path.endsWith("-csv") ? "csv" : "parquet";
    var source = new TableSource(List.of(path), format, TableSource.Csv.defaults());
    var reader = new TableReader(session, "data.train", source);
    return ShardedTable.of(
        session,
        reader,
        reader.schema(ColumnChoice.of(LABEL)),
        RowPolicy.defaults(),
        shards,
        engine,
        KernelChoice.AUTO);
  }
}
