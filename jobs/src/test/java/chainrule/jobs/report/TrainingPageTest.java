package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.RandomStream;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingPageTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Names and values that would do harm if they were not escaped. */
  private static final List<String> HOSTILE =
      List.of(
          "</script><script>alert(1)</script>",
          "\"'`><img src=x onerror=alert(1)>",
          "{{title}}{{{data}}}",
          "<!--<script>",
          "]]>&lt;b&gt;\\u003c",
          "שלום עולם",
          "two\nlines\u2028and\u2029more");

  private static Schema schema(List<String> columns, Column label) {
    List<Column> features = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.get(i);
      features.add(i % 2 == 0 ? Column.numeric(name) : Column.categorical(name));
    }
    return new Schema(features, label, "");
  }

  /** Returns rows whose label follows the first number. */
  private static List<RawRow> rows(Schema schema, List<String> values, List<String> classes) {
    var random = new RandomStream(3);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      double[] numbers = new double[schema.numericFeatures().size()];
      for (int j = 0; j < numbers.length; j++) {
        numbers[j] = random.nextInt(20) == 0 && j > 0 ? Double.NaN : random.nextGaussian();
      }
      String[] categories = new String[schema.categoricalFeatures().size()];
      for (int j = 0; j < categories.length; j++) {
        categories[j] = values.get(random.nextInt(values.size()));
      }
      double label = numbers[0] + 0.3 * random.nextGaussian();
      int index = (int) Math.max(0, Math.min(classes.size() - 1, label + classes.size() / 2.0));
      rows.add(
          schema.label().isNumeric()
              ? RawRow.withNumericLabel(numbers, categories, 10 * label, 1)
              : RawRow.withTextLabel(numbers, categories, classes.get(index), 1));
    }
    return rows;
  }

  private static Document page(List<String> columns, List<String> classes) {
    Column label = classes.isEmpty() ? Column.numeric("y") : Column.categorical("y");
    Schema schema = schema(columns, label);
    List<RawRow> rows = rows(schema, List.of("a", "b", ""), classes);
    return Jsoup.parse(TrainingPage.html(Runs.evidence(schema, rows, "test", rows.subList(0, 60))));
  }

  private static JsonNode data(Document page) throws IOException {
    return JSON.readTree(page.getElementById("data").data());
  }

  private static Set<String> sections(Document page) {
    return page.select("section").stream().map(Element::id).collect(Collectors.toSet());
  }

  @Test
  void startsWithTheModelItsDataAndItsQuality() {
    Document page = page(List.of("size", "town"), List.of("no", "yes"));
    assertThat(page.selectFirst("h1").text()).isEqualTo("Predicting y");
    assertThat(page.select("p.lead").eachText().get(0))
        .matches(
            "Classification by a network with [0-9 ,\\u202f]+ parameters, trained on 300 rows"
                + " with 2 columns of rows.csv\\.");
    assertThat(page.select("p.lead").eachText().get(1))
        .startsWith(
            "It predicts the class correctly for 90.0\u202f% of the 60 test rows (95 % confidence"
                + " interval: 79.9\u202f% to 95.3\u202f%).");
  }

  @Test
  void twoClassesHaveCurvesAndNumbersDont() {
    assertThat(sections(page(List.of("a", "b"), List.of("no", "yes"))))
        .contains("findings", "metrics", "training", "confusion", "classes", "thresholds")
        .contains("importance", "columns", "network", "time", "settings")
        .doesNotContain("errors");
    assertThat(sections(page(List.of("a", "b"), List.of("x", "y", "z"))))
        .contains("confusion", "classes")
        .doesNotContain("thresholds", "errors");
    assertThat(sections(page(List.of("a", "b"), List.of())))
        .contains("errors", "importance")
        .doesNotContain("confusion", "classes", "thresholds");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 30})
  void everyChartHasACaptionUnitsAndATable(int classes) throws IOException {
    List<String> names = IntStream.range(0, classes).mapToObj(i -> "c" + i).toList();
    Document page = page(List.of("a", "b", "c"), names);
    JsonNode charts = data(page).path("charts");
    assertThat(page.select("canvas[data-chart]")).hasSize(charts.size());
    for (Element figure : page.select("figure:has(canvas[data-chart])")) {
      Element canvas = figure.selectFirst("canvas");
      assertThat(canvas.attr("role")).isEqualTo("img");
      assertThat(canvas.attr("aria-label")).contains(figure.selectFirst("figcaption").text());
      JsonNode chart = charts.path(Integer.parseInt(canvas.attr("data-chart")));
      if (!chart.path("kind").asText().equals("column")) {
        assertThat(chart.at("/x/label").asText()).isNotEmpty();
        assertThat(chart.path("series")).isNotEmpty();
      }
      assertThat(figure.closest("section").select("table")).isNotEmpty();
    }
    assertThat(page.select("table"))
        .allSatisfy(
            table -> {
              int columns = table.select("thead th").size();
              assertThat(table.select("tbody tr"))
                  .isNotEmpty()
                  .allSatisfy(row -> assertThat(row.children()).hasSize(columns));
            });
  }

  @Test
  void normsOfGradientAndWeightsHaveALineForEachLayer() throws IOException {
    Document page = page(List.of("a", "b"), List.of());
    JsonNode data = data(page);
    List<JsonNode> charts = new ArrayList<>();
    page.select("#network canvas")
        .forEach(c -> charts.add(data.path("charts").path(Integer.parseInt(c.attr("data-chart")))));
    assertThat(charts).hasSize(2);
    assertThat(charts.get(0).at("/y/label").asText()).isEqualTo("norm of the gradient");
    assertThat(charts.get(1).at("/y/label").asText()).isEqualTo("norm of the weights");
    for (JsonNode chart : charts) {
      assertThat(chart.at("/y/logarithmic").asBoolean()).isTrue();
      assertThat(chart.path("series")).hasSize(2);
      assertThat(chart.at("/series/0/name").asText()).startsWith("1: Dense 2");
    }
    assertThat(charts.get(0).at("/series/1/points/3/1").asDouble()).isEqualTo(0.25);
    assertThat(charts.get(1).at("/series/1/points/3/0").asDouble()).isEqualTo(4);
  }

  @Test
  void theConfusionMatrixCountsEveryRow() {
    Document page = page(List.of("a", "b"), List.of("x", "y", "z"));
    Element matrix = page.selectFirst("#confusion table");
    int sum = 0;
    int support = 0;
    for (Element row : matrix.select("tbody tr")) {
      List<String> cells = row.select("td").eachText();
      for (String cell : cells.subList(0, 3)) {
        sum += Integer.parseInt(cell.replaceAll(" .*", ""));
      }
      support += Integer.parseInt(cells.get(3));
    }
    assertThat(sum).isEqualTo(60);
    assertThat(support).isEqualTo(60);
  }

  @Test
  void noElementComesFromDataAndTheJsonParsesBackToIt() throws IOException {
    Document tame = page(tame("column"), tame("class"));
    String label = HOSTILE.get(0) + " label";
    Schema schema = schema(HOSTILE, Column.categorical(label));
    List<RawRow> rows = rows(schema, HOSTILE, HOSTILE);
    String html = TrainingPage.html(Runs.evidence(schema, rows, "test", rows.subList(0, 60)));
    Document page = Jsoup.parse(html);
    assertThat(page.select("script")).hasSize(3);
    assertThat(page.select("img, iframe, object, embed, link, base, form")).isEmpty();
    assertThat(tagNames(page)).isEqualTo(tagNames(tame));
    for (Element element : page.getAllElements()) {
      element.attributes().forEach(a -> assertThat(a.getKey()).doesNotStartWith("on"));
    }
    JsonNode data = data(page);
    for (int i = 0; i < HOSTILE.size(); i++) {
      String name = Texts.name(HOSTILE.get(i));
      assertThat(data.at("/columns/" + i + "/name").asText()).isEqualTo(name);
      assertThat(page.select("#columns tbody th").eachText()).contains(name);
    }
    // What is not cut and has no control characters is the very name.
    assertThat(data.at("/columns/0/name").asText()).isEqualTo(HOSTILE.get(0));
    assertThat(data.at("/columns/5/name").asText()).isEqualTo(HOSTILE.get(5));
    assertThat(page.selectFirst("h1").text()).isEqualTo("Predicting " + label);
    assertThat(html).doesNotContain("<script>alert(1)").doesNotContain("<img");
  }

  private static List<String> tame(String name) {
    return IntStream.range(0, HOSTILE.size()).mapToObj(i -> name + i).toList();
  }

  private static Set<String> tagNames(Document page) {
    Set<String> names = new TreeSet<>();
    page.getAllElements().forEach(element -> names.add(element.tagName()));
    return names;
  }

  @Test
  void onlyThePagesOwnScriptsMayRunAndNothingIsLoaded() {
    Document page = page(List.of("a", "b"), List.of("x", "y"));
    String policy = page.selectFirst("meta[http-equiv=Content-Security-Policy]").attr("content");
    assertThat(policy).startsWith("default-src 'none'; ").doesNotContain("unsafe");
    List<Element> scripts = page.select("script:not([type])");
    assertThat(scripts).hasSize(2);
    for (Element script : scripts) {
      assertThat(policy).contains(sha256(script.data()));
    }
    assertThat(policy).contains(sha256(page.selectFirst("style").data()));
    assertThat(scripts.get(0).data()).startsWith("/*!\n * Chart.js v4.4.9").contains("MIT License");
    assertThat(page.select("[src], [href]:not([href^=#]), [style]")).isEmpty();
    assertThat(page.outerHtml()).doesNotContain("sourceMappingURL");
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aNameOfTenThousandCharactersIsCut() throws IOException {
    String name = "long".repeat(2_500);
    Document page = page(List.of("a", name), List.of("x", "y"));
    assertThat(data(page).at("/columns/1/name").asText()).hasSize(60).endsWith("lon…");
    assertThat(page.html()).doesNotContain("long".repeat(60));
  }

  @Test
  void manyColumnsStayBelowAMegabyte() {
    List<String> columns = IntStream.range(0, 784).mapToObj(i -> "pixel" + i).toList();
    Document page = page(columns, List.of("x", "y"));
    String html = page.outerHtml();
    assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThan(1_000_000);
    assertThat(page.getElementById("column")).isNotNull();
    assertThat(page.select("#columns figure canvas[data-chart]")).hasSize(12);
  }

  @Test
  void theSamePageTwice() {
    Schema schema = schema(List.of("a", "b"), Column.numeric("y"));
    List<RawRow> rows = rows(schema, List.of("p", "q"), List.of());
    Evidence evidence = Runs.evidence(schema, rows, "test", rows.subList(0, 50));
    assertThat(TrainingPage.html(evidence)).isEqualTo(TrainingPage.html(evidence));
  }

  @Test
  void aRunOfTuneShowsItsTrials() {
    Schema schema = schema(List.of("a", "b"), Column.numeric("y"));
    List<RawRow> rows = rows(schema, List.of("p", "q"), List.of());
    Evidence plain = Runs.evidence(schema, rows, "test", rows.subList(0, 50));
    String tuning =
        "{\"search\":\"random\",\"folds\":3,\"metric\":\"rmse\",\"greaterIsBetter\":false,"
            + "\"best\":2,\"trials\":["
            + "{\"rank\":1,\"trial\":2,\"values\":{\"network.hidden\":[64]},\"mean\":1.5,"
            + "\"diverged\":false,\"seconds\":2.25},"
            + "{\"rank\":2,\"trial\":1,\"values\":{\"network.activation\":\"<b>\"},"
            + "\"mean\":null,\"diverged\":true,\"seconds\":0.5}]}";
    Evidence tuned =
        new Evidence(
            plain.run().withTuning(tuning),
            plain.model(),
            plain.statistics(),
            plain.part(),
            50,
            rows.subList(0, 50),
            plain.importance(),
            plain.kernels());
    Element section = Jsoup.parse(TrainingPage.html(tuned)).select("section#tuning").first();
    assertThat(section.select("p").first().text())
        .isEqualTo(
            "2 trials of a random search, compared by rmse (lower is better) as the mean over 3"
                + " folds. This run used the settings of trial 2.");
    assertThat(section.select("tbody tr").eachText())
        .containsExactly(
            "1 2 1.5 2.25 network.hidden=[64]", "2 1 diverged 0.5 network.activation=<b>");
    assertThat(sections(Jsoup.parse(TrainingPage.html(plain)))).doesNotContain("tuning");
  }

  @Test
  void aPageWithoutRowsHasTheOtherSections() {
    Schema schema = schema(List.of("a", "b"), Column.numeric("y"));
    List<RawRow> rows = rows(schema, List.of("p", "q"), List.of());
    Evidence some = Runs.evidence(schema, rows, "train", rows.subList(0, 50));
    Evidence none =
        new Evidence(
            some.run(),
            some.model(),
            some.statistics(),
            "train",
            0,
            List.of(),
            new Evidence.Importance(List.of(), 0, 1, 0),
            some.kernels());
    assertThat(sections(Jsoup.parse(TrainingPage.html(none))))
        .contains("metrics", "training", "columns", "network")
        .doesNotContain("errors", "importance");
  }
}
