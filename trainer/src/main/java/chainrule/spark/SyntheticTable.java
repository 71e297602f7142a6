package chainrule.spark;

import chainrule.math.Check;
import chainrule.math.RandomStream;
import chainrule.math.Seeds;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A learnable table of any size: normal numbers x0, x1, …, categories c0, c1, …, and a label that a
 * random network of one hidden layer computes from them, with some noise. A row is a pure function
 * of the seed and its number, so the table does not depend on the tasks that write it. Immutable.
 *
 * @param rows number of rows
 * @param features numeric columns
 * @param categorical categorical columns, of ten values each
 * @param classes of the label: class0, class1, …; 0 for a number
 * @param missing fraction of the features' cells that are missing
 * @param seed of all its random numbers
 */
public record SyntheticTable(
    long rows, int features, int categorical, int classes, double missing, long seed)
    implements Serializable {
  private static final int HIDDEN_UNITS = 16;
  private static final int CATEGORIES = 10;
  private static final double NOISE = 0.3;
  private static final long TEACHER_SALT = 41;
  private static final long ROW_SALT = 42;

  public SyntheticTable {
    Check.argument(rows > 0, "generate.rows", rows, "> 0");
    Check.argument(features >= 0, "generate.features", features, ">= 0");
    Check.argument(categorical >= 0, "generate.categorical", categorical, ">= 0");
    Check.argument(
        features + categorical > 0, "generate.features", features, "> 0 if no categories");
    Check.argument(classes == 0 || classes >= 2, "generate.classes", classes, "0 or >= 2");
    Check.argument(missing >= 0 && missing < 1, "generate.missing", missing, ">= 0 and < 1");
  }

  /** Returns the columns' names and types. */
  public StructType schema() {
    StructType schema = new StructType();
    for (int i = 0; i < features; i++) {
      schema = schema.add("x" + i, DataTypes.DoubleType);
    }
    for (int i = 0; i < categorical; i++) {
      schema = schema.add("c" + i, DataTypes.StringType);
    }
    return schema.add("label", classes == 0 ? DataTypes.DoubleType : DataTypes.StringType);
  }

  /** Returns the table in this number of partitions. */
  public Dataset<Row> rows(SparkSession session, int partitions) {
    var teacher = new Teacher(this);
    return session
        .range(0, rows, 1, partitions)
        .map((MapFunction<Long, Row>) number -> row(number, teacher), Encoders.row(schema()));
  }

  private Row row(long number, Teacher teacher) {
    var random = new RandomStream(Seeds.mix(seed, ROW_SALT, number));
    double[] x = new double[features];
    int[] c = new int[categorical];
    for (int i = 0; i < features; i++) {
      x[i] = random.nextGaussian();
    }
    for (int i = 0; i < categorical; i++) {
      c[i] = random.nextInt(CATEGORIES);
    }
    double[] scores = teacher.scores(x, c);
    List<Object> values = new ArrayList<>();
    for (double value : x) {
      values.add(random.nextDouble() < missing ? null : (Object) value);
    }
    for (int value : c) {
      values.add(random.nextDouble() < missing ? null : "v" + value);
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] += NOISE * random.nextGaussian();
    }
    values.add(classes == 0 ? (Object) scores[0] : "class" + greatest(scores));
    return RowFactory.create(values.toArray());
  }

  private static int greatest(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** The random network that gives the labels. */
  private static final class Teacher implements Serializable {
    private static final long serialVersionUID = 1;

    private final double[][] numberWeights;
    private final double[][] categoryWeights;
    private final double[][] outputWeights;

    Teacher(SyntheticTable table) {
      var random = new RandomStream(Seeds.mix(table.seed, TEACHER_SALT));
      double scale = 1 / StrictMath.sqrt(table.features + table.categorical);
      numberWeights = normal(HIDDEN_UNITS, table.features, 2 * scale, random);
      categoryWeights = normal(HIDDEN_UNITS, table.categorical * CATEGORIES, 2 * scale, random);
      outputWeights = normal(Math.max(1, table.classes), HIDDEN_UNITS, 1, random);
    }

    private static double[][] normal(int rows, int columns, double scale, RandomStream random) {
      double[][] values = new double[rows][columns];
      for (double[] row : values) {
        for (int i = 0; i < columns; i++) {
          row[i] = scale * random.nextGaussian();
        }
      }
      return values;
    }

    double[] scores(double[] x, int[] c) {
      double[] hidden = new double[HIDDEN_UNITS];
      for (int h = 0; h < HIDDEN_UNITS; h++) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
          sum += numberWeights[h][i] * x[i];
        }
        for (int i = 0; i < c.length; i++) {
          sum += categoryWeights[h][i * CATEGORIES + c[i]];
        }
        hidden[h] = StrictMath.tanh(sum);
      }
      double[] scores = new double[outputWeights.length];
      for (int s = 0; s < scores.length; s++) {
        for (int h = 0; h < HIDDEN_UNITS; h++) {
          scores[s] += outputWeights[s][h] * hidden[h];
        }
      }
      return scores;
    }
  }
}
