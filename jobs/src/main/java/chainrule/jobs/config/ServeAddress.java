package chainrule.jobs.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a page is served: a port of this machine's own, or a host's. Immutable.
 *
 * @param host empty for the loopback, which no other machine reaches
 * @param port 0 for any free one
 */
public record ServeAddress(String host, int port) {
  public static final String RULE =
      "a port (0: any free one) or host:port, such as 8080 or \"0.0.0.0:8080\"";

  private static final Pattern FORM = Pattern.compile("(?:(\\[[^\\]]+]|[^:\\s]+):)?(\\d{1,5})");
  private static final int LARGEST_PORT = 65_535;

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ServeAddress of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > LARGEST_PORT) {
      throw new IllegalArgumentException(
          "Invalid address: \"" + text + "\" (must be " + RULE + ")");
    }
    String host = matcher.group(1) == null ? "" : matcher.group(1);
    return new ServeAddress(host, Integer.parseInt(matcher.group(2)));
  }

  /** Returns whether a text, by its form, is an address and not a file or a key. */
  public static boolean isAddress(String text) {
    return FORM.matcher(text).matches();
  }

  /** Returns the address to listen at, which is unresolved if the host is not known. */
  public InetSocketAddress socket() {
    return host.isEmpty()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
        : new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), port);
  }

  @Override
  public String toString() {
    return (host.isEmpty() ? "127.0.0.1" : host) + ":" + port;
  }
}
