package chainrule.jobs.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a page: sentences, findings, tables and figures, in this order, and what is folded away
 * behind.
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

  Section say(String paragraph) {
    paragraphs.add(paragraph);
    return this;
  }

  Section find(List<Finding> more) {
    findings.addAll(more);
    return this;
  }

  Section show(Table table) {
    tables.add(table);
    return this;
  }

  Section show(Figure figure) {
    figures.add(figure);
    return this;
  }

  Section fold(Table table) {
    folded.add(table);
    return this;
  }

  /** Adds a choice of columns, of which the chosen one's distribution is shown. */
  Section explore() {
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
