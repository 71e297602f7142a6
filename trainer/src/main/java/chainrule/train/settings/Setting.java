package chainrule.train.settings;

import java.io.Serializable;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A setting that is either given or {@code auto}. Immutable.
 *
 * @param <T> type of the value; serializable
 */
public sealed interface Setting<T> extends Serializable {
  /**
   * Not given: the recipe's value is used.
   *
   * @param <T> type of the value
   */
  record Auto<T>() implements Setting<T> {}

  /**
   * Given by the user.
   *
   * @param <T> type of the value
   * @param value never null
   */
  record Given<T extends Serializable>(T value) implements Setting<T> {
    public Given {
      Objects.requireNonNull(value, "value");
    }
  }

  /** Returns a setting that is not given. */
  static <T> Setting<T> auto() {
    return new Auto<>();
  }

  /** Returns a setting that is given. */
  static <T extends Serializable> Setting<T> of(T value) {
    return new Given<>(value);
  }

  default boolean isAuto() {
    return this instanceof Auto;
  }

  /** Returns the value given, or else that of the recipe. */
  default T orElse(T recipe) {
    return orElseGet(() -> recipe);
  }

  /** Returns the value given, or else that of the recipe. */
  @SuppressWarnings("unchecked") // a Given that is a Setting<T> holds a T
  default T orElseGet(Supplier<T> recipe) {
    return this instanceof Given<?> given ? (T) given.value() : recipe.get();
  }

  /** Returns a setting of the mapped value, or {@code auto}. */
  @SuppressWarnings("unchecked") // see orElseGet
  default <U extends Serializable> Setting<U> map(Function<T, U> mapper) {
    return this instanceof Given<?> given ? of(mapper.apply((T) given.value())) : auto();
  }
}
