package chainrule.spark.gang;

import chainrule.data.InvalidDataException;
import chainrule.math.Check;
import chainrule.spark.cluster.RefusedInput;
import java.io.IOException;
import org.apache.spark.SparkException;

/**
 * Why a task failed: what an executor reports to the driver.
 *
 * @param text the message, a sentence
 */
record GangFailure(Kind kind, String text) {
  /** Decides whether another attempt can help. */
  enum Kind {
    /** Rows or files are invalid, and would be at the next try. */
    REFUSED(1),
    /** The driver or another executor cannot be reached. */
    UNREACHABLE(2),
    /** Another attempt may succeed. */
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
      throw Check.invalid("kind of failure", code, "1 to 3");
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
   * Returns the failure as an exception for the driver.
   *
   * @param who the task that failed, for the message
   */
  Exception toException(String who) {
    return switch (kind) {
      case REFUSED -> new InvalidDataException(text);
      case UNREACHABLE -> new UnreachableException(text, new IOException(who + " reported it"));
      case OTHER -> new SparkException(who + ": " + text);
    };
  }
}
