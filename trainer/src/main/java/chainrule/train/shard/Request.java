package chainrule.train.shard;

import chainrule.data.Block;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.MetricSums;
import chainrule.train.sums.Sums;
import java.io.Serializable;

/**
 * A request of the driver to every shard, sent together with the parameters.
 *
 * @param <S> the sums that answer it
 */
public sealed interface Request<S extends Sums<S>> extends Serializable {
  /**
   * The gradient of a step's mini-batch.
   *
   * @param step of the phase, from 0
   */
  record Gradient(long step) implements Request<GradientBuffer> {}

  /**
   * The metrics over all rows of a part.
   *
   * @param part training or validation rows
   * @param ranked whether to keep the rows' scores, which the area under the curve needs
   */
  record Evaluation(Block.Part part, boolean ranked) implements Request<MetricSums> {}
}
