package chainrule.spark.read;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Predicate;

/** Iterators over the rows of a partition, which are far too many for a list. */
public final class Iterators {
  private Iterators() {}

  /** Returns what a function makes of each element, one at a time as it is asked for. */
  public static <A, B> Iterator<B> map(Iterator<A> source, Function<A, B> function) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return source.hasNext();
      }

      @Override
      public B next() {
        return function.apply(source.next());
      }
    };
  }

  /**
   * Returns the elements that a test is true of. An element is read when it is asked whether there
   * is one, so the source may use it again after the next such question.
   */
  public static <T> Iterator<T> filter(Iterator<T> source, Predicate<T> test) {
    return new Iterator<>() {
      private T next;
      private boolean ready;

      @Override
      public boolean hasNext() {
        while (!ready && source.hasNext()) {
          next = source.next();
          ready = test.test(next);
        }
        return ready;
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        ready = false;
        return next;
      }
    };
  }

  /** Returns the elements of one, then those of the other. */
  public static <T> Iterator<T> concatenate(Iterator<T> first, Iterator<T> second) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return first.hasNext() || second.hasNext();
      }

      @Override
      public T next() {
        return first.hasNext() ? first.next() : second.next();
      }
    };
  }
}
