package chainrule.spark.gang;

import chainrule.spark.cluster.ClusterSettings;
import chainrule.spark.cluster.JobWatch;
import chainrule.spark.shard.NeighbourCoalescer;
import chainrule.train.shard.Exchange;
import chainrule.train.shard.StepPlan;
import chainrule.train.sums.Objective;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkException;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's side of one Spark job of T long-lived tasks: which tasks are registered and ready,
 * and how the attempt ended. When all T tasks are ready, it replies to their registrations; then
 * they answer the requests of the exchange until the attempt ends on all executors.
 *
 * <p>A speculative copy of a registered task waits: its registration gets no reply until the end.
 * If the copy returned earlier, Spark would consider the task finished and kill the original.
 *
 * <p>Threads share it: the transport's threads or, in local mode, the tasks; the thread that
 * trains; and the watcher thread.
 */
final class GangAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(GangAttempt.class);

  private final GangAddress address;
  private final Objective objective;
  private final StepPlan plan;
  private final int tasks;
  private final int fanIn;
  private final AnswerTimes answerTimes;
  private final Exchange exchange;
  private final GangWeightsMessage outgoing;
  private final Map<TransportClient, GangChildReceiver> children = new HashMap<>();
  private final Map<String, Long> lastSeen = new ConcurrentHashMap<>();

  private final Map<Integer, Registration> registrations = new TreeMap<>();
  private final List<Consumer<Optional<GangTree.Place>>> waitingCopies = new ArrayList<>();
  private final Set<Integer> ready = new HashSet<>();
  private long lastRegistered = System.nanoTime();
  private boolean running;
  private AttemptEnd end;
  private Throwable cause;
  private String lostExecutor = "";

  /** A registered task, its connection, and the receiver of the reply to its registration. */
  private record Registration(
      GangMember member, Object connection, Consumer<Optional<GangTree.Place>> reply) {}

  /**
   * @param tasks T
   * @param answerTimes receives the times of the executors that send their sums to the driver
   */
  GangAttempt(
      GangAddress address,
      Objective objective,
      StepPlan plan,
      int tasks,
      int fanIn,
      AnswerTimes answerTimes) {
    this.answerTimes = answerTimes;
    this.address = address;
    this.objective = objective;
    this.plan = plan;
    this.tasks = tasks;
    this.fanIn = fanIn;
    this.exchange = new Exchange(plan.shards());
    this.outgoing = new GangWeightsMessage(address.isLocal() ? 0 : parameterCount(objective));
    if (address.isLocal()) {
      LocalGangLink.open(this);
    }
  }

  private static int parameterCount(Objective objective) {
    return objective.network().parameterCount();
  }

  GangAddress address() {
    return address;
  }

  int tasks() {
    return tasks;
  }

  Exchange exchange() {
    return exchange;
  }

  /**
   * Registers a task; a copy of a registered task waits for the end.
   *
   * @param connection identifies the connection of the task's executor
   * @param reply receives the executor's place when all tasks are ready, or empty at the end
   */
  void register(GangMember member, Object connection, Consumer<Optional<GangTree.Place>> reply) {
    boolean ended;
    synchronized (this) {
      ended = end != null;
      if (!ended && registrations.containsKey(member.partition())) {
        LOG.debug("{} is a copy of a registered task, and waits", member);
        waitingCopies.add(reply);
        return;
      }
      if (!ended) {
        registrations.put(member.partition(), new Registration(member, connection, reply));
        lastRegistered = System.nanoTime();
        markSeen(member.executor());
      }
    }
    if (ended) {
      reply.accept(Optional.empty());
    }
  }

  /** Marks a task as ready; when all are, replies to all registrations. */
  void ready(GangMember member) {
    Map<String, GangTree.Place> places;
    List<Registration> complete;
    synchronized (this) {
      if (end != null || !isMember(member)) {
        return;
      }
      ready.add(member.partition());
      if (ready.size() < tasks) {
        return;
      }
      running = true;
      places = places();
      complete = List.copyOf(registrations.values());
    }
    LOG.debug("Attempt {}: {} tasks on {} executors", address.attempt(), tasks, places.size());
    for (Registration task : complete) {
      task.reply.accept(Optional.of(places.get(task.member.executor())));
    }
  }

  private boolean isMember(GangMember member) {
    Registration task = registrations.get(member.partition());
    return task != null && task.member.taskAttempt() == member.taskAttempt();
  }

  private Map<String, GangTree.Place> places() {
    Map<String, GangTree.Executor> executors = new LinkedHashMap<>();
    for (Registration task : registrations.values()) {
      GangMember member = task.member;
      int shards =
          NeighbourCoalescer.start(member.partition() + 1, tasks, plan.shards())
              - NeighbourCoalescer.start(member.partition(), tasks, plan.shards());
      executors.merge(
          member.executor(),
          new GangTree.Executor(member.executor(), member.host(), member.port(), shards),
          GangTree.Executor::with);
    }
    return GangTree.places(List.copyOf(executors.values()), fanIn);
  }

  /** Ends the attempt because a task failed; failures of waiting copies have no effect. */
  void fail(GangMember member, Throwable failure) {
    boolean registered;
    synchronized (this) {
      registered = isMember(member);
    }
    if (registered) {
      end(AttemptEnd.of(failure), failure);
    }
  }

  /** Records a sign of life. */
  private void markSeen(String executor) {
    lastSeen.put(executor, System.nanoTime());
  }

  /** Handles a message from an executor. */
  void receive(GangMessage.Incoming message, TransportClient client, RpcResponseCallback callback) {
    ByteBuffer body = message.body();
    switch (message.kind()) {
      case REGISTER -> {
        register(
            GangMessage.registered(body),
            client,
            place ->
                callback.onSuccess(
                    place
                        .map(GangMessage::go)
                        .orElseGet(() -> GangMessage.reply(GangMessage.Reply.END))));
      }
      case READY -> {
        ready(GangMessage.member(body));
        callback.onSuccess(GangMessage.reply(GangMessage.Reply.DONE));
      }
      case FAIL -> {
        // The attempt ends before the reply, because the executor then closes the connection.
        GangMember member = GangMessage.member(body);
        fail(member, GangMessage.failure(body).toException(describe(member)));
        callback.onSuccess(GangMessage.reply(GangMessage.Reply.DONE));
      }
      case PING -> markSeen(GangMessage.text(body));
      case ANSWER -> child(client).receive(body, callback);
    }
  }

  private synchronized String describe(GangMember member) {
    return isMember(member) ? registrations.get(member.partition()).member.toString() : "a task";
  }

  private GangChildReceiver child(TransportClient client) {
    synchronized (children) {
      return children.computeIfAbsent(
          client,
          unseen -> {
            String name = executorOf(client);
            return new GangChildReceiver(
                exchange,
                objective,
                outgoing,
                plan.shards(),
                nanos -> answerTimes.add(name, nanos));
          });
    }
  }

  /** Returns the executor of a connection and its host, for messages. */
  private synchronized String executorOf(TransportClient client) {
    return registrations.values().stream()
        .filter(task -> task.connection.equals(client))
        .map(task -> task.member.executor() + " (" + task.member.host() + ")")
        .findFirst()
        .orElse("unknown");
  }

  /** Ends the attempt if the closed connection was that of a registered task. */
  void disconnected(Object connection) {
    GangMember lost = null;
    synchronized (this) {
      for (Registration task : registrations.values()) {
        if (task.connection.equals(connection)) {
          lost = task.member;
        }
      }
    }
    if (lost != null) {
      lose(AttemptEnd.LOST, lost.executor(), "its connection closed");
    }
  }

  private void lose(AttemptEnd how, String executor, String why) {
    synchronized (this) {
      if (end == null) {
        lostExecutor = executor;
      }
    }
    end(how, new SparkException("executor " + executor + " was lost: " + why));
  }

  /**
   * Ends the attempt if a time limit is exceeded: for the first task, for a further task, or for a
   * message from an executor.
   *
   * @param activity returns which tasks of the job run
   */
  void checkTime(ClusterSettings settings, Supplier<JobWatch.Activity> activity) {
    long now = System.nanoTime();
    int registered;
    long quiet;
    boolean waits;
    synchronized (this) {
      if (end != null) {
        return;
      }
      registered = registrations.size();
      quiet = TimeUnit.NANOSECONDS.toSeconds(now - lastRegistered);
      waits = registered < tasks;
    }
    if (waits && registered == 0 && quiet >= settings.slotsSeconds()) {
      endWithoutTask(quiet, activity.get());
    } else if (waits && registered > 0 && quiet >= settings.quietSeconds()) {
      end(
          AttemptEnd.TOO_FEW,
          new SparkException(registered + " of " + tasks + " tasks registered"));
    }
    if (!address.isLocal()) {
      lastSeen.forEach(
          (executor, seen) -> {
            long silent = TimeUnit.NANOSECONDS.toSeconds(now - seen);
            if (silent >= settings.silenceSeconds()) {
              lose(AttemptEnd.SILENT, executor, "it sent no message for " + silent + " s");
            }
          });
    }
  }

  private void endWithoutTask(long seconds, JobWatch.Activity activity) {
    switch (activity) {
      case NONE ->
          end(AttemptEnd.NO_TASK, new SparkException("no task could start for " + seconds + " s"));
      case LAST_STAGE ->
          end(
              AttemptEnd.UNREACHABLE,
              UnreachableException.driver(
                  address.host(),
                  address.port(),
                  new IOException("tasks run, but none registered for " + seconds + " s")));
      case EARLIER_STAGES -> {
        synchronized (this) {
          lastRegistered = System.nanoTime(); // the tasks start when these stages have ended
        }
      }
    }
  }

  /** Ends the attempt, if it has not ended: fails the current request and releases all tasks. */
  void end(AttemptEnd how, Throwable why) {
    List<Consumer<Optional<GangTree.Place>>> unanswered = new ArrayList<>();
    synchronized (this) {
      if (end != null) {
        return;
      }
      end = how;
      cause = why;
      if (!running) {
        registrations.values().forEach(task -> unanswered.add(task.reply));
      }
      unanswered.addAll(waitingCopies);
      waitingCopies.clear();
    }
    if (how == AttemptEnd.CLOSED) {
      exchange.close();
    } else {
      exchange.fail(why);
    }
    unanswered.forEach(reply -> reply.accept(Optional.empty()));
    LocalGangLink.close(this);
  }

  /** Returns how the attempt ended; empty if it has not. */
  synchronized Optional<AttemptEnd> end() {
    return Optional.ofNullable(end);
  }

  /** Returns the exception that ended the attempt; null before the end. */
  synchronized Throwable cause() {
    return cause;
  }

  /** Returns the id of the lost executor; the empty string if none was lost. */
  synchronized String lostExecutor() {
    return lostExecutor;
  }

  /** Returns how many tasks have registered. */
  synchronized int registered() {
    return registrations.size();
  }
}
