package chainrule.spark;

import chainrule.train.Exchange;
import chainrule.train.GradientBuffer;
import chainrule.train.GradientSource;
import chainrule.train.Objective;
import chainrule.train.Request;
import chainrule.train.Shard;
import chainrule.train.ShardWorker;
import chainrule.train.StepPlan;
import chainrule.train.Sums;
import java.io.Serializable;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code gang} engine where driver and tasks share one JVM: a Spark job of T long-lived tasks,
 * each with a range of shards, that go through all steps together. Questions and answers go through
 * shared memory.
 */
final class GangGradientSource implements GradientSource {
  private static final Logger LOG = LoggerFactory.getLogger(GangGradientSource.class);

  /** Where the tasks of this JVM find the exchange of their gang. */
  private static final Map<String, Exchange> EXCHANGES = new ConcurrentHashMap<>();

  /**
   * One gang at a time, in the order of asking: a scheduler that gives two of them some of the
   * slots each would let both wait for the rest for ever.
   */
  private static final Semaphore TURN = new Semaphore(1, true);

  private final ShardedRows rows;
  private final Exchange exchange;
  private final String id = UUID.randomUUID().toString();
  private final Future<Void> job;
  private final Thread watcher;

  /**
   * Starts the gang, once no other runs in this JVM, which has one Spark context.
   *
   * @param tasks how many; no more than can run at once
   */
  GangGradientSource(JavaSparkContext context, ShardedRows rows, String kernels, int tasks) {
    this.rows = rows;
    this.exchange = new Exchange(rows.plan().shards());
    awaitTurn();
    EXCHANGES.put(id, exchange);
    try {
      context.setJobDescription("Chainrule: training steps, " + tasks + " tasks at once");
      this.job =
          rows.shards(tasks)
              .foreachPartitionAsync(new Member(id, kernels, rows.objective(), rows.plan()));
      context.setJobDescription(null);
    } catch (RuntimeException | Error e) {
      EXCHANGES.remove(id);
      TURN.release();
      throw e;
    }
    this.watcher = new Thread(this::watch, "chainrule-gang-watcher");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static void awaitTurn() {
    if (TURN.tryAcquire()) {
      return;
    }
    LOG.info("Waiting for another training in this Spark application to end its steps");
    try {
      TURN.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot train: interrupted while another training runs", e);
    }
  }

  /** What a task of the gang does. */
  private record Member(String id, String kernels, Objective objective, StepPlan plan)
      implements VoidFunction<Iterator<Shard>>, Serializable {
    @Override
    public void call(Iterator<Shard> shards) {
      Exchange exchange = EXCHANGES.get(id);
      if (exchange == null) {
        return; // the gang ended before this task began
      }
      TaskContext context = TaskContext.get();
      try {
        ShardWorker worker = ShardedRows.worker(objective, plan, kernels, shards);
        exchange.work(worker, context::isInterrupted);
      } catch (RuntimeException | Error e) {
        exchange.fail(e);
        throw e;
      }
    }
  }

  /** Ends the exchange when the job ends, so that nobody waits for tasks that are gone. */
  private void watch() {
    try {
      job.get();
      exchange.close();
    } catch (ExecutionException e) {
      exchange.fail(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      LOG.debug("The watcher of gang {} was interrupted", id);
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public StepPlan plan() {
    return rows.plan();
  }

  @Override
  public long validationRows() {
    return rows.validationRows();
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
    EXCHANGES.remove(id);
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      TURN.release();
      rows.close();
    }
  }
}
