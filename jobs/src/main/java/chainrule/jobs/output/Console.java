package chainrule.jobs.output;

import java.util.Locale;

/** Standard output, where a command prints its result. */
public final class Console {
  private Console() {}

  /** Prints a line of the result, formatted like {@link String#format}. */
  public static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
