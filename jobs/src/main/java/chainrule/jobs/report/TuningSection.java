package chainrule.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The trials of a search and their scores. */
final class TuningSection {
  private static final int MOST_TRIALS = 50;

  private TuningSection() {}

  /**
   * Returns the section.
   *
   * @param tuning of tuning.json
   */
  static Section of(JsonNode tuning) {
    String metric = tuning.path("metric").asText("score");
    int folds = tuning.path("folds").asInt();
    JsonNode trials = tuning.path("trials");
    Section section =
        new Section("tuning", "Trials")
            .addText(
                String.format(
                    "%s of a %s, compared by %s (%s is better) %s. This run used the settings of"
                        + " trial %d.",
                    Texts.counted(trials.size(), "trial"),
                    tuning.path("search").asText().equals("random")
                        ? "random search"
                        : "grid search",
                    metric,
                    tuning.path("greaterIsBetter").asBoolean() ? "higher" : "lower",
                    folds == 0 ? "on the validation rows" : "as the mean over " + folds + " folds",
                    tuning.path("best").asInt()));
    Table table = Table.of("Trials, best first", "rank", "trial", metric, "seconds", ":with");
    for (JsonNode trial : trials) {
      if (table.rows().size() < MOST_TRIALS) {
        table.row(
            trial.path("rank").asText(),
            trial.path("trial").asText(),
            trial.path("diverged").asBoolean()
                ? "diverged"
                : Texts.number(trial.path("mean").asDouble(Double.NaN)),
            Texts.number(trial.path("seconds").asDouble(Double.NaN)),
            settings(trial.path("values")));
      }
    }
    if (trials.size() > MOST_TRIALS) {
      section.addText(
          String.format("The table has the first %d; tuning.csv has all of them.", MOST_TRIALS));
    }
    return section.add(table);
  }

  private static String settings(JsonNode values) {
    List<String> texts = new ArrayList<>();
    values
        .properties()
        .forEach(entry -> texts.add(entry.getKey() + "=" + Texts.clipped(text(entry.getValue()))));
    return String.join(", ", texts);
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }
}
