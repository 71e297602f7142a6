package chainrule.train.shard;

import chainrule.data.Placement;
import chainrule.math.Check;
import java.io.Serializable;

/**
 * Which rows each step uses, a function of the rows' number and the configuration alone. An epoch
 * has K = ⌈rows / batch size⌉ steps; in step k of an epoch a shard of n rows gives those at the
 * places ⌊(k·n + φ)/K⌋ to ⌊((k+1)·n + φ)/K⌋ of its order, so that every row is used exactly once.
 * The phase φ = ⌊shard·K/V⌋ keeps mini-batches of few rows a shard equally large: without it all
 * shards would give their odd row in the same step.
 *
 * @param rows training rows in all shards
 * @param batchSize rows of a mini-batch over all shards; the batches of an epoch are of equal size
 *     but for rounding, and none is larger than another by more than a row a shard
 * @param shards number of logical shards, a power of two
 * @param seed of the order of rows and of dropout
 */
public record StepPlan(long rows, int batchSize, int shards, long seed) implements Serializable {
  public StepPlan {
    Check.argument(rows > 0, "training rows", rows, "> 0");
    Check.argument(batchSize > 0, "batch size", batchSize, "> 0");
    Placement.checkShards(shards);
  }

  /** Returns K, the steps of an epoch. */
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

  /** Returns the place behind a shard's last row in a step. */
  int endPlace(long step, int shard, int shardRows) {
    return place(step % stepsPerEpoch() + 1, shard, shardRows);
  }

  private int place(long stepOfEpoch, int shard, int shardRows) {
    // Every factor is below 2^31 for any data that fits the shards, so the products are exact.
    long phase = shard * stepsPerEpoch() / shards;
    return (int) ((stepOfEpoch * shardRows + phase) / stepsPerEpoch());
  }

  /**
   * Returns the number of shards that suits a batch size: one for each 128 to 256 rows of a
   * mini-batch, at least 2.
   */
  public static int shardsFor(int batchSize) {
    return Math.min(4096, Math.max(2, Integer.highestOneBit(Math.max(1, batchSize / 128))));
  }
}
