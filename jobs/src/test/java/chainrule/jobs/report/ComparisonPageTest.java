package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class ComparisonPageTest {
  private static final List<Double> THREE = List.of(0.9, 0.5, 0.4);
  private static final List<Double> FOUR = List.of(0.8, 0.6, 0.3, 0.35);

  private static Document page(RunFiles... runs) {
    return Jsoup.parse(ComparisonPage.html(List.of(runs)));
  }

  private static Element row(Document page, String section, String head) {
    return page.select("#" + section + " tbody tr").stream()
        .filter(row -> row.child(0).text().equals(head))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void marksAndNamesTheBestRun() {
    Document page =
        page(Runs.run("one", true, 0.8, THREE, "y"), Runs.run("two", true, 0.9, FOUR, "y"));
    assertThat(page.select("p.lead").text())
        .isEqualTo("“\u2068two\u2069” is best on the test rows: accuracy 90.0\u202f%.");
    // rows, loss (equal, so both are best), accuracy
    assertThat(row(page, "metrics", "one").select("td.best").eachText()).contains("0.3");
    assertThat(row(page, "metrics", "one").select("td.best").eachText())
        .doesNotContain("80.0\u202f%");
    assertThat(row(page, "metrics", "two").select("td.best").eachText())
        .contains("0.3", "90.0\u202f%");
  }

  @Test
  void lowerErrorsAreBetter() {
    Document page =
        page(Runs.run("one", false, 8.5, THREE, "y"), Runs.run("two", false, 9.5, FOUR, "y"));
    assertThat(page.select("p.lead").text()).contains("“\u2068one\u2069” is best", "RMSE 8.5");
    assertThat(row(page, "metrics", "one").select("td.best").eachText()).contains("8.5");
  }

  @Test
  void chartsHaveACurveForEachRunAndDifferentSettingsAreListed() throws IOException {
    Document page =
        page(Runs.run("one", true, 0.8, THREE, "y"), Runs.run("two", true, 0.9, FOUR, "z"));
    JsonNode data = new ObjectMapper().readTree(page.getElementById("data").data());
    JsonNode curves = data.at("/charts/0/series");
    assertThat(curves.at("/0/name").asText()).isEqualTo("one");
    assertThat(curves.at("/0/points").toString()).isEqualTo("[[1.0,0.9],[2.0,0.5],[3.0,0.4]]");
    assertThat(curves.at("/1/points")).hasSize(4);
    assertThat(row(page, "settings", "data.label").text()).isEqualTo("data.label y z");
    assertThat(row(page, "settings", "training.epochs").text()).isEqualTo("training.epochs 3 4");
    assertThat(page.select("#settings").text()).doesNotContain("output.dir", "data.train");
    assertThat(page.select("#findings").text()).isEmpty();
  }

  @Test
  void runsOfDifferentTasksAreReported() {
    Document page =
        page(Runs.run("one", true, 0.8, THREE, "y"), Runs.run("two", false, 0.9, THREE, "y"));
    assertThat(page.select("#findings h3").eachText()).contains("Different tasks");
    assertThat(page.select("td.best")).isEmpty();
  }

  @Test
  void equalNetworksAreReported() {
    RunFiles one = Runs.run("one", true, 0.8, THREE, "y");
    RunFiles same =
        new RunFiles("two", one.metrics(), one.history(), one.configuration(), one.tuning());
    Document page = page(one, same);
    assertThat(page.select("#findings").text()).contains("The same network");
    assertThat(page.select("p.lead").text()).startsWith("2 runs are equally good");
    assertThat(page.select("#settings").text()).contains("None: the configurations");
  }

  @Test
  void emptyRunsMakeAPage() {
    RunFiles empty = RunFiles.of("<b>empty</b>", "{}", "", "{}");
    Document page = page(empty, RunFiles.of("none", "{}", "", "{}"));
    assertThat(page.select("p.lead").text()).startsWith("The runs have no common metric");
    assertThat(page.select("b")).isEmpty();
  }
}
