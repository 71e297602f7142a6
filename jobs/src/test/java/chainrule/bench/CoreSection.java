package chainrule.bench;

import chainrule.math.OpenBlasKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Training on one thread without Spark, and its share of sgemm's speed: the time that the products
 * of a step take by themselves, by the time of the whole step. The products of a step are those of
 * the chain rule without the gradient by the inputs, which nobody needs.
 *
 * <p>sgemm is measured on blocks of 128 rows, as training calls it, and of the whole mini-batch, in
 * turn with training; the faster of the two is what training is compared with.
 */
final class CoreSection implements Section {
  private static final Map<Shape, Double> SHARES =
      Map.of(
          Shape.of(1024, 784, 1024, 1024, 10), 85.0,
          Shape.of(8192, 28, 300, 300, 2), 60.0);

  private static final int BLOCK_ROWS = 128;

  @Override
  public void run(Options options, Consumer<Result> report) {
    for (Shape shape :
        List.of(
            Shape.of(1024, 784, 1024, 1024, 10),
            Shape.of(8192, 28, 300, 300, 2),
            Shape.of(1024, 784, 256, 128, 10),
            Shape.of(1024, 28, 64, 32, 2))) {
      measure(options, shape, report);
    }
  }

  private static void measure(Options options, Shape shape, Consumer<Result> report) {
    int rows = Math.max(shape.batchSize(), options.quick() ? 4096 : 16_384);
    var table = Tables.inMemory(shape, rows, OpenBlasKernels.NAME);
    List<Products> products =
        List.of(new Products(shape, BLOCK_ROWS), new Products(shape, shape.batchSize()));
    List<Double> rates = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    try (var training = Training.open(table, shape)) {
      training.warmUp(options.seconds());
      products.forEach(one -> one.rowsPerSecond(options.seconds() / 4));
      for (int round = 0; round < options.rounds(); round++) {
        rates.add(training.rowsPerSecond(options.seconds()));
        double best = 0;
        for (Products one : products) {
          best = Math.max(best, one.rowsPerSecond(options.seconds() / 4));
        }
        shares.add(100 * rates.get(round) / best);
      }
    }
    report.accept(Result.of("core", shape + ", 1 thread", "rows/s", rates));
    Result share = Result.of("core", shape + ", of sgemm", "%", shares);
    report.accept(SHARES.containsKey(shape) ? share.toReach(Target.atLeast(bound(shape))) : share);
  }

  private static double bound(Shape shape) {
    return SHARES.get(shape);
  }
}
