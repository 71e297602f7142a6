package chainrule.spark.shim;

import io.netty.channel.socket.SocketChannel;
import java.util.function.Consumer;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.TransportChannelHandler;
import org.apache.spark.network.util.TransportConf;
import scala.Option;

/** Spark's transport, set up as Spark sets up its own. */
public final class SparkTransport {
  private SparkTransport() {}

  /**
   * Returns the settings of the transport.
   *
   * @param module of Spark's configuration, as in {@code spark.<module>.io}
   * @param role "driver" or "executor"
   */
  public static TransportConf conf(
      SparkConf conf, SecurityManager security, String module, int threads, String role) {
    return SparkTransportConf.fromSparkConf(
        conf, module, threads, Option.apply(role), Option.apply(security.getRpcSSLOptions()));
  }

  /**
   * Returns a context.
   *
   * @param onServerChannel prepares each channel that a client opened
   */
  public static TransportContext context(
      TransportConf conf, RpcHandler handler, Consumer<SocketChannel> onServerChannel) {
    return new TransportContext(conf, handler) {
      @Override
      public TransportChannelHandler initializePipeline(
          SocketChannel channel, RpcHandler channelHandler, boolean isClient) {
        TransportChannelHandler made = super.initializePipeline(channel, channelHandler, isClient);
        if (!isClient) {
          onServerChannel.accept(channel);
        }
        return made;
      }
    };
  }
}
