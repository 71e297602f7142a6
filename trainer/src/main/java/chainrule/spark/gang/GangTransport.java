package chainrule.spark.gang;

import chainrule.spark.shim.SparkTransport;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.util.List;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.TransportConf;
import org.apache.spark.network.util.TransportFrameDecoder;
import org.apache.spark.util.Utils;
import scala.Tuple2;

/**
 * Spark's RPC transport, configured as Spark configures its own servers: with the authentication
 * and encryption of the application ({@code spark.authenticate}, {@code spark.network.crypto},
 * {@code spark.ssl.rpc}), the settings of {@code spark.chainrule.io}, and further ports if one is
 * in use ({@code spark.port.maxRetries}).
 *
 * <p>The transport's classes are public in Java, but Spark does not guarantee their compatibility.
 * Only this class creates them.
 */
final class GangTransport implements AutoCloseable {
  private static final String MODULE = "chainrule";
  private static final int THREADS = 8;

  private final SparkConf conf;
  private final SecurityManager security;
  private final TransportConf transportConf;
  private final TransportContext context;
  private final TransportClientFactory clients;
  private TransportServer server;

  /**
   * @param handler receives the messages
   * @param role "driver" or "executor", for settings that depend on the role
   */
  GangTransport(SparkEnv env, RpcHandler handler, String role) {
    this.conf = env.conf();
    this.security = env.securityManager();
    int threads = Math.min(THREADS, Runtime.getRuntime().availableProcessors());
    this.transportConf = SparkTransport.conf(conf, security, MODULE, threads, role);
    this.context = SparkTransport.context(transportConf, handler, GangTransport::limitFrames);
    List<TransportClientBootstrap> bootstraps =
        security.isAuthenticationEnabled()
            ? List.of(new AuthClientBootstrap(transportConf, conf.getAppId(), security))
            : List.of();
    this.clients = context.createClientFactory(bootstraps);
  }

  /** Limits the length of messages from clients that have not authenticated. */
  private static void limitFrames(SocketChannel channel) {
    channel
        .pipeline()
        .addBefore(TransportFrameDecoder.HANDLER_NAME, GangFrameLimit.NAME, new GangFrameLimit());
  }

  /**
   * Starts to listen.
   *
   * @param port 0 for any free port; if a port is in use, the next ones are tried
   * @return the port in use
   */
  int listen(String host, int port) {
    List<TransportServerBootstrap> bootstraps =
        security.isAuthenticationEnabled()
            ? List.of(new AuthServerBootstrap(transportConf, security))
            : List.of();
    Tuple2<TransportServer, Object> started =
        Utils.startServiceOnPort(
            port,
            tried -> {
              TransportServer bound = context.createServer(host, (int) tried, bootstraps);
              return new Tuple2<>(bound, bound.getPort());
            },
            conf,
            MODULE);
    server = started._1;
    return server.getPort();
  }

  /** Opens a separate connection. */
  TransportClient connect(String host, int port) throws IOException {
    try {
      return clients.createUnmanagedClient(host, port);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while connecting to " + host + ":" + port, e);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    clients.close();
    context.close();
  }
}
