package chainrule.spark.gang;

import java.io.Serializable;
import java.util.Objects;
import java.util.UUID;

/**
 * What a task needs to join an attempt of a gang.
 *
 * @param host where the driver listens; empty if the tasks share its JVM
 * @param token a secret of this training, 122 random bits: who knows it was sent by Spark
 * @param attempt which attempt, from 1
 * @param reduces whether executors may have to collect the answers of others
 */
record GangInvitation(String host, int port, UUID token, int attempt, boolean reduces)
    implements Serializable {
  GangInvitation {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(token, "token");
  }

  boolean isLocal() {
    return host.isEmpty();
  }

  /** Does not show the token: texts end in logs. */
  @Override
  public String toString() {
    return "attempt " + attempt + " at " + (isLocal() ? "this JVM" : host + ":" + port);
  }
}
