package chainrule.jobs.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A section of a page: text, findings, tables, figures, and folded tables, in this order.
 *
 * <p>Not for sharing while it is built.
 */
final class Section {
  private final String id;
  private final String title;
  private final List<String> paragraphs = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<Table> folded = new ArrayList<>();
  private boolean explorer;

  Section(String id, String title) {
    this.id = id;
    this.title = title;
  }

  Section addText(String paragraph) {
    paragraphs.add(paragraph);
    return this;
  }

  Section addFindings(List<Finding> more) {
    findings.addAll(more);
    return this;
  }

  Section add(Table table) {
    tables.add(table);
    return this;
  }

  Section add(Figure figure) {
    figures.add(figure);
    return this;
  }

  Section addFolded(Table table) {
    folded.add(table);
    return this;
  }

  /** Adds a menu of columns and a chart of the selected one. */
  Section addColumnChooser() {
    explorer = true;
    return this;
  }

  String id() {
    return id;
  }

  String title() {
    return title;
  }

  List<String> paragraphs() {
    return paragraphs;
  }

  List<Finding> findings() {
    return findings;
  }

  List<Table> tables() {
    return tables;
  }

  List<Figure> figures() {
    return figures;
  }

  List<Table> folded() {
    return folded;
  }

  boolean explorer() {
    return explorer;
  }

  boolean isEmpty() {
    return paragraphs.isEmpty()
        && findings.isEmpty()
        && tables.isEmpty()
        && figures.isEmpty()
        && folded.isEmpty();
  }
}
