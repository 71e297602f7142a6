package chainrule.train;

import chainrule.data.Encoder;
import chainrule.data.TableStatistics;
import chainrule.nn.Activation;
import chainrule.nn.Embedding;
import chainrule.nn.HiddenLayers;
import chainrule.nn.Network;
import chainrule.train.settings.NetworkSettings;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes networks from settings. */
public final class Networks {
  private static final Logger LOG = LoggerFactory.getLogger(Networks.class);

  private Networks() {}

  /** Returns the network of settings for rows that an encoder packs. */
  static Network of(NetworkSettings network, Plan plan, Encoder encoder) {
    HiddenLayers hidden = network.hiddenLayers(plan.dropout());
    if (network.residual() && !hidden.hasBlocks()) {
      LOG.warn(
          "No hidden layer is as wide as the one before it: network.residual has no effect for {}",
          network.hidden());
    }
    int outputs = Losses.outputs(plan.loss(), encoder.label());
    Activation outputActivation = Losses.outputActivation(plan.loss(), network);
    List<Integer> embedded = encoder.layout().embeddedSizes();
    int dense = encoder.layout().inputs() - embedded.size();
    if (embedded.isEmpty()) {
      return Network.perceptron(dense, hidden, outputs, outputActivation)
          .ofMembers(plan.ensembleSize());
    }
    var embedding = new Embedding(dense, embedded, network.embeddingSize());
    return Network.perceptron(embedding.outputs(), hidden, outputs, outputActivation)
        .behind(embedding)
        .ofMembers(plan.ensembleSize());
  }

  /** Logs the number of values of each embedded column. */
  static void logEmbedded(Encoder encoder, TableStatistics statistics) {
    for (int i = 0; i < encoder.categoricals().size(); i++) {
      Encoder.Categorical column = encoder.categoricals().get(i);
      if (column.embedded()) {
        int distinct = statistics.categories(i).size();
        LOG.info(
            "{}: {} distinct values, embedded; {} of them occur once and count as unseen",
            column.name(),
            distinct,
            distinct - column.values().size());
      }
    }
  }
}
