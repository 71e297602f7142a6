package chainrule.jobs.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The report of a run: the model, its data, its quality, and findings. */
public final class TrainingPage {
  private TrainingPage() {}

  /** Returns the page, in HTML. */
  public static String html(Evidence evidence) {
    RunFiles run = evidence.run();
    Scored scored = Scored.of(evidence);
    List<ColumnProfile> columns = ColumnSections.profiles(evidence);
    List<LayerProfile> layers = LayerProfile.of(evidence);
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section("findings", "Findings")
            .addFindings(Findings.of(evidence, scored, columns, layers)));
    sections.add(ResultSections.metrics(run));
    sections.add(ResultSections.curves(run));
    if (run.tuning().isObject()) {
      sections.add(TuningSection.of(run.tuning()));
    }
    if (scored.actualClass().length > 0) {
      Confusion confusion = Headline.confusion(scored);
      sections.add(ClassSections.confusion(evidence, scored, confusion));
      sections.add(ClassSections.classes(evidence, scored, confusion));
      if (scored.classes().size() == 2) {
        sections.add(BinarySection.of(evidence, scored));
      }
    }
    if (scored.actual().length > 0) {
      sections.add(RegressionSection.of(evidence, scored));
    }
    sections.add(ColumnSections.importance(evidence, columns));
    sections.add(ColumnSections.columns(evidence, columns));
    sections.add(NetworkSection.of(evidence, layers));
    sections.add(ResultSections.time(run));
    sections.add(NetworkSection.settings(run));
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("scored", evidence.part().equals("train") ? "sample" : evidence.rowsName());
    int first = ColumnSections.order(evidence, columns.size()).get(0);
    data.put("first", Math.min(first, ColumnSections.MOST_COLUMNS - 1));
    ArrayNode array = data.putArray("columns");
    columns.stream().limit(ColumnSections.MOST_COLUMNS).forEach(c -> array.add(c.json()));
    return Page.html(
        Headline.title(evidence.model().schema().labelNames()),
        List.of(Headline.subject(evidence), Headline.result(evidence, scored)),
        sections,
        data);
  }
}
