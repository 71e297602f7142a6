package chainrule.train.shard;

import chainrule.data.Placement;
import chainrule.math.Check;
import java.io.Serializable;

/**
 * The rows that each step uses, a function of the number of rows and the configuration only. An
 * epoch has K = ⌈rows / batch size⌉ steps. In step k of an epoch, a shard of n rows gives those at
 * the places ⌊(k·n + φ)/K⌋ (inclusive) to ⌊((k+1)·n + φ)/K⌋ (exclusive) of its order, so that every
 * row is used exactly once. The phase φ = ⌊shard·K/V⌋ keeps mini-batches equally large if each
 * shard gives few rows: without it, all shards would give their odd row in the same step.
 *
 * @param rows number of training rows in all shards
 * @param batchSize rows of a mini-batch over all shards; two batches of an epoch differ by at most
 *     a row for each shard
 * @param shards number of logical shards, a power of two
 * @param seed of the order of rows and of dropout
 */
public record StepPlan(long rows, int batchSize, int shards, long seed) implements Serializable {
  public StepPlan {
    Check.argument(rows > 0, "training rows", rows, "> 0");
    Check.argument(batchSize > 0, "batch size", batchSize, "> 0");
    Placement.checkShards(shards);
  }

  /** Returns K, the number of steps of an epoch. */
  public long stepsPerEpoch() {
    return (rows + batchSize - 1) / batchSize;
  }

  /** Returns the epoch, from 0, that a step, from 0, belongs to. */
  long epoch(long step) {
    return step / stepsPerEpoch();
  }

  /** Returns the place of a shard's first row in a step. */
  int firstPlace(long step, int shard, int shardRows) {
    return place(step % stepsPerEpoch(), shard, shardRows);
  }

  /** Returns the place after a shard's last row in a step. */
  int endPlace(long step, int shard, int shardRows) {
    return place(step % stepsPerEpoch() + 1, shard, shardRows);
  }

  private int place(long stepOfEpoch, int shard, int shardRows) {
    // For any data that fits the shards every factor is below 2^31, so the products are exact.
    long phase = shard * stepsPerEpoch() / shards;
    return (int) ((stepOfEpoch * shardRows + phase) / stepsPerEpoch());
  }

  /**
   * Returns the default number of shards for a batch size: one for every 128 to 256 rows of a
   * mini-batch, from 2 to 4096.
   */
  public static int shardsFor(int batchSize) {
    return Math.min(4096, Math.max(2, Integer.highestOneBit(Math.max(1, batchSize / 128))));
  }
}
