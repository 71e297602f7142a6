package chainrule.data;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The chain of causes of an exception, from the exception itself to its root cause. Spark wraps the
 * exceptions of tasks several times, so code that reacts to one type has to search the chain.
 */
public final class Causes {
  private Causes() {}

  /** Returns the exception, its cause, the cause of that, and so on; nothing for null. */
  public static Stream<Throwable> stream(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  /** Returns the first exception of a type in the chain. */
  public static <T> Optional<T> find(Throwable failure, Class<T> type) {
    return stream(failure).filter(type::isInstance).map(type::cast).findFirst();
  }

  /** Returns the last exception of the chain, which has no cause. */
  public static Throwable root(Throwable failure) {
    return stream(failure).reduce(failure, (before, cause) -> cause);
  }
}
