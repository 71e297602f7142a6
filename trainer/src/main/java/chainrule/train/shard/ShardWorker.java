package chainrule.train.shard;

import chainrule.data.EpochOrder;
import chainrule.data.MiniBatch;
import chainrule.data.PackedRows;
import chainrule.math.Kernels;
import chainrule.math.Matrix;
import chainrule.math.Seeds;
import chainrule.nn.Backpropagation;
import chainrule.nn.Embedding;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.MetricSums;
import chainrule.train.sums.Objective;
import chainrule.train.sums.ShardTree;
import chainrule.train.sums.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Computes the sums of a group of neighbouring shards: the work of one task. The sums of a shard
 * come from one sequence of kernel calls, whose shapes depend on the shard's rows only, so they do
 * not depend on the other shards of the group.
 *
 * <p>Not for sharing: each thread has one.
 */
public final class ShardWorker {
  /**
   * Number of rows that go through the network at once: as many as a shard gives to a step by
   * default, so that each layer needs one product in each direction, and few enough that their
   * activations stay in the cache.
   */
  static final int MICRO_BATCH = 256;

  private static final long DROPOUT_SALT = 31;

  private final Objective objective;
  private final StepPlan plan;
  private final ShardTree tree;
  private final List<Shard> shards;
  private final EpochOrder[] orders;
  private final long[] orderEpochs;
  private final Backpropagation backpropagation;
  private final MiniBatch batch;
  private final float[] classWeights;
  private final int[] rows = new int[MICRO_BATCH];
  private final List<GradientBuffer> spareBuffers = new ArrayList<>();
  private long computeNanos;

  /**
   * @param shards neighbours, in ascending order
   */
  public ShardWorker(Objective objective, StepPlan plan, Kernels kernels, List<Shard> shards) {
    this.objective = objective;
    this.plan = plan;
    this.tree = new ShardTree(plan.shards());
    this.shards = List.copyOf(shards);
    this.orders = new EpochOrder[shards.size()];
    this.orderEpochs = new long[shards.size()];
    this.backpropagation =
        new Backpropagation(objective.network(), objective.loss(), kernels, MICRO_BATCH);
    this.classWeights = new float[objective.classWeights().size()];
    for (int i = 0; i < classWeights.length; i++) {
      classWeights[i] = objective.classWeights().get(i);
    }
    this.batch = new MiniBatch(MICRO_BATCH, objective.layout().inputs(), objective.label().count());
  }

  /**
   * Computes the sums of the largest nodes of the tree within this group, and passes each to {@code
   * result}.
   */
  public <S extends Sums<S>> void answer(
      Request<S> request, float[] parameters, BiConsumer<Integer, S> result) {
    if (shards.isEmpty()) {
      return;
    }
    int first = shards.get(0).index();
    tree.forEachNode(
        first,
        first + shards.size(),
        node -> {
          long start = System.nanoTime();
          S sums =
              tree.compute(
                  node, shard -> compute(request, parameters, shard - first), this::recycle);
          computeNanos += System.nanoTime() - start;
          result.accept(node, sums);
        });
  }

  /** Returns the time spent computing since the last call: for the history only. */
  public long takeComputeNanos() {
    long nanos = computeNanos;
    computeNanos = 0;
    return nanos;
  }

  /** Takes back a buffer that was merged into another, to reuse it. */
  public void recycle(Sums<?> sums) {
    if (sums instanceof GradientBuffer buffer && spareBuffers.size() <= shards.size()) {
      spareBuffers.add(buffer);
    }
  }

  @SuppressWarnings("unchecked") // each kind of request is answered by one kind of sums
  private <S extends Sums<S>> S compute(Request<S> request, float[] parameters, int index) {
    if (request instanceof Request.Gradient gradient) {
      return (S) gradient(gradient.step(), parameters, index);
    }
    return (S) metrics((Request.Evaluation) request, parameters, shards.get(index));
  }

  private GradientBuffer gradient(long step, float[] parameters, int index) {
    Optional<Embedding> embedding = objective.network().embedding();
    GradientBuffer buffer = emptyBuffer();
    PackedRows source = shards.get(index).training();
    int shard = shards.get(index).index();
    int begin = plan.firstPlace(step, shard, source.rows());
    int end = plan.endPlace(step, shard, source.rows());
    EpochOrder order = order(index, plan.epoch(step));
    long dropoutKey = Seeds.mix(Seeds.mix(plan.seed(), DROPOUT_SALT), step, shard);
    for (int from = begin; from < end; from += MICRO_BATCH) {
      int to = Math.min(end, from + MICRO_BATCH);
      order.copyRows(from, to, rows);
      batch.gather(source, rows, 0, to - from);
      if (classWeights.length > 0) {
        batch.weighClasses(classWeights);
      }
      embedding.ifPresent(tables -> tables.forEachRow(batch.inputs(), buffer::touch));
      double lossSum =
          backpropagation.addGradient(
              parameters, batch, dropoutKey, from - begin, buffer.gradientSum());
      buffer.add(lossSum, weightSum(), to - from);
    }
    return buffer;
  }

  private MetricSums metrics(Request.Evaluation request, float[] parameters, Shard shard) {
    PackedRows source = shard.rows(request.part());
    MetricSums sums = MetricSums.of(objective, request.ranked());
    for (int from = 0; from < source.rows(); from += MICRO_BATCH) {
      int to = Math.min(source.rows(), from + MICRO_BATCH);
      for (int i = from; i < to; i++) {
        rows[i - from] = i;
      }
      batch.gather(source, rows, 0, to - from);
      Matrix outputs = backpropagation.outputs(parameters, batch.inputs());
      sums.add(objective, outputs, batch.targets(), batch.weights());
    }
    return sums;
  }

  private double weightSum() {
    double sum = 0;
    for (int i = 0; i < batch.rows(); i++) {
      sum += batch.weights().get(i);
    }
    return sum;
  }

  private GradientBuffer emptyBuffer() {
    if (spareBuffers.isEmpty()) {
      return GradientBuffer.of(objective.network());
    }
    GradientBuffer buffer = spareBuffers.remove(spareBuffers.size() - 1);
    buffer.clear();
    return buffer;
  }

  private EpochOrder order(int index, long epoch) {
    if (orders[index] == null || orderEpochs[index] != epoch) {
      PackedRows source = shards.get(index).training();
      int shard = shards.get(index).index();
      orders[index] = new EpochOrder(plan.seed(), epoch, shard, source.rows(), source.blockRows());
      orderEpochs[index] = epoch;
    }
    return orders[index];
  }
}
