package chainrule.bench;

import chainrule.ml.ChainruleClassificationModel;
import chainrule.ml.ChainruleClassifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** {@code transform} of cached vectors, and {@code predict} of one. */
final class ScoringSection implements Section {
  @Override
  public void run(Options options, Consumer<Result> report) throws IOException {
    try (SparkSession session = Cluster.local(options, 2)) {
      for (Shape shape :
          List.of(Shape.of(1024, 784, 256, 128, 10), Shape.of(1024, 28, 64, 32, 2))) {
        measure(options, session, shape, report);
      }
    }
  }

  private static void measure(
      Options options, SparkSession session, Shape shape, Consumer<Result> report) {
    long rows = options.quick() ? 8192 : 65_536;
    String path = Tables.parquet(session, options, shape, rows);
    Dataset<Row> vectors =
        MllibPerceptron.vectors(session.read().parquet(path), shape.inputs()).cache();
    vectors.count();
    int[] layers = shape.layers().stream().mapToInt(Integer::intValue).toArray();
    ChainruleClassificationModel own =
        new ChainruleClassifier()
            .setHiddenLayers(java.util.Arrays.copyOfRange(layers, 1, layers.length - 1))
            .setEnsembleSize(1)
            .setNumberEncoding("plain")
            .setActivation("sigmoid")
            .setMaxIter(1)
            .setRefit(false)
            .fit(vectors);
    Transformer peer =
        new MultilayerPerceptronClassifier().setLayers(layers).setMaxIter(1).fit(vectors);
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int round = -1; round < options.rounds(); round++) { // the first warms up
      double ownRate = rows / seconds(own, vectors);
      double peerRate = options.peers() ? rows / seconds(peer, vectors) : 0;
      if (round >= 0) {
        ours.add(ownRate);
        theirs.add(peerRate);
      }
    }
    Result result =
        Result.of("scoring", shape.layersText(), "rows/s", ours).toReach(Target.ratioAtLeast(5));
    report.accept(
        options.peers() ? result.beside("MLlib", theirs, Summary.ratios(ours, theirs)) : result);
    Vector one = vectors.first().getAs("features");
    List<Double> micros = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      long begin = System.nanoTime();
      own.predict(one);
      if (i >= 10_000) {
        micros.add(1e6 * Training.secondsSince(begin));
      }
    }
    report.accept(Result.of("scoring", shape.layersText() + ", one vector", "µs", micros));
    vectors.unpersist(true);
  }

  private static double seconds(Transformer model, Dataset<Row> vectors) {
    long begin = System.nanoTime();
    model
        .transform(vectors)
        .select("probability", "prediction")
        .write()
        .format("noop")
        .mode("overwrite")
        .save();
    return Training.secondsSince(begin);
  }
}
