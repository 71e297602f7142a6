package chainrule.ml;

import org.apache.spark.ml.util.Identifiable$;

/**
 * Unique identifiers of Spark ML's objects. Their superclasses ask for the identifier while they
 * are constructed, before a subclass in Java could set a field of its own; so one that is given
 * waits here, and is taken when the first asks.
 */
final class Uids {
  private static final ThreadLocal<String> GIVEN = new ThreadLocal<>();

  private Uids() {}

  /** What a constructor takes, so that an identifier is given before the superclass's begins. */
  enum Given {
    YES
  }

  static Given give(String uid) {
    GIVEN.set(uid);
    return Given.YES;
  }

  /** Returns the identifier that was given last, or else a random one. */
  static String take(String prefix) {
    String uid = GIVEN.get();
    GIVEN.remove();
    return uid == null ? Identifiable$.MODULE$.randomUID(prefix) : uid;
  }
}
