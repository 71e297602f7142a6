package chainrule.spark.gang;

import chainrule.train.shard.Exchange;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** How a task in the driver's JVM talks to its attempt: by calls. */
record LocalGangLink(GangAttempt attempt) implements GangLink {
  /** The attempts of this JVM whose tasks share it, by token and number. */
  private static final Map<String, GangAttempt> ATTEMPTS = new ConcurrentHashMap<>();

  private static String key(GangInvitation invitation) {
    return invitation.token() + "/" + invitation.attempt();
  }

  /** Lets tasks find an attempt. */
  static void open(GangAttempt attempt) {
    ATTEMPTS.put(key(attempt.invitation()), attempt);
  }

  /** Lets no more tasks find it. */
  static void close(GangAttempt attempt) {
    ATTEMPTS.remove(key(attempt.invitation()));
  }

  /** Returns the way to an attempt; nothing if it is over. */
  static Optional<GangLink> find(GangInvitation invitation) {
    return Optional.ofNullable(ATTEMPTS.get(key(invitation))).map(LocalGangLink::new);
  }

  private static GangMember member(int partition, long taskAttempt) {
    return new GangMember(partition, taskAttempt, "driver", "localhost", 0);
  }

  @Override
  public CompletableFuture<Optional<GangTree.Place>> register(int partition, long taskAttempt) {
    var place = new CompletableFuture<Optional<GangTree.Place>>();
    attempt.register(member(partition, taskAttempt), attempt, place::complete);
    return place;
  }

  @Override
  public void ready(int partition, long taskAttempt) {
    attempt.ready(member(partition, taskAttempt));
  }

  @Override
  public void fail(int partition, long taskAttempt, Throwable cause) {
    attempt.fail(member(partition, taskAttempt), cause);
  }

  @Override
  public Exchange exchange(GangTree.Place place) {
    return attempt.exchange();
  }

  @Override
  public void close() {
    // There is nothing to close: the attempt outlives its tasks.
  }
}
