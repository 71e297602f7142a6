package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.jobs.live.EventReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowJobTest {
  @TempDir private static Path temporary;

  private static RunFolder output;

  @BeforeAll
  static void train() {
    output = new RunFolder(temporary.resolve("out"));
    Command.Result result =
        Command.run(
            new TrainJob(),
            output.arguments(
                "penguins.conf", "network.ensemble-size=3", "output.tensorboard=true"));
    assertThat(result.err()).isEmpty();
  }

  @Test
  void printsLayersColumnsMetricsAndFiles() {
    Command.Result result = Command.run(new ShowJob(), output.path("").toString());
    assertThat(result.err()).isEmpty();
    JsonNode metrics = output.json("metrics.json");
    assertThat(result.out())
        .contains(": classification of species, loss cross-entropy\n")
        .contains("3 classes: Adelie, Chinstrap, Gentoo\n")
        .contains("layer         inputs  outputs   parameters per member\n")
        .containsPattern("dense +\\d+ +8 +\\d+  activation silu\n")
        .containsPattern("dense +8 +3 +27  activation identity\n")
        .contains(" parameters in 3 members; their predictions are averaged\n")
        .containsPattern("island +category +3  Biscoe, Dream, Torgersen\n")
        .containsPattern(
            "bill_length_mm +number +\\d+  mean [\\d.]+, deviation [\\d.]+; missing replaced by"
                + " [\\d.]+.*; \\d+ bins from [\\d.]+ to [\\d.]+\n")
        .containsPattern("test +69 ")
        .contains("fingerprint " + metrics.path("dataFingerprint").asText() + "\n")
        .contains("weights  SHA-256 " + metrics.path("weightsSha256").asText() + "\n")
        .containsPattern("versions spark 4\\.\\S+, java \\S+\n")
        .containsPattern("files .*network.safetensors \\([\\d,]+\\)");
  }

  @Test
  void theConfigurationLeadsToTheSameFolder() {
    Command.Result result =
        Command.run(
            new ShowJob(), RunFolder.shipped("penguins.conf"), "output.dir=" + output.path(""));
    assertThat(result).isEqualTo(Command.run(new ShowJob(), output.path("").toString()));
  }

  @Test
  void printsAllOfItAsJson() throws IOException {
    Command.Result result = Command.run(new ShowJob(), output.path("").toString(), "--json");
    JsonNode json = new ObjectMapper().readTree(result.out());
    JsonNode metrics = output.json("metrics.json");
    assertThat(json.path("run")).isEqualTo(metrics);
    assertThat(json.path("weightsSha256")).isEqualTo(metrics.path("weightsSha256"));
    assertThat(json.path("network").path("parameters")).isEqualTo(metrics.path("parameters"));
    assertThat(json.path("columns").findValuesAsText("name"))
        .containsExactlyInAnyOrder(
            "bill_length_mm",
            "bill_depth_mm",
            "flipper_length_mm",
            "body_mass_g",
            "year",
            "island",
            "sex");
    int inputs = 0;
    for (JsonNode column : json.path("columns")) {
      inputs += column.path("inputs").asInt();
    }
    assertThat(inputs).isEqualTo(json.path("network").path("inputs").asInt());
  }

  @Test
  void theCurvesAreThoseOfTheHistory() throws IOException {
    List<JsonNode> history = output.jsonLines("history.jsonl");
    List<EventReader.Point> losses = new ArrayList<>();
    for (String run : List.of("train", "validation", "train-on-all-rows")) {
      try (Stream<Path> files = Files.list(output.path("tensorboard").resolve(run))) {
        List<Path> all = files.toList();
        assertThat(all).hasSize(1);
        assertThat(all.get(0).getFileName().toString()).matches("events\\.out\\.tfevents\\.\\d+");
        List<EventReader.Point> points = EventReader.points(Files.readAllBytes(all.get(0)));
        points.stream().filter(point -> point.tag().equals("loss")).forEach(losses::add);
      }
    }
    List<EventReader.Point> expected = new ArrayList<>();
    for (String part : List.of("train", "validation")) {
      for (JsonNode line : history.subList(0, 3)) {
        expected.add(point(line, part));
      }
    }
    for (JsonNode line : history.subList(3, history.size())) {
      expected.add(point(line, "train"));
    }
    assertThat(losses).isEqualTo(expected);
  }

  private static EventReader.Point point(JsonNode line, String part) {
    return new EventReader.Point(
        line.path("step").asLong(), "loss", (float) line.path(part).path("loss").asDouble());
  }
}
