package chainrule.data;

/**
 * A cell, row, column or file cannot be used. The message is one sentence that names it, the value
 * found and what was expected; it begins with {@code file:row:column} as far as they are known.
 */
public final class InvalidDataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InvalidDataException(String message) {
    super(message);
  }

  public InvalidDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
