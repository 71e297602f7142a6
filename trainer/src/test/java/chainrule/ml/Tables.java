package chainrule.ml;

import chainrule.data.RawRow;
import chainrule.math.RandomStream;
import chainrule.spark.Sparks;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Tables of vectors, as Spark ML has them. */
final class Tables {
  private static final StructType SCHEMA =
      new StructType()
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType)
          .add("weight", DataTypes.DoubleType)
          .add("held", DataTypes.BooleanType);

  private Tables() {}

  /**
   * A row.
   *
   * @param features NaN where missing
   */
  record Example(Vector features, double label, double weight) {
    RawRow raw() {
      return RawRow.withNumericLabel(features.toArray(), new String[0], label, weight);
    }
  }

  /** Returns rows of three classes in three dimensions; some numbers are missing. */
  static List<Example> classes(int count) {
    var random = new RandomStream(5);
    List<Example> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = random.nextInt(3);
      double missing = random.nextInt(10) == 0 ? Double.NaN : 1;
      rows.add(
          new Example(
              Vectors.dense(
                  label + 0.4 * random.nextGaussian(),
                  missing * (label == 1 ? 100 : -100) + 50 * random.nextGaussian(),
                  random.nextInt(4) == 0 ? 1 : 0),
              label,
              1 + random.nextInt(2)));
    }
    return rows;
  }

  /** Returns rows whose label is 1000 + 50·(x0² + x1). */
  static List<Example> numbers(int count) {
    var random = new RandomStream(6);
    List<Example> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x0 = random.nextGaussian();
      double x1 = random.nextGaussian();
      rows.add(new Example(Vectors.dense(x0, x1), 1000 + 50 * (x0 * x0 + x1), 1));
    }
    return rows;
  }

  /** Returns a table, every third row sparse, every fifth marked as held out. */
  static Dataset<Row> of(List<Example> examples) {
    return of(Sparks.local2(), examples);
  }

  /** Returns the same table in another session. */
  static Dataset<Row> of(SparkSession session, List<Example> examples) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      Example example = examples.get(i);
      Vector dense = example.features();
      rows.add(
          RowFactory.create(
              i % 3 == 0 ? dense.toSparse() : dense,
              example.label(),
              example.weight(),
              i % 5 == 0));
    }
    return session.createDataFrame(rows, SCHEMA);
  }
}
