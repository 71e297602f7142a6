package chainrule.bench;

import chainrule.math.OpenBlasKernels;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Spark MLlib's perceptron in a JVM of its own, two threads: L-BFGS, each iteration at least a pass
 * over all rows.
 */
public final class MllibPerceptron {
  /**
   * What a fit came to.
   *
   * @param iterations that it took, at most those asked for
   * @param accuracy on the test rows
   */
  record Outcome(double seconds, int iterations, double accuracy) {}

  private MllibPerceptron() {}

  /**
   * Fits one, after a short fit to warm up.
   *
   * @param train as Parquet, as {@link Tables} has it; test likewise
   * @param openBlas whether MLlib finds our OpenBLAS, or has what Spark brings: Java
   */
  static Outcome fit(
      Options options, String train, String test, Shape shape, int iterations, boolean openBlas)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(train, test, shape.layersText(), Integer.toString(iterations), options.scratch());
    List<String> java = new ArrayList<>(List.of("-XX:MaxRAMPercentage=25"));
    java.add("--add-modules=jdk.incubator.vector"); // as Spark's own scripts do
    if (!openBlas) {
      java.add("-Ddev.ludovic.netlib.blas.nativeLib=absent.so");
    }
    JsonNode found = Child.run(Child.java(java, MllibPerceptron.class, arguments)).get(0);
    return new Outcome(
        found.path("seconds").asDouble(),
        found.path("iterations").asInt(),
        found.path("accuracy").asDouble());
  }

  /**
   * Fits and prints the outcome as a line of JSON.
   *
   * @param args training rows, test rows, the layers, iterations, a folder for Spark
   */
  public static void main(String[] args) throws IOException {
    int[] layers = Arrays.stream(args[2].split(",", -1)).mapToInt(Integer::parseInt).toArray();
    int iterations = Integer.parseInt(args[3]);
    var options = new Options(false, false, "", "", "", args[4]);
    if (System.getProperty("dev.ludovic.netlib.blas.nativeLib") == null) {
      OpenBlasKernels.load(); // netlib, which MLlib calls too, then uses the same library
    }
    try (SparkSession session = Cluster.local(options, 2)) {
      Dataset<Row> rows =
          vectors(session.read().parquet(args[0]), layers[0]).repartition(2).cache();
      rows.count();
      var perceptron =
          new MultilayerPerceptronClassifier()
              .setLayers(layers)
              .setLabelCol(Tables.LABEL)
              .setTol(1e-12)
              .setSeed(1);
      perceptron.setMaxIter(1).fit(rows);
      long begin = System.nanoTime();
      MultilayerPerceptronClassificationModel model = perceptron.setMaxIter(iterations).fit(rows);
      double seconds = Training.secondsSince(begin);
      Dataset<Row> test = vectors(session.read().parquet(args[1]), layers[0]);
      System.out.printf(
          Locale.ROOT,
          "{\"seconds\": %.3f, \"iterations\": %d, \"accuracy\": %.4f}%n",
          seconds,
          model.summary().totalIterations(),
          model.evaluate(test).accuracy());
    }
  }

  /** Returns features and label as MLlib wants them. */
  static Dataset<Row> vectors(Dataset<Row> table, int inputs) {
    String[] columns = IntStream.range(0, inputs).mapToObj(i -> "x" + i).toArray(String[]::new);
    return new VectorAssembler()
        .setInputCols(columns)
        .setOutputCol("features")
        .transform(
            table.withColumn(
                Tables.LABEL,
                functions.regexp_replace(functions.col(Tables.LABEL), "class", "").cast("double")))
        .select("features", Tables.LABEL);
  }
}
