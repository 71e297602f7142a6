package chainrule.spark.gang;

import java.io.Serializable;
import java.util.Objects;
import java.util.UUID;

/**
 * The address of an attempt and the secret with which tasks authenticate.
 *
 * @param host host at which the driver listens; empty if the tasks run in its JVM
 * @param token a secret of this training, 122 random bits, which Spark ships with each task
 * @param attempt number of the attempt, from 1
 * @param reduces whether some executors have to collect the sums of others
 */
record GangAddress(String host, int port, UUID token, int attempt, boolean reduces)
    implements Serializable {
  GangAddress {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(token, "token");
  }

  boolean isLocal() {
    return host.isEmpty();
  }

  /** Omits the token, because the text may be logged. */
  @Override
  public String toString() {
    return "attempt " + attempt + " at " + (isLocal() ? "this JVM" : host + ":" + port);
  }
}
