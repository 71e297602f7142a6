package chainrule.ml;

import org.apache.spark.ml.util.Identifiable$;

/**
 * Unique identifiers of Spark ML's objects. The superclasses' constructors read the identifier
 * before a subclass in Java can set its own field. So a constructor that has an identifier leaves
 * it here for its thread, and the first call of {@code uid()} takes it.
 */
final class Uids {
  private static final ThreadLocal<String> GIVEN = new ThreadLocal<>();

  private Uids() {}

  /** An argument whose evaluation stores an identifier before the superclass's constructor runs. */
  enum Given {
    YES
  }

  static Given give(String uid) {
    GIVEN.set(uid);
    return Given.YES;
  }

  /** Returns the identifier that this thread gave last, or else a random one. */
  static String take(String prefix) {
    String uid = GIVEN.get();
    GIVEN.remove();
    return uid == null ? Identifiable$.MODULE$.randomUID(prefix) : uid;
  }
}
