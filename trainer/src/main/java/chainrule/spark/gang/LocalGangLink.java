package chainrule.spark.gang;

import chainrule.train.shard.Exchange;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The connection of a task in the driver's JVM to its attempt: method calls. */
record LocalGangLink(GangAttempt attempt) implements GangLink {
  /** The current attempts in local mode, by token and number. */
  private static final Map<String, GangAttempt> ATTEMPTS = new ConcurrentHashMap<>();

  private static String key(GangAddress address) {
    return address.token() + "/" + address.attempt();
  }

  /** Makes an attempt available to tasks. */
  static void open(GangAttempt attempt) {
    ATTEMPTS.put(key(attempt.address()), attempt);
  }

  /** Removes an attempt, so that tasks do not find it any more. */
  static void close(GangAttempt attempt) {
    ATTEMPTS.remove(key(attempt.address()));
  }

  /** Returns the connection to an attempt; empty if it has ended. */
  static Optional<GangLink> find(GangAddress address) {
    return Optional.ofNullable(ATTEMPTS.get(key(address))).map(LocalGangLink::new);
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
    // Nothing to close.
  }
}
