package chainrule.train.shard;

import chainrule.math.Check;
import chainrule.math.Kernels;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Objective;
import chainrule.train.sums.Sums;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes the sums of shards in this JVM, on worker threads. The number of threads does not change
 * a bit.
 */
public final class LocalGradientSource implements GradientSource {
  private final StepPlan plan;
  private final long validationRows;
  private final Exchange exchange;
  private final List<Thread> threads = new ArrayList<>();

  /**
   * @param shards all of them, in order
   * @param threadCount number of worker threads; each has a range of shards
   */
  public LocalGradientSource(
      Objective objective, StepPlan plan, Kernels kernels, List<Shard> shards, int threadCount) {
    Check.argument(shards.size() == plan.shards(), "shards", shards.size(), "" + plan.shards());
    Check.argument(threadCount > 0, "threads", threadCount, "> 0");
    this.plan = plan;
    this.exchange = new Exchange(plan.shards());
    this.validationRows = shards.stream().mapToLong(shard -> shard.validation().rows()).sum();
    int groups = Math.min(threadCount, plan.shards());
    for (int i = 0; i < groups; i++) {
      int from = (int) ((long) i * plan.shards() / groups);
      int to = (int) ((i + 1L) * plan.shards() / groups);
      var worker = new ShardWorker(objective, plan, kernels, shards.subList(from, to));
      var thread = new Thread(() -> exchange.work(worker, () -> false), "chainrule-worker-" + i);
      thread.setDaemon(true);
      thread.setUncaughtExceptionHandler((where, e) -> exchange.fail(e));
      thread.start();
      threads.add(thread);
    }
  }

  @Override
  public StepPlan plan() {
    return plan;
  }

  @Override
  public long validationRows() {
    return validationRows;
  }

  @Override
  public <S extends Sums<S>> S ask(Request<S> request, float[] parameters) {
    return exchange.ask(request, parameters);
  }

  @Override
  public void recycle(GradientBuffer buffer) {
    exchange.recycle(buffer);
  }

  @Override
  public double takeComputeSeconds() {
    return exchange.takeComputeSeconds();
  }

  @Override
  public void close() {
    exchange.close();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
