package chainrule.ml;

import chainrule.train.TrainedModel;
import java.util.Optional;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;

/** What the models of networks have in common: the network, its file and the summary of its fit. */
public interface ChainruleModel
    extends ChainruleParams,
        HasTrainingSummary<ChainruleTrainingSummary>,
        ModelFolder.Saved,
        MLWritable {
  /** Returns the network and its summary; only for the classes of this package. */
  FittedNetwork fitted();

  /** Returns the network with its encoder. */
  @Override
  default TrainedModel trained() {
    return fitted().network().get();
  }

  @Override
  default scala.Option<ChainruleTrainingSummary> trainingSummary() {
    return scala.Option.apply(fitted().summary().orElse(null));
  }

  @Override
  default void trainingSummary_$eq(scala.Option<ChainruleTrainingSummary> value) {
    fitted().replaceSummary(value.isDefined() ? Optional.of(value.get()) : Optional.empty());
  }

  /** Returns the summary of the fit; a model that was loaded has none, see {@link #hasSummary}. */
  @Override
  default ChainruleTrainingSummary summary() {
    return HasTrainingSummary.super.summary();
  }

  @Override
  default MLWriter write() {
    return new ModelFolder.Writer(this);
  }
}
