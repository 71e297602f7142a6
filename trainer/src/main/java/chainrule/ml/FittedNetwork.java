package chainrule.ml;

import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import java.io.Serializable;
import java.util.Optional;

/**
 * A model's network, and the summary of its fit. For the classes of this package alone. Threads may
 * share it for prediction.
 */
public final class FittedNetwork implements Serializable {
  private static final long serialVersionUID = 1;

  private final SerializableModel network;

  /** Null if the fit is unknown: in a model that was loaded, and on executors. */
  private transient ChainruleTrainingSummary summary;

  private FittedNetwork(SerializableModel network, ChainruleTrainingSummary summary) {
    this.network = network;
    this.summary = summary;
  }

  /** A network without a summary. */
  static FittedNetwork of(TrainedModel model) {
    return new FittedNetwork(new SerializableModel(model), null);
  }

  /** The network and the summary of a training. */
  static FittedNetwork of(Trainer.Outcome outcome) {
    return new FittedNetwork(
        new SerializableModel(outcome.model()), new ChainruleTrainingSummary(outcome.report()));
  }

  /** Returns a copy, whose summary may be replaced; it shares the network. */
  FittedNetwork copy() {
    return new FittedNetwork(network, summary);
  }

  SerializableModel network() {
    return network;
  }

  Optional<ChainruleTrainingSummary> summary() {
    return Optional.ofNullable(summary);
  }

  void replaceSummary(Optional<ChainruleTrainingSummary> value) {
    summary = value.orElse(null);
  }
}
