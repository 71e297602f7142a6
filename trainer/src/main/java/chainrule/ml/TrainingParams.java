package chainrule.ml;

import chainrule.params.Hyperparameters;
import org.apache.spark.ml.param.Params;

/** The params of {@link ChainruleParams} for one object. For the classes of this package alone. */
public final class TrainingParams extends DescribedParams {
  private static final long serialVersionUID = 1;

  TrainingParams(Params owner) {
    super(owner, Hyperparameters.TRAINING);
  }
}
