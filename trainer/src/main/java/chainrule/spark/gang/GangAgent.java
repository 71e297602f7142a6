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
 * What the tasks of one attempt share in an executor: the connection to the driver, the exchange in
 * which their sums meet, and the way of the sums to the driver or to the executor that collects
 * them.
 */
final class GangAgent extends RpcHandler implements GangLink {
  private static final Logger LOG = LoggerFactory.getLogger(GangAgent.class);
  private static final long ACKNOWLEDGE_SECONDS = 5;
  private static final long PING_MILLIS = 1000;

  /** The agents of this JVM by attempt; guarded by itself. */
  private static final Map<String, GangAgent> AGENTS = new HashMap<>();

  private final GangInvitation invitation;
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
  private final List<Runnable> early = new ArrayList<>();
  private int tasks;
  private int firstPartition = -1;
  private long firstTaskAttempt;
  private int shardsBelow;
  private int chunksMissing;
  private volatile Exchange exchange;
  private volatile TransportClient parent;

  private GangAgent(GangInvitation invitation, Objective objective, StepPlan plan) {
    SparkEnv env = SparkEnv.get();
    this.invitation = invitation;
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
      this.port = invitation.reduces() ? transport.listen(host, wanted) : 0;
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
      return transport.connect(invitation.host(), invitation.port());
    } catch (IOException e) {
      throw UnreachableException.driver(invitation.host(), invitation.port(), e);
    }
  }

  /** Tells the driver again and again that this executor lives, however long a step takes. */
  private void ping() {
    try {
      while (true) {
        driver.send(GangMessage.ping(invitation, executor));
        Thread.sleep(PING_MILLIS);
      }
    } catch (InterruptedException e) {
      LOG.debug("No more pings: the last task has left");
    }
  }

  /**
   * Enters the agent of an attempt in this JVM, which is made if there is none; {@link #close}
   * leaves it.
   *
   * @throws UnreachableException if the driver cannot be reached
   */
  static GangAgent enter(GangInvitation invitation, Objective objective, StepPlan plan) {
    String key = invitation.token() + "/" + invitation.attempt();
    synchronized (AGENTS) {
      GangAgent agent = AGENTS.get(key);
      if (agent == null) {
        agent = new GangAgent(invitation, objective, plan);
        AGENTS.put(key, agent);
      }
      agent.tasks++;
      return agent;
    }
  }

  /** Leaves; the last one to leave closes the connections. */
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
        GangMessage.register(invitation, member(partition, taskAttempt)),
        new RpcResponseCallback() {
          @Override
          public void onSuccess(ByteBuffer reply) {
            boolean goes = GangMessage.kind(reply) == GangMessage.Reply.GO;
            place.complete(goes ? Optional.of(GangMessage.place(reply)) : Optional.empty());
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
    tell(GangMessage.ready(invitation, member(partition, taskAttempt)), new CompletableFuture<>());
  }

  @Override
  public void fail(int partition, long taskAttempt, Throwable cause) {
    LOG.debug("Telling the driver of a failure", cause);
    GangMember member = member(partition, taskAttempt);
    var told = new CompletableFuture<Boolean>();
    tell(GangMessage.fail(invitation, member, GangFailure.of(cause)), told);
    try {
      // Only then may the connection close, or the driver would hear of that instead.
      told.get(ACKNOWLEDGE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The driver did not hear of a failure", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(ByteBuffer message, CompletableFuture<Boolean> told) {
    driver.sendRpc(
        message,
        new RpcResponseCallback() {
          @Override
          public void onSuccess(ByteBuffer reply) {
            told.complete(true);
          }

          @Override
          public void onFailure(Throwable e) {
            told.completeExceptionally(e);
          }
        });
  }

  @Override
  public synchronized Exchange exchange(GangTree.Place place) {
    if (exchange == null) {
      parent = place.belowDriver() ? driver : connectToParent(place);
      shardsBelow = place.ownShards() + place.childShards();
      exchange = new Exchange(shards, shardsBelow, this::sendAnswer);
      early.forEach(Runnable::run);
      early.clear();
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

  /** Sends the sums of all below to the parent, who answers with the next question. */
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
      GangMessage.beginAnswer(buffer, invitation, header);
      for (Map.Entry<Integer, Sums<?>> node : nodes.entrySet()) {
        GangMessage.putNode(buffer, chunk, node.getKey(), node.getValue());
      }
      parent.sendRpc(buffer.flip().duplicate(), new NextQuestion());
    }
    nodes.values().forEach(exchange::recycle);
  }

  /** Returns the buffer of a chunk: its last message was answered, so that it is free. */
  private ByteBuffer answerBuffer(int chunk, int size) {
    if (answers.size() <= chunk) {
      answers.add(ByteBuffer.allocateDirect(size));
    } else if (answers.get(chunk).capacity() < size) {
      answers.set(chunk, ByteBuffer.allocateDirect(size));
    }
    return answers.get(chunk).clear();
  }

  /** What the parent says to a chunk of an answer: a chunk of the next question, or the end. */
  private final class NextQuestion implements RpcResponseCallback {
    @Override
    public void onSuccess(ByteBuffer reply) {
      try {
        if (GangMessage.kind(reply) != GangMessage.Reply.QUESTION) {
          exchange.close();
          return;
        }
        var header = GangMessage.readQuestion(reply, parameters);
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

  /** Receives the answers of executors that send theirs here. */
  @Override
  public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
    var incoming = GangMessage.Incoming.of(message);
    if (!incoming.knows(invitation.token()) || incoming.kind() != GangMessage.Kind.ANSWER) {
      LOG.warn("Refused a message from {}: not of this training", client.getSocketAddress());
      client.close();
      return;
    }
    GangFrameLimit.lift(client.getChannel());
    synchronized (this) {
      if (exchange == null) {
        // The driver told the child first; it asks for its first question, a few bytes.
        ByteBuffer copy = ByteBuffer.allocate(incoming.body().remaining());
        copy.put(incoming.body()).flip().order(incoming.body().order());
        early.add(() -> child(client).receive(copy, callback));
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
      lost(client, new IOException("the other side closed it"));
    }
  }

  /** Ends the work here and tells the driver, which may not know if only this link is broken. */
  private void lost(TransportClient peer, Throwable cause) {
    String reason = "lost the connection to " + peer.getSocketAddress();
    exchange.fail(new IOException(reason, cause));
    GangMember member = member(firstPartition, firstTaskAttempt);
    var failure = new GangFailure(GangFailure.Kind.OTHER, reason);
    tell(GangMessage.fail(invitation, member, failure), new CompletableFuture<>());
  }

  @Override
  public StreamManager getStreamManager() {
    return new OneForOneStreamManager();
  }
}
