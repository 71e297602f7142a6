package chainrule.jobs.live;

import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.ServeAddress;
import chainrule.jobs.report.LivePage;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the live page of a run: {@code /} is the page, {@code /run.json} the data that its script
 * polls, {@code /report.html} the report after it is written. Read only.
 *
 * <p>When the run ends, the server waits a few seconds until the open pages have received the end
 * and the report.
 */
public final class LiveServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveServer.class);

  /** A page polls every second. A page that was silent for longer is closed. */
  private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final int MOST_PAGES = 100;
  private static final int THREADS = 2;

  /** Host headers of this machine: other names may come from a DNS rebinding attack. */
  private static final Pattern OWN_HOST =
      Pattern.compile("(?i)(localhost|[0-9.]+|\\[[0-9a-f:.]+])(:\\d+)?");

  private static final Pattern PAGE = Pattern.compile("page=(\\d{1,9})");

  private final LiveRun run;
  private final HttpServer server;
  private final ExecutorService threads;
  private final boolean isPrivate;

  /** The open pages, by number, with the time of their last request. */
  private final Map<Integer, Long> pages = new LinkedHashMap<>();

  private int lastPage;

  private LiveServer(HttpServer server, LiveRun run) {
    this.server = server;
    this.run = run;
    this.isPrivate = server.getAddress().getAddress().isLoopbackAddress();
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              var thread = new Thread(work, "chainrule-page");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::answer);
  }

  /**
   * Starts a server.
   *
   * @throws ConfigurationException if the address cannot be used
   */
  public static LiveServer start(ServeAddress address, LiveRun run) {
    // A client that sends half a request must not keep a thread.
    for (String limit : new String[] {"maxReqTime", "maxRspTime"}) {
      String key = "sun.net.httpserver." + limit;
      System.setProperty(key, System.getProperty(key, "10"));
    }
    try {
      var live = new LiveServer(HttpServer.create(address.socket(), 0), run);
      live.server.start();
      return live;
    } catch (IOException | UnresolvedAddressException e) {
      String reason = e.getMessage() == null ? "unknown host" : e.getMessage();
      throw new ConfigurationException(
          String.format(
              "Cannot serve a page at %s: %s (output.serve must be %s)",
              address, reason, ServeAddress.RULE));
    }
  }

  /** Returns the address of the page. */
  public String url() {
    InetSocketAddress address = server.getAddress();
    String host =
        address.getAddress().isAnyLocalAddress()
            ? System.getenv().getOrDefault("HOSTNAME", "localhost")
            : address.getAddress().getHostAddress();
    return String.format(
        Locale.ROOT,
        "http://%s:%d/",
        host.contains(":") ? "[" + host + "]" : host,
        address.getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        answerIfAllowed(exchange);
      } catch (RuntimeException e) {
        LOG.warn("Cannot answer {}: {}", exchange.getRequestURI(), e.getMessage());
        send(exchange, 500, "text/plain", "Internal error\n");
      }
    }
  }

  private void answerIfAllowed(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      send(exchange, 405, "text/plain", "Only GET and HEAD are allowed\n");
      return;
    }
    // Against DNS rebinding: another site must not read the page under its host name.
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (isPrivate && (host == null || !OWN_HOST.matcher(host).matches())) {
      send(exchange, 403, "text/plain", "Use the IP address or localhost\n");
      return;
    }
    answer(exchange, exchange.getRequestURI().getPath());
  }

  private void answer(HttpExchange exchange, String path) throws IOException {
    Optional<byte[]> report =
        path.equals("/" + LivePage.REPORT_PATH) ? run.report() : Optional.empty();
    if (path.equals("/")) {
      send(exchange, 200, "text/html", LivePage.html(run.state(), nextPage()));
    } else if (path.equals("/" + LivePage.JSON_PATH)) {
      var state = run.state();
      boolean isLastAnswer = state.isOver() && run.report().isEmpty();
      recordRequest(exchange);
      send(exchange, 200, "application/json", LivePage.json(state));
      if (isLastAnswer) {
        removePage(exchange);
      }
    } else if (report.isPresent()) {
      send(exchange, 200, "text/html", report.get());
      removePage(exchange);
    } else {
      send(exchange, 404, "text/plain", "Not found\n");
    }
  }

  private static void send(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    send(exchange, code, type, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int code, String type, byte[] body)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type + "; charset=utf-8");
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(code, -1);
    } else {
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private synchronized int nextPage() {
    lastPage++;
    recordRequest(lastPage);
    return lastPage;
  }

  private void recordRequest(HttpExchange exchange) {
    page(exchange).ifPresent(this::recordRequest);
  }

  private synchronized void recordRequest(int page) {
    pages.put(page, System.nanoTime());
    if (pages.size() > MOST_PAGES) {
      pages.remove(pages.keySet().iterator().next());
    }
  }

  private void removePage(HttpExchange exchange) {
    page(exchange).ifPresent(this::removePage);
  }

  private synchronized void removePage(int page) {
    pages.remove(page);
    notifyAll();
  }

  private static Optional<Integer> page(HttpExchange exchange) {
    String query = exchange.getRequestURI().getQuery();
    Matcher matcher = PAGE.matcher(query == null ? "" : query);
    return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
  }

  /** Waits until no page is open, or all are silent. */
  private synchronized void awaitPages() {
    long end = System.nanoTime() + GONE_NANOS;
    while (!pages.isEmpty() && System.nanoTime() < end) {
      long now = System.nanoTime();
      pages.values().removeIf(asked -> now - asked > GONE_NANOS);
      try {
        wait(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    awaitPages();
    server.stop(0);
    threads.shutdownNow();
  }
}
