package chainrule.train.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Block;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.MiniBatch;
import chainrule.data.PackedRows;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.math.JavaKernels;
import chainrule.nn.Activation;
import chainrule.nn.Backpropagation;
import chainrule.nn.BinaryCrossEntropy;
import chainrule.nn.Initializer;
import chainrule.nn.Network;
import chainrule.train.Examples;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Metrics;
import chainrule.train.sums.Objective;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link LocalGradientSource}, {@link ShardWorker} and {@link InMemoryTable} together. */
class LocalGradientSourceTest {
  private static final JavaKernels KERNELS = new JavaKernels();
  private static final List<RawRow> ROWS = Examples.xor(301);
  private static final Encoder ENCODER = encoder();
  private static final Placement PLACEMENT = Placement.withoutValidation(1);

  private static Encoder encoder() {
    InMemoryTable table = Examples.table(Examples.CLASSES, ROWS);
    var label = LabelEncoding.Classes.of(List.of("different", "same"), false);
    return Encoder.fit(table.statistics(Placement.withoutValidation(1), 1), label, true, 0, 512);
  }

  private static Objective objective(double dropout) {
    var network =
        Network.perceptron(
            ENCODER.layout().inputs(),
            List.of(5, 4),
            Activation.SILU,
            dropout,
            1,
            Activation.IDENTITY);
    return new Objective(network, new BinaryCrossEntropy(0.1), ENCODER.layout(), ENCODER.label());
  }

  private static float[] parameters(Objective objective) {
    return objective.network().initialParameters(Initializer.HE, 5);
  }

  private static InMemoryTable table(List<RawRow> rows, int threads) {
    return new InMemoryTable(Examples.CLASSES, rows, KERNELS, threads);
  }

  private static GradientBuffer gradient(
      InMemoryTable table, Objective objective, StepPlan plan, long step) {
    try (GradientSource source = table.open(objective, ENCODER, plan, PLACEMENT)) {
      source.ask(new Request.Gradient(step + 1), parameters(objective));
      return source.ask(new Request.Gradient(step), parameters(objective));
    }
  }

