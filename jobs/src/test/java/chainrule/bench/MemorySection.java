package chainrule.bench;

import chainrule.spark.EngineKind;
import chainrule.train.shard.StepPlan;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/** Packed rows of three times the heap beside the same rows in a heap that holds them. */
final class MemorySection implements Section {
  private static final Shape SHAPE = Shape.of(1024, 784, 256, 128, 10);

  /** Spark takes no less than 450 MiB. */
  private static final int HEAP_MEBIBYTES = 512;

  @Override
  public void run(Options options, Consumer<Result> report)
      throws IOException, InterruptedException {
    long whole = 3L * HEAP_MEBIBYTES * 1024 * 1024 / (4L * SHAPE.inputs());
    long rows = options.quick() ? whole / 32 : whole;
    String path;
    try (SparkSession session = Cluster.local(options, 2)) {
      path = Tables.parquet(session, options, SHAPE, rows);
    }
    List<Double> small = new ArrayList<>();
    List<Double> large = new ArrayList<>();
    List<Double> slowdown = new ArrayList<>();
    for (int round = 0; round < Math.min(3, options.rounds()); round++) {
      small.add(rowsPerSecond(options, path, HEAP_MEBIBYTES));
      large.add(rowsPerSecond(options, path, 8 * HEAP_MEBIBYTES));
      slowdown.add(large.get(round) / small.get(round));
    }
    double heaps = 4.0 * SHAPE.inputs() * rows / (1024 * 1024) / HEAP_MEBIBYTES;
    String label = String.format(Locale.ROOT, "%s, %.1f × the heap", SHAPE, heaps);
    report.accept(
        Result.of("memory", label, "rows/s", small)
            .toReach(Target.ratioAtMost(2))
            .beside("in memory", large, slowdown));
  }

  private static double rowsPerSecond(Options options, String path, int mebibytes)
      throws IOException, InterruptedException {
    List<String> arguments = List.of(new ObjectMapper().writeValueAsString(options), path);
    List<String> command =
        Child.java(List.of("-Xmx" + mebibytes + "m"), TrainingInAHeap.class, arguments);
    return Child.run(command).get(0).path("rowsPerSecond").asDouble();
  }

  /** A training in a JVM of its own, which prints rows a second as a line of JSON. */
  static final class TrainingInAHeap {
    private TrainingInAHeap() {}

    /**
     * Trains.
     *
     * @param args options, a table
     */
    public static void main(String[] args) throws IOException {
      Options options = new ObjectMapper().readValue(args[0], Options.class);
      int shards = StepPlan.shardsFor(SHAPE.batchSize());
      try (SparkSession session = Cluster.local(options, 2);
          Training training =
              Training.open(Tables.open(session, args[1], EngineKind.GANG, shards), SHAPE)) {
        training.warmUp(options.seconds());
        double rate = training.rowsPerSecond(3 * options.seconds());
        System.out.printf(Locale.ROOT, "{\"rowsPerSecond\": %.1f}%n", rate);
      }
    }
  }
}
