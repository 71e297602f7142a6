package chainrule.math;

/**
 * Argument checks that all say the same thing in the same form: {@code "Invalid <what>: <value>
 * (must be <rule>)"}.
 *
 * <p>Write conditions so that NaN fails them: {@code rate > 0}, not {@code !(rate <= 0)}.
 */
public final class Check {
  private Check() {}

  /** Throws {@link #invalid} unless {@code valid}. Boxes its value, so keep it out of hot loops. */
  public static void argument(boolean valid, String what, Object value, String rule) {
    if (!valid) {
      throw invalid(what, value, rule);
    }
  }

  /** Returns the exception to throw for a value that breaks a rule. */
  public static IllegalArgumentException invalid(String what, Object value, String rule) {
    return new IllegalArgumentException(
        "Invalid " + what + ": " + value + " (must be " + rule + ")");
  }
}
