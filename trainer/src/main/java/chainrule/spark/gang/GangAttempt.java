package chainrule.spark.gang;

import chainrule.spark.cluster.ClusterSettings;
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
 * One Spark job of T long-lived tasks, as the driver sees it: who has come, who is ready, and how
 * it ended. Once all T are ready they are told to go, and answer what the exchange asks, until the
 * attempt ends, for whatever reason and everywhere at once.
 *
 * <p>A copy of a task that is a member already (speculation) stands by: its registration stays
 * unanswered until the end. If it returned, Spark would take the task for done and kill the other.
 *
 * <p>Threads share it: tasks or the transport's threads, the one that asks, and the one that
 * watches.
 */
final class GangAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(GangAttempt.class);

  /** Why an attempt is over. */
  enum End {
    /** Training has what it wants. */
    CLOSED,
    /** There is room for more tasks. */
    GROWING,
    /** Fewer tasks came than were asked for. */
    TOO_FEW,
    /** No task came at all. */
    NOBODY,
    /** An executor is gone. */
    LOST,
    /** An executor hangs. */
    SILENT,
    /** Executors do not reach the driver, or each other. */
    UNREACHABLE,
    /** Rows or files are refused, and would be again. */
    REFUSED,
    /** A task failed for another reason. */
    FAILED,
    /** The user, or the end of the context, ended the job. */
    CANCELLED;

    /** Returns how an attempt ends by a failure. */
    static End of(Throwable failure) {
      return switch (GangFailure.Kind.of(failure)) {
        case REFUSED -> REFUSED;
        case UNREACHABLE -> UNREACHABLE;
        case OTHER -> FAILED;
      };
    }
  }

  private final GangInvitation invitation;
  private final Objective objective;
  private final StepPlan plan;
  private final int tasks;
  private final int fanIn;
  private final AnswerTimes answerTimes;
  private final Exchange exchange;
  private final GangWeightsMessage outgoing;
  private final Map<TransportClient, GangChildReceiver> children = new HashMap<>();
  private final Map<String, Long> lastSeen = new ConcurrentHashMap<>();

  private final Map<Integer, Seat> seats = new TreeMap<>();
  private final List<Consumer<Optional<GangTree.Place>>> standBys = new ArrayList<>();
  private final Set<Integer> ready = new HashSet<>();
  private long lastNewcomer = System.nanoTime();
  private boolean running;
  private End end;
  private Throwable cause;
  private String lostExecutor = "";

  /** A member, and how it is told to go. */
  private record Seat(
      GangMember member, Object connection, Consumer<Optional<GangTree.Place>> reply) {}

  /**
   * @param tasks T
   * @param answerTimes is told how long the executors take that send their sums to the driver
   */
  GangAttempt(
      GangInvitation invitation,
      Objective objective,
      StepPlan plan,
      int tasks,
      int fanIn,
      AnswerTimes answerTimes) {
    this.answerTimes = answerTimes;
    this.invitation = invitation;
    this.objective = objective;
    this.plan = plan;
    this.tasks = tasks;
    this.fanIn = fanIn;
    this.exchange = new Exchange(plan.shards());
    this.outgoing = new GangWeightsMessage(invitation.isLocal() ? 0 : parameterCount(objective));
    if (invitation.isLocal()) {
      LocalGangLink.open(this);
    }
  }

  private static int parameterCount(Objective objective) {
    return objective.network().parameterCount();
  }

  GangInvitation invitation() {
    return invitation;
  }

  int tasks() {
    return tasks;
  }

  Exchange exchange() {
    return exchange;
  }

  /**
   * Takes a task in, or lets it stand by if another copy of it is in.
   *
   * @param connection what the task came through
   * @param reply is told the place of the task's executor when all are ready, or nothing at the end
   */
  void register(GangMember member, Object connection, Consumer<Optional<GangTree.Place>> reply) {
    boolean over;
    synchronized (this) {
      over = end != null;
      Seat taken = seats.get(member.partition());
      if (!over && taken != null) {
        LOG.debug("{} stands by", member);
        standBys.add(reply);
        return;
      }
      if (!over) {
        seats.put(member.partition(), new Seat(member, connection, reply));
        lastNewcomer = System.nanoTime();
        seen(member.executor());
      }
    }
    if (over) {
      reply.accept(Optional.empty());
    }
  }

  /** Notes that a task has its rows; when all have, they go. */
  void ready(GangMember member) {
    Map<String, GangTree.Place> places;
    List<Seat> told;
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
      told = List.copyOf(seats.values());
    }
    LOG.debug("Attempt {}: {} tasks on {} executors", invitation.attempt(), tasks, places.size());
    for (Seat seat : told) {
      seat.reply.accept(Optional.of(places.get(seat.member.executor())));
    }
  }

  private boolean isMember(GangMember member) {
    Seat seat = seats.get(member.partition());
    return seat != null && seat.member.taskAttempt() == member.taskAttempt();
  }

  private Map<String, GangTree.Place> places() {
    Map<String, GangTree.Seat> executors = new LinkedHashMap<>();
    for (Seat seat : seats.values()) {
      GangMember member = seat.member;
      int shards =
          NeighbourCoalescer.start(member.partition() + 1, tasks, plan.shards())
              - NeighbourCoalescer.start(member.partition(), tasks, plan.shards());
      executors.merge(
          member.executor(),
          new GangTree.Seat(member.executor(), member.host(), member.port(), shards),
          GangTree.Seat::with);
    }
    return GangTree.places(List.copyOf(executors.values()), fanIn);
  }

  /** Ends the attempt since a task failed; a copy that stands by may fail as it likes. */
  void fail(GangMember member, Throwable failure) {
    boolean counts;
    synchronized (this) {
      counts = isMember(member);
    }
    if (counts) {
      end(End.of(failure), failure);
    }
  }

  /** Notes a sign of life. */
  private void seen(String executor) {
    lastSeen.put(executor, System.nanoTime());
  }

  /** Takes a message of an executor. */
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
        // First the end, then the word that it was heard: the connection closes after that.
        GangMember member = GangMessage.member(body);
        fail(member, GangMessage.failure(body).toException(describe(member)));
        callback.onSuccess(GangMessage.reply(GangMessage.Reply.DONE));
      }
      case PING -> seen(GangMessage.text(body));
      case ANSWER -> child(client).receive(body, callback);
    }
  }

  private synchronized String describe(GangMember member) {
    return isMember(member) ? seats.get(member.partition()).member.toString() : "a task";
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

  /** Returns the name of the executor of a connection, and its host. */
  private synchronized String executorOf(TransportClient client) {
    return seats.values().stream()
        .filter(seat -> seat.connection.equals(client))
        .map(seat -> seat.member.executor() + " (" + seat.member.host() + ")")
        .findFirst()
        .orElse("unknown");
  }

  /** Ends the attempt if the connection was a member's. */
  void disconnected(Object connection) {
    GangMember lost = null;
    synchronized (this) {
      for (Seat seat : seats.values()) {
        if (seat.connection.equals(connection)) {
          lost = seat.member;
        }
      }
    }
    if (lost != null) {
      lose(End.LOST, lost.executor(), "its connection closed");
    }
  }

  private void lose(End how, String executor, String why) {
    synchronized (this) {
      if (end == null) {
        lostExecutor = executor;
      }
    }
    end(how, new SparkException("executor " + executor + " was lost: " + why));
  }

  /**
   * Ends the attempt if nobody came for too long, or somebody is silent for too long.
   *
   * @param progress tells where the attempt's tasks are
   */
  void checkTime(ClusterSettings settings, Supplier<GangJob.Progress> progress) {
    long now = System.nanoTime();
    int came;
    long quiet;
    boolean waits;
    synchronized (this) {
      if (end != null) {
        return;
      }
      came = seats.size();
      quiet = TimeUnit.NANOSECONDS.toSeconds(now - lastNewcomer);
      waits = came < tasks;
    }
    if (waits && came == 0 && quiet >= settings.slotsSeconds()) {
      endWithNobody(quiet, progress.get());
    } else if (waits && came > 0 && quiet >= settings.quietSeconds()) {
      end(End.TOO_FEW, new SparkException(came + " of " + tasks + " tasks came"));
    }
    if (!invitation.isLocal()) {
      lastSeen.forEach(
          (executor, seen) -> {
            long silent = TimeUnit.NANOSECONDS.toSeconds(now - seen);
            if (silent >= settings.silenceSeconds()) {
              lose(End.SILENT, executor, "it has said nothing for " + silent + " s");
            }
          });
    }
  }

  private void endWithNobody(long seconds, GangJob.Progress progress) {
    switch (progress) {
      case NONE -> end(End.NOBODY, new SparkException("no task could start for " + seconds + " s"));
      case RUNS ->
          end(
              End.UNREACHABLE,
              UnreachableException.driver(
                  invitation.host(),
                  invitation.port(),
                  new IOException("tasks run, but none was heard of for " + seconds + " s")));
      case PREPARES -> {
        synchronized (this) {
          lastNewcomer = System.nanoTime(); // they come when the rows are there again
        }
      }
    }
  }

  /** Ends the attempt, once: nobody's question is answered any more, and all are told to leave. */
  void end(End how, Throwable why) {
    List<Consumer<Optional<GangTree.Place>>> told = new ArrayList<>();
    synchronized (this) {
      if (end != null) {
        return;
      }
      end = how;
      cause = why;
      if (!running) {
        seats.values().forEach(seat -> told.add(seat.reply));
      }
      told.addAll(standBys);
      standBys.clear();
    }
    if (how == End.CLOSED) {
      exchange.close();
    } else {
      exchange.fail(why);
    }
    told.forEach(reply -> reply.accept(Optional.empty()));
    LocalGangLink.close(this);
  }

  /** Returns how the attempt ended, if it has. */
  synchronized Optional<End> end() {
    return Optional.ofNullable(end);
  }

  /** Returns why the attempt ended; after it has. */
  synchronized Throwable cause() {
    return cause;
  }

  /** Returns the executor that was lost; empty if none was. */
  synchronized String lostExecutor() {
    return lostExecutor;
  }

  /** Returns how many tasks have come. */
  synchronized int registered() {
    return seats.size();
  }
}
