package chainrule.spark.gang;

import chainrule.spark.cluster.ClusterSettings;
import chainrule.train.shard.Exchange;
import chainrule.train.shard.StepPlan;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Objective;
import chainrule.train.sums.Sums;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor's side of an attempt, shared by its tasks in this JVM: the connection to the driver,
 * the exchange in which their sums merge, and the connection to the parent, which is the driver or
 * the executor that collects the sums. Receives the weights of each request from the parent.
 */
final class GangAgent extends RpcHandler implements GangLink {
  private static final Logger LOG = LoggerFactory.getLogger(GangAgent.class);
  private static final long ACKNOWLEDGE_SECONDS = 5;
  private static final long PING_MILLIS = 1000;

  /** The agents of this JVM, by attempt; guarded by itself. */
  private static final Map<String, GangAgent> AGENTS = new HashMap<>();

  private final GangAddress address;
  private final Objective objective;
  private final int shards;
  private final int parameterCount;
  private final String executor;
  private final String host;
  private final GangTransport transport;
  private final TransportClient driver;
  private final Thread pings;
  private final int port;
  private final List<ByteBuffer> answers = new ArrayList<>();
  private final float[] parameters;
  private final GangWeightsMessage outgoing;
  private final Map<TransportClient, GangChildReceiver> children = new HashMap<>();
  private final List<Runnable> delayed = new ArrayList<>();
  private int tasks;
  private int firstPartition = -1;
  private long firstTaskAttempt;
  private int shardsBelow;
  private int chunksMissing;
  private volatile Exchange exchange;
  private volatile TransportClient parent;

  private GangAgent(GangAddress address, Objective objective, StepPlan plan) {
    SparkEnv env = SparkEnv.get();
    this.address = address;
    this.objective = objective;
    this.shards = plan.shards();
    this.parameterCount = objective.network().parameterCount();
    this.parameters = new float[parameterCount];
    this.outgoing = new GangWeightsMessage(parameterCount);
    this.executor = env.executorId();
    this.host = env.blockManager().blockManagerId().host();
    this.transport = new GangTransport(env, this, "executor");
    try {
      this.driver = connectToDriver();
      int wanted = env.conf().getInt(ClusterSettings.EXECUTOR_PORT, 0);
      this.port = address.reduces() ? transport.listen(host, wanted) : 0;
    } catch (RuntimeException e) {
      transport.close();
      throw e;
    }
    this.pings = new Thread(this::ping, "chainrule-gang-ping");
    pings.setDaemon(true);
    pings.start();
  }

  private TransportClient connectToDriver() {
    try {
      return transport.connect(address.host(), address.port());
    } catch (IOException e) {
      throw UnreachableException.driver(address.host(), address.port(), e);
    }
  }

  /** Sends the driver a sign of life every second, however long a step takes. */
  private void ping() {
    try {
      while (true) {
        driver.send(GangMessage.ping(address, executor));
        Thread.sleep(PING_MILLIS);
      }
    } catch (InterruptedException e) {
      LOG.debug("Stopped pings: the last task has ended");
    }
  }

  /**
   * Returns the agent of an attempt in this JVM, creating it for the first task. Each task must
   * {@link #close} it.
   *
   * @throws UnreachableException if the connection to the driver fails
   */
  static GangAgent enter(GangAddress address, Objective objective, StepPlan plan) {
    String key = address.token() + "/" + address.attempt();
    synchronized (AGENTS) {
      GangAgent agent = AGENTS.get(key);
      if (agent == null) {
        agent = new GangAgent(address, objective, plan);
        AGENTS.put(key, agent);
      }
      agent.tasks++;
      return agent;
    }
  }

  /** Removes a task; the last one closes the connections. */
  @Override
  public void close() {
    synchronized (AGENTS) {
      tasks--;
      if (tasks > 0) {
        return;
      }
      AGENTS.values().remove(this);
    }
    pings.interrupt();
    driver.close();
    TransportClient toParent = parent;
    if (toParent != null) {
      toParent.close();
    }
    transport.close();
  }

  @Override
  public CompletableFuture<Optional<GangTree.Place>> register(int partition, long taskAttempt) {
    var place = new CompletableFuture<Optional<GangTree.Place>>();
    synchronized (this) {
      if (firstPartition < 0) {
        firstPartition = partition;
        firstTaskAttempt = taskAttempt;
      }
    }
    driver.sendRpc(
        GangMessage.register(address, member(partition, taskAttempt)),
        new RpcResponseCallback() {
          @Override
          public void onSuccess(ByteBuffer reply) {
            boolean go = GangMessage.kind(reply) == GangMessage.Reply.GO;
            place.complete(go ? Optional.of(GangMessage.place(reply)) : Optional.empty());
          }

          @Override
          public void onFailure(Throwable e) {
            place.completeExceptionally(e);
          }
        });
    return place;
  }

  private GangMember member(int partition, long taskAttempt) {
    return new GangMember(partition, taskAttempt, executor, host, port);
  }

  @Override
  public void ready(int partition, long taskAttempt) {
    report(GangMessage.ready(address, member(partition, taskAttempt)), new CompletableFuture<>());
  }

