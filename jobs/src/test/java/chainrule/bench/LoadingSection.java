package chainrule.bench;

import chainrule.spark.EngineKind;
import chainrule.train.shard.StepPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * From files to rows that can be trained on, two threads: read, checked, shuffled, encoded, packed.
 * Beside it what precedes a fit with MLlib: read (types of CSV inferred), assembled, cached.
 */
final class LoadingSection implements Section {
  private static final Shape IMAGES = Shape.of(1024, 784, 256, 128, 10);
  private static final Shape NARROW = Shape.of(1024, 28, 64, 32, 2);

  @Override
  public void run(Options options, Consumer<Result> report) throws IOException {
    try (SparkSession session = Cluster.local(options, 2)) {
      for (Shape shape : List.of(IMAGES, NARROW)) {
        long rows = (options.quick() ? 6000 : 60_000) * (shape.equals(NARROW) ? 8L : 1);
        String parquet = Tables.parquet(session, options, shape, rows);
        String csv = Tables.csv(session, parquet);
        Result result = measure(options, session, csv, shape, rows);
        report.accept(shape.equals(IMAGES) ? result.toReach(Target.ratioAtLeast(2)) : result);
        report.accept(measure(options, session, parquet, shape, rows));
      }
    }
  }

  private static Result measure(
      Options options, SparkSession session, String path, Shape shape, long rows) {
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int round = options.quick() ? 0 : -1; round < Math.min(3, options.rounds()); round++) {
      double our = rows / ourSeconds(session, path, shape);
      double their = options.peers() ? rows / mllibSeconds(session, path, shape) : 0;
      if (round >= 0) { // the one before warms up
        ours.add(our);
        theirs.add(their);
      }
    }
    String format = path.endsWith("-csv") ? "CSV" : "Parquet";
    String label = String.format("%s, %,d × %d", format, rows, shape.inputs());
    Result result = Result.of("loading", label, "rows/s", ours);
    return options.peers() ? result.beside("MLlib", theirs, Summary.ratios(ours, theirs)) : result;
  }

  private static double ourSeconds(SparkSession session, String path, Shape shape) {
    long begin = System.nanoTime();
    int shards = StepPlan.shardsFor(shape.batchSize());
    try (Training training =
        Training.open(Tables.open(session, path, EngineKind.GANG, shards), shape)) {
      double seconds = Training.secondsSince(begin);
      training.warmUp(0); // an epoch, which needs all that was loaded
      return seconds;
    }
  }

  private static double mllibSeconds(SparkSession session, String path, Shape shape) {
    long begin = System.nanoTime();
    Dataset<Row> table =
        path.endsWith("-csv")
            ? session.read().option("header", true).option("inferSchema", true).csv(path)
            : session.read().parquet(path);
    Dataset<Row> rows = MllibPerceptron.vectors(table, shape.inputs()).cache();
    rows.count();
    double seconds = Training.secondsSince(begin);
    rows.unpersist(true);
    return seconds;
  }
}