  private static List<RawRow> shuffled(int seed) {
    List<RawRow> rows = new ArrayList<>(ROWS);
    Collections.shuffle(rows, new Random(seed));
    return rows;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8, 99})
  void givesTheSameBitsForAnyNumberOfThreadsAndOrderOfRows(int threads) {
    Objective objective = objective(0.3);
    var plan = new StepPlan(301, 100, 8, 1);
    GradientBuffer expected = gradient(table(ROWS, 1), objective, plan, 4);
    GradientBuffer sums = gradient(table(shuffled(threads), threads), objective, plan, 4);
    assertThat(sums.gradientSum()).isEqualTo(expected.gradientSum());
    assertThat(sums.lossSum()).isEqualTo(expected.lossSum());
    assertThat(sums.weightSum()).isEqualTo(expected.weightSum());
    assertThat(sums.rows()).isEqualTo(expected.rows());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 32, 512})
  void givesTheWholeBatchsGradientForAnyNumberOfShards(int shards) {
    Objective objective = objective(0);
    GradientBuffer sums = gradient(table(ROWS, 3), objective, new StepPlan(301, 301, shards, 1), 0);
    Block.Builder block = Block.builder(Block.Part.TRAINING, 512, ENCODER.layout().cells(), 1);
    ROWS.forEach(row -> block.add(ENCODER, row));
    var packed = new PackedRows(ENCODER.layout(), 512, List.of(block.build()));
    var batch = new MiniBatch(301, ENCODER.layout().inputs(), 1);
    batch.gather(packed, IntStream.range(0, 301).toArray(), 0, 301);
    float[] whole = new float[objective.network().parameterCount()];
    double lossSum =
        new Backpropagation(objective.network(), objective.loss(), KERNELS, 301)
            .addGradient(parameters(objective), batch, 0, 0, whole);
    assertThat(sums.rows()).isEqualTo(301);
    assertThat(sums.weightSum())
        .isCloseTo(ROWS.stream().mapToDouble(RawRow::weight).sum(), within(1e-9));
    assertThat(sums.lossSum()).isCloseTo(lossSum, within(1e-10 * lossSum));
    for (int i = 0; i < whole.length; i++) {
      // 301 float additions in another order, of terms up to about 1.
      assertThat(sums.gradientSum()[i]).isCloseTo(whole[i], within(1e-4f));
    }
  }

  @Test
  void usesEachRowOnceAnEpoch() {
    Objective objective = objective(0);
    var plan = new StepPlan(301, 7, 16, 1);
    try (GradientSource source = table(ROWS, 2).open(objective, ENCODER, plan, PLACEMENT)) {
      assertThat(source.plan()).isEqualTo(plan);
      for (int epoch = 0; epoch < 3; epoch++) {
        long rows = 0;
        double weight = 0;
        for (int step = 0; step < plan.stepsPerEpoch(); step++) {
          long at = epoch * plan.stepsPerEpoch() + step;
          GradientBuffer sums = source.ask(new Request.Gradient(at), parameters(objective));
          rows += sums.rows();
          weight += sums.weightSum();
          source.recycle(sums);
        }
        assertThat(rows).isEqualTo(301);
        assertThat(weight).isCloseTo(ROWS.stream().mapToDouble(RawRow::weight).sum(), within(1e-9));
      }
      assertThat(source.takeComputeSeconds()).isPositive();
      assertThat(source.takeComputeSeconds()).isZero();
    }
  }

  @Test
  void drawsOtherRowsAndMasksForAnotherEpochStepAndSeed() {
    Objective objective = objective(0.3);
    InMemoryTable table = table(ROWS, 1);
    List<float[]> gradients = new ArrayList<>();
    for (StepPlan plan : List.of(new StepPlan(301, 100, 8, 1), new StepPlan(301, 100, 8, 2))) {
      for (long step : new long[] {0, 1, plan.stepsPerEpoch()}) {
        gradients.add(gradient(table, objective, plan, step).gradientSum());
      }
    }
    assertThat(gradients.stream().map(gradient -> gradient[0])).doesNotHaveDuplicates();
  }

  @Test
  void evaluatesPartsByTheSameBitsForAnyNumberOfThreads() {
    Objective objective = objective(0.3);
    var placement = table(ROWS, 1).summary(1).placement(1, 0.2);
    var plan = new StepPlan(241, 100, 8, 1);
    List<Metrics> metrics = new ArrayList<>();
    for (int threads : new int[] {1, 3, 8}) {
      InMemoryTable table = table(shuffled(threads), threads);
      try (GradientSource source = table.open(objective, ENCODER, plan, placement)) {
        assertThat(source.validationRows()).isEqualTo(60);
        for (Block.Part part : Block.Part.values()) {
          var request = new Request.Evaluation(part, true);
          metrics.add(source.ask(request, parameters(objective)).metrics(objective.label()));
        }
      }
    }
    assertThat(metrics.get(0).rows()).isEqualTo(241);
    assertThat(metrics.get(1).rows()).isEqualTo(60);
    assertThat(metrics.subList(2, 4)).isEqualTo(metrics.subList(0, 2));
    assertThat(metrics.subList(4, 6)).isEqualTo(metrics.subList(0, 2));
  }

  @Test
  void holdsOutAllRowsOfATableOfItsOwn() {
    Objective objective = objective(0);
    InMemoryTable table = table(ROWS, 2).withHeldOut(table(ROWS.subList(0, 50), 1));
    var plan = new StepPlan(301, 100, 8, 1);
    assertThat(table.validationTable()).isPresent();
    assertThat(table.schema()).isEqualTo(Examples.CLASSES);
    try (GradientSource source = table.open(objective, ENCODER, plan, PLACEMENT)) {
      assertThat(source.validationRows()).isEqualTo(50);
    }
  }

  @Test
  void packsALargeShardInSeveralBlocks() {
    Objective objective = objective(0);
    List<RawRow> rows = Examples.xor(5_000);
    GradientBuffer sums = gradient(table(rows, 1), objective, new StepPlan(5_000, 5_000, 1, 1), 0);
    assertThat(sums.rows()).isEqualTo(5_000);
    assertThat(sums.weightSum())
        .isCloseTo(rows.stream().mapToDouble(RawRow::weight).sum(), within(1e-7));
  }

  @Test
  void tellsTheDriverWhyAWorkerFailed() {
    Objective objective = objective(0);
    var plan = new StepPlan(301, 100, 8, 1);
    List<RawRow> rows =
        Stream.concat(ROWS.stream(), Stream.of(Examples.labelled(1, 1, "c", "unheard-of")))
            .toList();
    try (GradientSource source = table(rows, 3).open(objective, ENCODER, plan, PLACEMENT)) {
      var request = new Request.Evaluation(Block.Part.TRAINING, false);
      assertThatExceptionOfType(WorkerFailedException.class)
          .isThrownBy(() -> source.ask(request, parameters(objective)))
          .withMessage(
              "Cannot compute: a worker failed: Invalid class index: -1.0 (must be a whole number"
                  + " from 0 to 1)")
          .withCauseInstanceOf(IllegalArgumentException.class);
      // It stays failed.
      assertThatExceptionOfType(WorkerFailedException.class)
          .isThrownBy(() -> source.ask(request, parameters(objective)));
    }
  }

  @Test
  void answersNothingOnceItIsClosed() {
    Objective objective = objective(0);
    GradientSource source =
        table(ROWS, 2).open(objective, ENCODER, new StepPlan(301, 100, 8, 1), PLACEMENT);
    source.close();
    source.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> source.ask(new Request.Gradient(0), parameters(objective)))
        .withMessage("Cannot ask: the exchange is closed");
  }

  @Test
  void endsItsThreadsWhenClosedAndKeepsTheInterruptOfWhoCloses() {
    Objective objective = objective(0);
    GradientSource source =
        table(ROWS, 2).open(objective, ENCODER, new StepPlan(301, 100, 8, 1), PLACEMENT);
    Thread.currentThread().interrupt();
    source.close();
    assertThat(Thread.interrupted()).isTrue();
    source.close();
  }

  @Test
  void refusesShardsOtherThanThePlans() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new LocalGradientSource(
                    objective(0), new StepPlan(1, 1, 2, 1), KERNELS, List.of(), 1))
        .withMessage("Invalid shards: 0 (must be 2)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                table(ROWS, 0).open(objective(0), ENCODER, new StepPlan(301, 100, 8, 1), PLACEMENT))
        .withMessage("Invalid threads: 0 (must be > 0)");
  }
}
