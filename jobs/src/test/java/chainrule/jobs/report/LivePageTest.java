package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.train.history.EpochRecord;
import chainrule.train.history.EpochRecord.Phase;
import chainrule.train.sums.Metrics;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LivePageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final LiveState.Trials NO_TRIALS = new LiveState.Trials("", List.of());

  private static EpochRecord epoch(Phase phase, int epoch, double loss, double held) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", held);
    metrics.put("accuracy", 0.875);
    metrics.put("logLoss", held);
    Metrics validation = phase == Phase.FIT ? new Metrics(40, metrics, Map.of()) : Metrics.none();
    return new EpochRecord(
        phase,
        epoch,
        10L * epoch,
        0.01,
        loss,
        validation,
        2,
        1,
        12_345.6,
        EpochRecord.Norms.none());
  }

  private static LiveState state(
      String label, LiveState.End end, List<EpochRecord> history, LiveState.Trials trials) {
    var curve = new StepCurve(10);
    curve.add(0, 0.9, 0.02);
    return new LiveState(
        List.of(label),
        label + ".conf",
        "Training",
        end,
        new LiveState.Progress(4, 15, 40, 0.6, 0.02, 12_345.6, 65.2),
        "gang with java",
        history,
        List.of(curve),
        List.of("Lost 1 executor; " + label),
        trials);
  }

  private static final List<EpochRecord> EPOCHS =
      List.of(epoch(Phase.FIT, 1, 0.8, 0.5), epoch(Phase.FIT, 2, 0.7, 0.625));

  private static JsonNode json(LiveState state) throws IOException {
    return JSON.readTree(LivePage.json(state));
  }

  private static List<String> tiles(JsonNode json) {
    List<String> tiles = new ArrayList<>();
    json.path("tiles")
        .forEach(tile -> tiles.add(tile.get(0).asText() + ": " + tile.get(1).asText()));
    return tiles;
  }

  @Test
  void showsTheNumbersOfTheRun() throws IOException {
    JsonNode json = json(state("y", LiveState.End.NOT_YET, EPOCHS, NO_TRIALS));
    assertThat(json.path("sentence").asText()).isEqualTo("Training, 37\u202f% done");
    assertThat(json.path("end").asText()).isEqualTo("not-yet");
    assertThat(json.path("done").asDouble()).isEqualTo(0.375);
    assertThat(tiles(json))
        .containsExactly(
            "epoch: 2 of 4",
            "step: 15 of 40",
            "time left: 66\u202fs",
            "loss of the last step: 0.6",
            "training loss, epoch 2: 0.7",
            "validation loss: 0.625",
            "validation accuracy: 87.5\u202f%",
            "best validation loss: 0.5 in epoch 1",
            "learning rate: 0.02",
            "rows per second: 12\u202f346",
            "engine: gang with java");
    assertThat(json.at("/faults/0").asText()).isEqualTo("Lost 1 executor; y");
    JsonNode losses = json.at("/charts/0/series");
    assertThat(losses.findValuesAsText("name"))
        .containsExactly("training, by step", "training", "validation");
    assertThat(losses.get(1).path("points").toString()).isEqualTo("[[1.0,0.8],[2.0,0.7]]");
    assertThat(losses.get(2).path("points").toString()).isEqualTo("[[1.0,0.5],[2.0,0.625]]");
    assertThat(json.at("/charts/1/series")).isEmpty(); // no trials
    assertThat(json.at("/charts/2/y/label").asText()).isEqualTo("accuracy");
  }

  @Test
  void trainingOnAllRowsIsASeparateLine() throws IOException {
    List<EpochRecord> both = new ArrayList<>(EPOCHS);
    both.add(epoch(Phase.REFIT, 1, 0.75, 0));
    JsonNode losses =
        json(state("y", LiveState.End.NOT_YET, both, NO_TRIALS)).at("/charts/0/series");
    assertThat(losses.get(3).path("name").asText()).isEqualTo("training on all rows");
    assertThat(losses.get(3).path("points").toString()).isEqualTo("[[1.0,0.75]]");
  }

  @Test
  void trialsHaveASeparateChart() throws IOException {
    var trials = new LiveState.Trials("rmse", List.of(3.0, Double.NaN, 2.5));
    JsonNode chart = json(state("y", LiveState.End.NOT_YET, EPOCHS, trials)).at("/charts/1");
    assertThat(chart.at("/y/label").asText()).isEqualTo("RMSE");
    assertThat(chart.at("/series/0/points").toString())
        .isEqualTo("[[1.0,3.0],[2.0,null],[3.0,2.5]]");
  }

  @Test
  void manyEpochsAreDrawnByFewPointsAndTheLastIsOneOfThem() throws IOException {
    List<EpochRecord> many = new ArrayList<>();
    for (int i = 1; i <= 3333; i++) {
      many.add(epoch(Phase.FIT, i, 1.0 / i, 2.0 / i));
    }
    JsonNode points =
        json(state("y", LiveState.End.NOT_YET, many, NO_TRIALS)).at("/charts/0/series/0/points");
    assertThat(points.size()).isBetween(400, 500);
    assertThat(points.get(points.size() - 1).get(0).asInt()).isEqualTo(3333);
  }

  @Test
  void aFinishedRunReportsItsEndAndItsReport() throws IOException {
    JsonNode json = json(state("y", LiveState.End.DONE_WITH_REPORT, EPOCHS, NO_TRIALS));
    assertThat(json.path("end").asText()).isEqualTo("done-with-report");
    assertThat(json.path("sentence").asText()).isEqualTo("Training");
    assertThat(tiles(json)).contains("time left: none");
  }

  @Test
  void beforeTheFirstStepOnlyTheActivityIsShown() throws IOException {
    var early =
        new LiveState(
            List.of("y"),
            "y.conf",
            "Reading the data",
            LiveState.End.NOT_YET,
            LiveState.Progress.none(),
            "",
            List.of(),
            List.of(),
            List.of(),
            NO_TRIALS);
    JsonNode json = json(early);
    assertThat(json.path("sentence").asText()).isEqualTo("Reading the data");
    assertThat(json.path("tiles")).isEmpty();
    assertThat(json.path("charts")).allMatch(chart -> chart.path("series").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</script><script>alert(1)</script>",
        "\"'`><img src=x onerror=alert(1)>",
        "{{title}}{{{data}}}",
        "<!--<script>"
      })
  void namesAreEscaped(String name) throws IOException {
    LiveState state = state(name, LiveState.End.NOT_YET, EPOCHS, NO_TRIALS);
    Document page = Jsoup.parse(LivePage.html(state, 7));
    assertThat(page.selectFirst("h1").text()).isEqualTo("Predicting " + name);
    assertThat(page.selectFirst("p.lead").text()).isEqualTo(name + ".conf");
    assertThat(page.select("#faults p").text()).isEqualTo("Lost 1 executor; " + name);
    assertThat(page.select("img")).isEmpty();
    assertThat(page.select("script")).hasSize(4); // data, Chart.js, the charts, the questions
    assertThat(json(state).at("/faults/0").asText()).endsWith(name);
  }

  @Test
  void thePageAsksWhereItCameFromAndNowhereElse() throws IOException {
    Document page =
        Jsoup.parse(LivePage.html(state("y", LiveState.End.NOT_YET, EPOCHS, NO_TRIALS), 7));
    assertThat(page.selectFirst("meta[http-equiv]").attr("content"))
        .startsWith("default-src 'none'; style-src 'sha256-")
        .contains("; connect-src 'self'; base-uri 'none'; form-action 'none'");
    JsonNode data = JSON.readTree(page.getElementById("data").data());
    assertThat(data.at("/live/url").asText()).isEqualTo("run.json?page=7");
    assertThat(data.path("charts")).hasSameSizeAs(page.select("canvas"));
    assertThat(page.select("#tiles dt").eachText()).startsWith("epoch", "step", "time left");
    assertThat(page.selectFirst("progress").attr("value")).isEqualTo("0.3750");
  }
}
