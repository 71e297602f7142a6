package chainrule.train.shard;

import chainrule.data.Block;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.MetricSums;
import chainrule.train.sums.Sums;
import java.io.Serializable;

/**
 * What the driver asks of every shard; the parameters to answer with are given beside it.
 *
 * @param <S> the sums that answer it
 */
public sealed interface Request<S extends Sums<S>> extends Serializable {
  /**
   * The gradient of a step's mini-batch.
   *
   * @param step which it is in the phase, from 0
   */
  record Gradient(long step) implements Request<GradientBuffer> {}

  /**
   * The metrics over all rows of a part.
   *
   * @param part the rows that are trained on, or those held out
   * @param ranked whether the rows' scores are kept, which the area under the curve needs
   */
  record Evaluation(Block.Part part, boolean ranked) implements Request<MetricSums> {}
}
