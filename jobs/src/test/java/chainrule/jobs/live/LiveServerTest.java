package chainrule.jobs.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.jobs.Command;
import chainrule.jobs.RunFolder;
import chainrule.jobs.Submission;
import chainrule.jobs.TrainJob;
import chainrule.jobs.TuneJob;
import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.ServeAddress;
import chainrule.jobs.report.RunFiles;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The page of a run, over HTTP. */
@Timeout(120)
class LiveServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ServeAddress ANY_PORT = ServeAddress.of("0");

  @TempDir private Path temporary;

  private final HttpClient client = HttpClient.newHttpClient();
  private LiveRun run;

  @BeforeEach
  void configure() throws IOException {
    Path file =
        Files.writeString(temporary.resolve("a<b>.conf"), "data.label = \"<i>\"\noutput.dir = out");
    run = new LiveRun(Configuration.load(file.toString(), List.of()));
  }

  private HttpResponse<String> ask(String method, String url)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void servesThePageAndTheState() throws Exception {
    try (var server = LiveServer.start(ANY_PORT, run)) {
      assertThat(server.url()).matches("http://127\\.0\\.0\\.1:\\d+/");
      HttpResponse<String> page = ask("GET", server.url());
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
      assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
      Document document = Jsoup.parse(page.body());
      assertThat(document.selectFirst("h1").text()).isEqualTo("Predicting <i>");
      assertThat(document.selectFirst("p.lead").text()).isEqualTo("a<b>.conf, results to out");

      HttpResponse<String> json = ask("GET", server.url() + "run.json");
      assertThat(json.headers().firstValue("Content-Type"))
          .hasValue("application/json; charset=utf-8");
      assertThat(JSON.readTree(json.body()).path("sentence").asText()).isEqualTo("Starting Spark");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, run.json/, 404",
    "GET, ../../etc/passwd, 404",
    "GET, report.html, 404", // which is not there yet
    "GET, favicon.ico, 404",
    "POST, run.json, 405",
    "DELETE, '', 405",
    "HEAD, '', 200"
  })
  void answersNothingElse(String method, String path, int status) throws Exception {
    try (var server = LiveServer.start(ANY_PORT, run)) {
      HttpResponse<String> answer = ask(method, server.url() + path);
      assertThat(answer.statusCode()).isEqualTo(status);
      if (status == 405) {
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
      }
      if (method.equals("HEAD")) {
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValueAsLong("Content-Length").orElse(0))
            .isGreaterThan(100_000);
      }
    }
  }

  private String statusFor(LiveServer server, String host) throws IOException {
    URI url = URI.create(server.url());
    try (var socket = new Socket(url.getHost(), url.getPort())) {
      String request = "GET /run.json HTTP/1.0\r\nHost: " + host + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.lines().findFirst().orElse("").replaceFirst("HTTP/1.[01] ", "");
    }
  }

  @Test
  void aPageFromElsewhereThatUsesItsOwnNameIsTurnedAway() throws IOException {
    try (var server = LiveServer.start(ANY_PORT, run)) {
      assertThat(statusFor(server, "localhost:9999")).startsWith("200"); // through a tunnel
      assertThat(statusFor(server, "127.0.0.1")).startsWith("200");
      assertThat(statusFor(server, "[::1]:80")).startsWith("200");
      assertThat(statusFor(server, "evil.example")).startsWith("403");
      assertThat(statusFor(server, "localhost.evil.example:80")).startsWith("403");
    }
  }

  @Test
  void endsAtOnceIfNobodyLooksAndOtherwiseWaitsUntilThePageHasHeard() throws Exception {
    String url;
    CompletableFuture<Void> closing;
    try (var server = LiveServer.start(ANY_PORT, run)) {
      url = server.url();
      ask("GET", url); // page 1
      run.fail("Failed: no space");
      closing = CompletableFuture.runAsync(server::close);
      JsonNode last = JSON.readTree(ask("GET", url + "run.json?page=1").body());
      assertThat(last.path("end").asText()).isEqualTo("failed");
      assertThat(last.path("sentence").asText()).isEqualTo("Failed: no space");
      closing.join();
    }
    assertThatThrownBy(() -> ask("GET", url)).isInstanceOf(ConnectException.class);
  }

  @Test
  void aPortThatIsTakenEndsTheCommandInASentence() throws IOException {
    var output = new RunFolder(temporary.resolve("out"));
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<String> arguments = output.arguments("penguins.conf", "--serve");
      arguments.add(Integer.toString(taken.getLocalPort()));
      assertThat(Command.run(new TrainJob(), arguments))
          .isEqualTo(
              new Command.Result(
                  2,
                  "",
                  "Cannot serve a page at 127.0.0.1:"
                      + taken.getLocalPort()
                      + ": Address already in use (output.serve must be "
                      + ServeAddress.RULE
                      + ")\n"));
    }
    assertThat(output.path("")).doesNotExist();
  }

  @Test
  void aHostThatIsNotKnownIsRefused() {
    assertThatThrownBy(() -> LiveServer.start(ServeAddress.of("no.such.host.invalid:0"), run))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("Cannot serve a page at no.such.host.invalid:0: ");
  }

  /** Polls like a browser until the end, and returns all answers. */
  private List<JsonNode> watch(String url, CompletableFuture<Command.Result> training)
      throws Exception {
    List<JsonNode> answers = new ArrayList<>();
    boolean loaded = false;
    while (answers.isEmpty()
        || answers.get(answers.size() - 1).path("end").asText().equals("not-yet")) {
      assertThat(training).isNotDone();
      try {
        if (!loaded) {
          ask("GET", url);
          loaded = true;
        }
        answers.add(JSON.readTree(ask("GET", url + "run.json?page=1").body()));
      } catch (ConnectException e) {
        assertThat(loaded).as("the server went while it was looked at").isFalse();
      }
    }
    return answers;
  }

  @Test
  void aRealTrainingIsShownWhileItRunsAndThenItsReport() throws Exception {
    var output = new RunFolder(temporary.resolve("out"));
    String port = Submission.freePort();
    List<String> arguments = output.arguments("penguins.conf", "--serve=" + port);
    String url = "http://127.0.0.1:" + port + "/";
    var training = CompletableFuture.supplyAsync(() -> Command.run(new TrainJob(), arguments));
    List<JsonNode> answers = watch(url, training);
    String report = ask("GET", url + "report.html?page=1").body();

    Command.Result result = training.join();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("Live page: " + url + "\n");
    assertThat(report).isEqualTo(Files.readString(output.path("report.html")));
    assertThat(answers.stream().map(one -> one.path("sentence").asText().replaceFirst(",.*", "")))
        .contains(
            "Training", "Computing metrics and writing", "Done: written to " + output.path(""));
    JsonNode last = answers.get(answers.size() - 1);
    assertThat(last.path("end").asText()).isEqualTo("done-with-report");
    List<JsonNode> history = output.jsonLines(RunFiles.HISTORY);
    JsonNode losses = last.at("/charts/0/series/1/points");
    assertThat(losses).hasSize(3);
    for (int i = 0; i < 3; i++) { // five digits are shown
      double loss = history.get(i).at("/train/loss").asDouble();
      assertThat(losses.get(i).get(1).asDouble() / loss).isBetween(0.9999, 1.0001);
    }
  }

  @Test
  void aSearchShowsItsTrials() throws Exception {
    var output = new RunFolder(temporary.resolve("out"));
    String port = Submission.freePort();
    List<String> arguments =
        output.arguments(
            "penguins.conf",
            "output.report=false",
            "output.serve=" + port,
            "tune.space.network.hidden=[[4], [8]]");
    var training = CompletableFuture.supplyAsync(() -> Command.run(new TuneJob(), arguments));
    List<JsonNode> answers = watch("http://127.0.0.1:" + port + "/", training);
    assertThat(training.join().exitCode()).isZero();
    assertThat(answers.stream().map(one -> one.path("sentence").asText()))
        .anyMatch(sentence -> sentence.startsWith("Trial 2 of 2: Training"))
        .anyMatch(sentence -> sentence.startsWith("With the settings of trial "));
    JsonNode scores = answers.get(answers.size() - 1).at("/charts/1/series/0/points");
    List<JsonNode> trials = new ArrayList<>();
    output.json(RunFiles.TUNING).path("trials").forEach(trials::add);
    assertThat(scores).hasSameSizeAs(trials).hasSize(2);
  }

  private static List<String> overrides(String... arguments) {
    var job = new TrainJob();
    new CommandLine(job).parseArgs(arguments);
    return job.overrides();
  }

  @Test
  void theOptionIsTheKeyWithOrWithoutAPort() {
    assertThat(overrides("a.conf")).isEmpty();
    assertThat(overrides("a.conf", "--serve")).containsExactly("output.serve=\"0\"");
    assertThat(overrides("--serve", "a.conf", "x=1")).containsExactly("x=1", "output.serve=\"0\"");
    assertThat(overrides("--serve", "8080", "a.conf")).containsExactly("output.serve=\"8080\"");
    assertThat(overrides("a.conf", "--serve=h:1")).containsExactly("output.serve=\"h:1\"");
    assertThat(overrides("a.conf", "--serve=here")).containsExactly("output.serve=\"here\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "here", "host:", ":80", "70000", "-1", "a b:80", "1:2:3"})
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> ServeAddress.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid address: \"" + text + "\" (must be " + ServeAddress.RULE + ")");
  }

  @Test
  void withoutAHostItIsTheLoopback() {
    assertThat(ServeAddress.of("8080").socket().getAddress().isLoopbackAddress()).isTrue();
    assertThat(ServeAddress.of("0.0.0.0:80").socket().getAddress().isAnyLocalAddress()).isTrue();
    assertThat(ServeAddress.of("[::1]:80").socket().getAddress().isLoopbackAddress()).isTrue();
  }
}
