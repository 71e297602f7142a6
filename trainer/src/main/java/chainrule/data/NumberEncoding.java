package chainrule.data;

import chainrule.math.Check;
import java.util.Locale;

/** The encoding of a numeric column. */
public enum NumberEncoding {
  /** One input. */
  PLAIN,
  /** One input, and beside it those of {@link PiecewiseLinear}. */
  PIECEWISE_LINEAR;

  /** Returns the name used in configurations and files. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the encoding of that name. */
  public static NumberEncoding of(String key) {
    for (NumberEncoding encoding : values()) {
      if (encoding.key().equals(key)) {
        return encoding;
      }
    }
    throw Check.invalid("encoding", '"' + key + '"', "auto, plain or piecewise-linear");
  }
}