  @Override
  public void fail(int partition, long taskAttempt, Throwable cause) {
    LOG.debug("Reporting a failure to the driver", cause);
    GangMember member = member(partition, taskAttempt);
    var acknowledged = new CompletableFuture<Boolean>();
    report(GangMessage.fail(address, member, GangFailure.of(cause)), acknowledged);
    try {
      // If the connection closed first, the driver would see that and not the failure.
      acknowledged.get(ACKNOWLEDGE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The driver did not acknowledge a failure", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void report(ByteBuffer message, CompletableFuture<Boolean> acknowledged) {
    driver.sendRpc(
        message,
        new RpcResponseCallback() {
          @Override
          public void onSuccess(ByteBuffer reply) {
            acknowledged.complete(true);
          }

          @Override
          public void onFailure(Throwable e) {
            acknowledged.completeExceptionally(e);
          }
        });
  }

  @Override
  public synchronized Exchange exchange(GangTree.Place place) {
    if (exchange == null) {
      parent = place.belowDriver() ? driver : connectToParent(place);
      shardsBelow = place.ownShards() + place.childShards();
      exchange = new Exchange(shards, shardsBelow, this::sendAnswer);
      delayed.forEach(Runnable::run);
      delayed.clear();
      send(0, 0, 0, Map.of());
    }
    return exchange;
  }

  private TransportClient connectToParent(GangTree.Place place) {
    try {
      return transport.connect(place.parentHost(), place.parentPort());
    } catch (IOException e) {
      throw UnreachableException.executor(place.parentHost(), place.parentPort(), e);
    }
  }

  /** Sends the merged sums to the parent, which replies with the next weights. */
  private void sendAnswer(Exchange.Question answered) {
    Map<Integer, Sums<?>> nodes = new LinkedHashMap<>();
    takeAnswers(nodes);
    send(answered.number(), shardsBelow, exchange.takeComputeNanos(), nodes);
  }

  private <S extends Sums<S>> void takeAnswers(Map<Integer, Sums<?>> nodes) {
    exchange.<S>takeAnswers(nodes::put);
  }

  private void send(long number, int covered, long nanos, Map<Integer, Sums<?>> nodes) {
    int chunks = GangMessage.chunks(parameterCount);
    boolean metrics =
        !nodes.isEmpty() && !(nodes.values().iterator().next() instanceof GradientBuffer);
    synchronized (this) {
      chunksMissing = chunks;
    }
    for (int chunk = 0; chunk < chunks; chunk++) {
      int size = GangMessage.answerSize(chunk, parameterCount, nodes.values());
      ByteBuffer buffer = answerBuffer(chunk, size);
      var header =
          new GangMessage.AnswerHeader(number, nanos, covered, chunk, nodes.size(), metrics);
      GangMessage.beginAnswer(buffer, address, header);
      for (Map.Entry<Integer, Sums<?>> node : nodes.entrySet()) {
        GangMessage.putNode(buffer, chunk, node.getKey(), node.getValue());
      }
      parent.sendRpc(buffer.flip().duplicate(), new WeightsCallback());
    }
    nodes.values().forEach(exchange::recycle);
  }

  /** Returns the buffer of a chunk, which is free: its previous message has got a reply. */
  private ByteBuffer answerBuffer(int chunk, int size) {
    if (answers.size() <= chunk) {
      answers.add(ByteBuffer.allocateDirect(size));
    } else if (answers.get(chunk).capacity() < size) {
      answers.set(chunk, ByteBuffer.allocateDirect(size));
    }
    return answers.get(chunk).clear();
  }

  /** Receives the parent's reply to a chunk of sums: a chunk of the next weights, or the end. */
  private final class WeightsCallback implements RpcResponseCallback {
    @Override
    public void onSuccess(ByteBuffer reply) {
      try {
        if (GangMessage.kind(reply) != GangMessage.Reply.WEIGHTS) {
          exchange.close();
          return;
        }
        var header = GangWeightsMessage.read(reply, parameters);
        boolean complete;
        synchronized (GangAgent.this) {
          chunksMissing--;
          complete = chunksMissing == 0;
        }
        if (complete) {
          exchange.post(new Exchange.Question(header.number(), header.request(), parameters));
        }
      } catch (RuntimeException | Error e) {
        exchange.fail(e);
      }
    }

    @Override
    public void onFailure(Throwable e) {
      lost(parent, e);
    }
  }

  /** Receives the answers of the executors whose parent this is. */
  @Override
  public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
    var incoming = GangMessage.Incoming.of(message);
    if (!incoming.has(address.token()) || incoming.kind() != GangMessage.Kind.ANSWER) {
      LOG.warn("Refused a message from {}: wrong token or kind", client.getSocketAddress());
      client.close();
      return;
    }
    GangFrameLimit.lift(client.getChannel());
    synchronized (this) {
      if (exchange == null) {
        // The driver's GO reached the child first. Its message is short: it has no sums yet.
        ByteBuffer copy = ByteBuffer.allocate(incoming.body().remaining());
        copy.put(incoming.body()).flip().order(incoming.body().order());
        delayed.add(() -> child(client).receive(copy, callback));
        return;
      }
    }
    try {
      child(client).receive(incoming.body(), callback);
    } catch (RuntimeException | Error e) {
      exchange.fail(e);
      throw e;
    }
  }

  private GangChildReceiver child(TransportClient client) {
    synchronized (children) {
      return children.computeIfAbsent(
          client,
          unseen -> new GangChildReceiver(exchange, objective, outgoing, shards, nanos -> {}));
    }
  }

  @Override
  public void channelInactive(TransportClient client) {
    GangChildReceiver gone;
    synchronized (children) {
      gone = children.remove(client);
    }
    if (gone != null) {
      lost(client, new IOException("closed by the other side"));
    }
  }

  /** Ends the work here and reports it, because the driver does not see this connection break. */
  private void lost(TransportClient peer, Throwable cause) {
    String reason = "lost the connection to " + peer.getSocketAddress();
    exchange.fail(new IOException(reason, cause));
    GangMember member = member(firstPartition, firstTaskAttempt);
    var failure = new GangFailure(GangFailure.Kind.OTHER, reason);
    report(GangMessage.fail(address, member, failure), new CompletableFuture<>());
  }

  @Override
  public StreamManager getStreamManager() {
    return new OneForOneStreamManager();
  }
}
