package chainrule.jobs.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of the live page: a port and, optionally, a host. Immutable.
 *
 * @param host empty for the loopback interface, which other machines cannot reach
 * @param port 0 for any free port
 */
public record ServeAddress(String host, int port) {
  public static final String RULE =
      "a port (0: any free one) or host:port, such as 8080 or \"0.0.0.0:8080\"";

  private static final Pattern FORM = Pattern.compile("(?:(\\[[^\\]]+]|[^:\\s]+):)?(\\d{1,5})");
  private static final int LARGEST_PORT = 65_535;

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if the text is not an address
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

  /** Returns whether a text has the form of an address, and not of a file or a key. */
  public static boolean isAddress(String text) {
    return FORM.matcher(text).matches();
  }

  /** Returns the socket address, which is unresolved if the host is unknown. */
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
