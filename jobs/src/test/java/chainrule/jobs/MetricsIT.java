package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.jobs.report.RunFiles;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spark's own sinks beside a training by the packed jar, on an executor that is a process and loads
 * the plugin from that jar: what they read are the numbers of the history.
 */
@Timeout(300)
class MetricsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFIX = "driver.plugin.chainrule.spark.MetricsPlugin.";
  private static final String SINK = "spark.metrics.conf.*.sink.csv.";

  @TempDir private Path temporary;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Process> running = new ArrayList<>();

  @AfterEach
  void end() {
    running.forEach(StandaloneCluster::kill);
  }

  /** Returns the gauges that the UI of Spark's driver serves; nothing while it starts. */
  private Optional<JsonNode> gauges(String port) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics/json/")).build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      boolean json = answer.headers().firstValue("Content-Type").orElse("").contains("json");
      return json ? Optional.of(JSON.readTree(answer.body()).path("gauges")) : Optional.empty();
    } catch (IOException e) { // nobody listens yet, or any more
      return Optional.empty();
    }
  }

  private static Optional<JsonNode> value(JsonNode gauges, String name) {
    return gauges.properties().stream()
        .filter(gauge -> gauge.getKey().endsWith(PREFIX + name))
        .map(gauge -> gauge.getValue().path("value"))
        .findFirst();
  }

  /** Returns the last value that the sink for CSV files wrote, at the end of the application. */
  private double written(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Path file =
          files
              .filter(path -> path.toString().endsWith(PREFIX + name + ".csv"))
              .findFirst()
              .orElseThrow();
      List<String> lines = Files.readAllLines(file);
      String last = lines.get(lines.size() - 1);
      return Double.parseDouble(last.substring(last.indexOf(',') + 1));
    }
  }

  @Test
  void sinksReadTheNumbersOfTheHistory() throws Exception {
    var output = new RunFolder(temporary.resolve("out"));
    Path folder = Files.createDirectory(temporary.resolve("metrics"));
    String port = Submission.freePort();
    var spark =
        Files.readString(Path.of(System.getProperty("chainrule.target"), "spark-jars")).strip();
    Process process =
        new Submission(temporary, spark, Path.of(System.getProperty("chainrule.jobs.jar")))
            .with("spark.ui.enabled", "true")
            .with("spark.ui.port", port)
            .with(SINK + "class", "org.apache.spark.metrics.sink.CsvSink")
            .with(SINK + "period", "1")
            .with(SINK + "directory", folder.toString())
            .start(
                "local-cluster[1,1,1024]",
                TrainJob.class,
                output.arguments(
                    "penguins.conf",
                    "training.epochs=150",
                    "training.refit=false",
                    "output.report=false"));
    running.add(process);
    List<Double> losses = new ArrayList<>();
    List<Integer> epochs = new ArrayList<>();
    while (process.isAlive() && losses.size() < 3) {
      Optional<JsonNode> gauges = gauges(port);
      gauges
          .flatMap(found -> value(found, "train.loss"))
          .filter(JsonNode::isNumber)
          .ifPresent(loss -> losses.add(loss.asDouble()));
      gauges.flatMap(found -> value(found, "epoch")).ifPresent(epoch -> epochs.add(epoch.asInt()));
    }
    StringBuilder printed = new StringBuilder();
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().forEach(line -> printed.append(line).append('\n'));
    }
    assertThat(process.waitFor()).as(printed::toString).isZero();

    List<JsonNode> history = output.jsonLines(RunFiles.HISTORY);
    assertThat(history).hasSize(150);
    assertThat(losses).hasSize(3);
    assertThat(history.stream().map(line -> line.at("/train/loss").asDouble()).toList())
        .containsAll(losses);
    assertThat(epochs).isSorted().allMatch(epoch -> epoch >= 0 && epoch <= 150);
    JsonNode last = history.get(149);
    for (String name :
        List.of(
            "epoch",
            "step",
            "learningRate",
            "train.loss",
            "validation.loss",
            "validation.accuracy", // a gauge that is registered while it runs
            "computeSeconds",
            "exchangeSeconds",
            "rowsPerSecond")) {
      assertThat(written(folder, name))
          .as(name)
          .isEqualTo(last.at("/" + name.replace('.', '/')).asDouble());
    }
    assertThat(written(folder, "faults.executorsLost")).isZero();
  }
}
