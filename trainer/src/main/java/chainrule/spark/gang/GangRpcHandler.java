package chainrule.spark.gang;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver's RPC handler: authenticates executors by the training's token. */
final class GangRpcHandler extends RpcHandler {
  private static final Logger LOG = LoggerFactory.getLogger(GangRpcHandler.class);
  private static final int REFUSALS_LOGGED = 20;

  private final UUID token;
  private final Supplier<Optional<GangAttempt>> attempt;
  private final AtomicInteger refused = new AtomicInteger();

  /**
   * @param attempt returns the current attempt; empty before the first one
   */
  GangRpcHandler(UUID token, Supplier<Optional<GangAttempt>> attempt) {
    this.token = token;
    this.attempt = attempt;
  }

  @Override
  public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
    GangMessage.Incoming incoming;
    try {
      incoming = GangMessage.Incoming.of(message);
    } catch (IllegalArgumentException e) {
      refuse(client);
      return;
    }
    if (!incoming.has(token)) {
      refuse(client);
      return;
    }
    GangFrameLimit.lift(client.getChannel());
    GangAttempt current = attempt.get().orElseThrow();
    if (incoming.attempt() != current.address().attempt()) {
      callback.onSuccess(GangMessage.reply(GangMessage.Reply.END));
      return;
    }
    current.receive(incoming, client, callback);
  }

  private void refuse(TransportClient client) {
    if (refused.incrementAndGet() <= REFUSALS_LOGGED) {
      LOG.warn("Refused a connection from {}: wrong token", client.getSocketAddress());
    }
    client.close();
  }

  @Override
  public void channelInactive(TransportClient client) {
    // Other clients may connect before the first attempt.
    attempt.get().ifPresent(current -> current.disconnected(client));
  }

  @Override
  public StreamManager getStreamManager() {
    return new OneForOneStreamManager();
  }
}
