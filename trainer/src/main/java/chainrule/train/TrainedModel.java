package chainrule.train;

import chainrule.data.Encoder;
import chainrule.data.Schema;
import chainrule.nn.Loss;
import chainrule.nn.Network;
import chainrule.train.sums.Objective;
import java.util.Objects;

/**
 * A network with its parameters, and the encoder between rows and its inputs and outputs.
 * Immutable: the parameters are copied in and out.
 */
public final class TrainedModel {
  private final Schema schema;
  private final Encoder encoder;
  private final Network network;
  private final Loss loss;
  private final float[] parameters;

  /**
   * @throws IllegalArgumentException if the parts don't fit each other
   */
  public TrainedModel(
      Schema schema, Encoder encoder, Network network, Loss loss, float[] parameters) {
    this.schema = Objects.requireNonNull(schema, "schema");
    this.encoder = Objects.requireNonNull(encoder, "encoder");
    this.network = Objects.requireNonNull(network, "network");
    this.loss = Objects.requireNonNull(loss, "loss");
    this.parameters = parameters.clone();
    network.requireParameters(parameters);
    objective(); // checks that encoded rows fit the network
  }

  /** Returns the model's objective, for evaluation. */
  public Objective objective() {
    return new Objective(network, loss, encoder.layout(), encoder.label());
  }

  public Schema schema() {
    return schema;
  }

  public Encoder encoder() {
    return encoder;
  }

  public Network network() {
    return network;
  }

  public Loss loss() {
    return loss;
  }

  /** Returns a copy of the flat parameter vector, P values. */
  public float[] parameters() {
    return parameters.clone();
  }
}
