package chainrule.spark.gang;

import chainrule.data.InvalidDataException;
import chainrule.spark.cluster.RefusedInput;
import java.io.IOException;
import org.apache.spark.SparkException;

/**
 * Why a task of a gang failed, as far as the driver must know to go on, or not.
 *
 * @param text a sentence
 */
record GangFailure(Kind kind, String text) {
  /** What follows of a failure. */
  enum Kind {
    /** Rows or files are refused, and would be again. */
    REFUSED(1),
    /** The driver, or another executor, isn't reached. */
    UNREACHABLE(2),
    /** It may go better the next time. */
    OTHER(3);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    byte code() {
      return code;
    }

    static Kind of(byte code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no failure of a gang");
    }

    static Kind of(Throwable failure) {
      if (RefusedInput.of(failure).isPresent()) {
        return REFUSED;
      }
      return UnreachableException.of(failure).isPresent() ? UNREACHABLE : OTHER;
    }
  }

  static GangFailure of(Throwable failure) {
    Kind kind = Kind.of(failure);
    Throwable cause =
        switch (kind) {
          case REFUSED -> RefusedInput.of(failure).orElseThrow();
          case UNREACHABLE -> UnreachableException.of(failure).orElseThrow();
          case OTHER -> failure;
        };
    return new GangFailure(kind, kind == Kind.OTHER ? cause.toString() : cause.getMessage());
  }

  /**
   * Returns the failure on the driver's side.
   *
   * @param who failed, for the message
   */
  Exception toException(String who) {
    return switch (kind) {
      case REFUSED -> new InvalidDataException(text);
      case UNREACHABLE -> new UnreachableException(text, new IOException(who + " told so"));
      case OTHER -> new SparkException(who + ": " + text);
    };
  }
}
