package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class FindingsTest {
  private static final Schema SCHEMA =
      new Schema(
          List.of(Column.numeric("n"), Column.numeric("same"), Column.categorical("id")),
          Column.categorical("y"),
          "");

  /** Returns rows of which one in {@code rarity} is of the class "rare". */
  private static List<RawRow> rows(int count, int rarity, String prefix, double move) {
    var random = new RandomStream(6);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean rare = i % rarity == 0;
      double[] numbers = {random.nextGaussian() + (rare ? 3 : 0) + move, 4};
      String[] id = {prefix + i};
      rows.add(RawRow.withTextLabel(numbers, id, rare ? "rare" : "usual", 1));
    }
    return rows;
  }

  private static List<Finding> findings(Evidence evidence) {
    return Findings.of(
        evidence,
        Scored.of(evidence),
        ColumnSections.profiles(evidence),
        LayerProfile.of(evidence));
  }

  private static List<String> titles(Evidence evidence) {
    return findings(evidence).stream().map(Finding::title).toList();
  }

  private static Evidence with(Evidence evidence, RunFiles run) {
    return new Evidence(
        run,
        evidence.model(),
        evidence.statistics(),
        evidence.part(),
        evidence.partRows(),
        evidence.rows(),
        evidence.importance(),
        evidence.kernels());
  }

  @Test
  void findsWhatIsWrongWithTheData() {
    Evidence evidence = Runs.evidence(SCHEMA, rows(300, 20, "a", 0), "test", rows(300, 20, "b", 9));
    assertThat(findings(evidence))
        .contains(
            Finding.warning(
                "Constant columns",
                "All training rows have the same value in “\u2068same\u2069”, so the network learns"
                    + " nothing from it. data.features.exclude removes such columns."))
        .extracting(Finding::title)
        .contains(
            "Imbalanced classes",
            "Columns that look like identifiers",
            "Many categories that are not in the training rows",
            "Columns with a different distribution")
        .doesNotContain("Few test rows", "Nothing stands out", "Columns that are mostly missing");
  }

  @Test
  void reportsWhichRowsItUses() {
    List<RawRow> rows = rows(60, 2, "a", 0);
    assertThat(titles(Runs.evidence(SCHEMA, rows, "test", rows))).contains("Few test rows");
    assertThat(titles(Runs.evidence(SCHEMA, rows, "validation", rows))).contains("No test rows");
    assertThat(titles(Runs.evidence(SCHEMA, rows, "train", rows)))
        .contains("No test rows and no validation rows");
  }

  @Test
  void findsOverfittingByTheMetrics() {
    List<RawRow> rows = rows(300, 2, "a", 0);
    Evidence evidence = Runs.evidence(SCHEMA, rows, "test", rows);
    String metrics =
        "{\"task\":\"classification\",\"rows\":{\"test\":300},\"train\":{\"accuracy\":0.99},"
            + "\"test\":{\"accuracy\":%s}}";
    RunFiles bad = RunFiles.of("r", String.format(metrics, "0.8"), "", "{}");
    RunFiles good = RunFiles.of("r", String.format(metrics, "0.98"), "", "{}");
    assertThat(titles(with(evidence, bad))).contains("Overfitting");
    assertThat(titles(with(evidence, good))).doesNotContain("Overfitting");
    assertThat(findings(with(evidence, bad)).stream().map(Finding::text))
        .anyMatch(
            text ->
                text.startsWith(
                    "The accuracy is 99.0\u202f% on training and 80.0\u202f% on test rows."));
  }

  @Test
  void readsTheValidationCurve() {
    List<RawRow> rows = rows(300, 2, "a", 0);
    Evidence evidence = Runs.evidence(SCHEMA, rows, "test", rows);
    assertThat(titles(with(evidence, run(20, i -> 1 - 0.04 * i))))
        .contains("Training may have ended too soon");
    assertThat(titles(with(evidence, run(20, i -> 0.5 + 0.05 * Math.abs(i - 4)))))
        .contains("The validation loss rose again")
        .doesNotContain("Training may have ended too soon");
  }

  private static RunFiles run(int epochs, IntToDoubleFunction loss) {
    StringBuilder history = new StringBuilder();
    int best = 0;
    for (int i = 0; i < epochs; i++) {
      best = loss.applyAsDouble(i) < loss.applyAsDouble(best) ? i : best;
      history
          .append("{\"epoch\":")
          .append(i + 1)
          .append(",\"validation\":{\"loss\":")
          .append(loss.applyAsDouble(i))
          .append("}}\n");
    }
    return RunFiles.of("r", "{\"bestEpoch\":" + (best + 1) + "}", history.toString(), "{}");
  }

  @Test
  void findsDeadUnits() {
    List<RawRow> rows = rows(300, 2, "a", 0);
    Evidence evidence = Runs.evidence(SCHEMA, rows, "test", rows);
    List<LayerProfile> layers =
        List.of(new LayerProfile("Dense 9 → 8, relu", 80, 1, 1, 1, 1, 8, 3));
    assertThat(Findings.of(evidence, Scored.of(evidence), List.of(), layers))
        .extracting(Finding::text)
        .anyMatch(text -> text.startsWith("In Dense 9 → 8, relu, 3 of 8 units have the same"));
  }

  @Test
  void comparesTheGradientsOfLayers() {
    List<RawRow> rows = rows(300, 2, "a", 0);
    Evidence evidence = Runs.evidence(SCHEMA, rows, "test", rows);
    for (String first : List.of("0.00049", "0.00051")) {
      String line = "{\"phase\":\"fit\",\"epoch\":1,\"gradientNorms\":[" + first + ",0.5]}";
      RunFiles run = RunFiles.of("r", "{\"bestEpoch\":1}", line, "{}");
      assertThat(titles(with(evidence, run)).contains("Vanishing gradient"))
          .isEqualTo(first.equals("0.00049"));
    }
  }

  @Test
  void namesLabelsThatAreNotLearned() {
    List<RawRow> rows = rows(300, 2, "a", 0);
    Evidence evidence = Runs.evidence(SCHEMA, rows, "test", rows);
    String metrics =
        "{\"test\":{\"labels\":{\"good\":{\"auc\":0.8},\"bad\":{\"auc\":0.51},\"flat\":{\"r2\":0}}}}";
    assertThat(findings(with(evidence, RunFiles.of("r", metrics, "", "{}"))))
        .extracting(Finding::text)
        .anyMatch(text -> text.startsWith("“\u2068bad\u2069”, “\u2068flat\u2069”: AUC is below"));
  }
}
