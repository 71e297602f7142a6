package chainrule.train.settings;

import java.io.Serializable;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A setting that is either given or left to the recipe. Immutable.
 *
 * @param <T> type of the value; serializable
 */
public sealed interface Setting<T> extends Serializable {
  /**
   * Left to the recipe.
   *
   * @param <T> type of the value
   */
  record Auto<T>() implements Setting<T> {}

  /**
   * Given by the user.
   *
   * @param <T> type of the value
   * @param value what was given, never null
   */
  record Given<T extends Serializable>(T value) implements Setting<T> {
    public Given {
      Objects.requireNonNull(value, "value");
    }
  }

  /** Leaves a setting to the recipe. */
  static <T> Setting<T> auto() {
    return new Auto<>();
  }

  /** Gives a setting. */
  static <T extends Serializable> Setting<T> of(T value) {
    return new Given<>(value);
  }

  default boolean isAuto() {
    return this instanceof Auto;
  }

  /** Returns the value given, or else the recipe's. */
  default T orElse(T recipe) {
    return orElseGet(() -> recipe);
  }

  /** Returns the value given, or else the recipe's. */
  @SuppressWarnings("unchecked") // a Given that is a Setting<T> holds a T
  default T orElseGet(Supplier<T> recipe) {
    return this instanceof Given<?> given ? (T) given.value() : recipe.get();
  }

  /** Returns a choice of the mapped value, or the choice to leave it to the recipe. */
  @SuppressWarnings("unchecked") // see orElseGet
  default <U extends Serializable> Setting<U> map(Function<T, U> mapper) {
    return this instanceof Given<?> given ? of(mapper.apply((T) given.value())) : auto();
  }
}
