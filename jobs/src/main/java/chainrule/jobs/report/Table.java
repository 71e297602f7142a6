package chainrule.jobs.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table of a page. The first column names the row.
 *
 * <p>Not for sharing while it is built.
 */
final class Table {
  private static final String TEXT = "t";

  private final String caption;
  private final List<Heading> headings;
  private final List<Row> rows = new ArrayList<>();
  private String kind = "";

  /**
   * A column's title.
   *
   * @param kind "t" for texts; otherwise numbers
   */
  record Heading(String title, String kind) {}

  /**
   * A cell.
   *
   * @param kind names of styles: "t" text, "best", "s0" to "s10" a shade, "diagonal"
   */
  record Cell(String text, String kind) {}

  /** A row: its name and the other cells. */
  record Row(String head, List<Cell> cells) {}

  private Table(String caption, List<Heading> headings) {
    this.caption = caption;
    this.headings = headings;
  }

  /** Starts a table. A title with a colon in front is of a column of texts. */
  static Table of(String caption, String... titles) {
    return new Table(
        caption,
        Arrays.stream(titles)
            .map(
                title ->
                    title.startsWith(":")
                        ? new Heading(title.substring(1), TEXT)
                        : new Heading(title, ""))
            .toList());
  }

  /** Adds a row of texts, in the styles of the columns. */
  Table row(String head, String... texts) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      cells.add(new Cell(texts[i], headings.get(i + 1).kind));
    }
    return row(head, cells);
  }

  Table row(String head, List<Cell> cells) {
    if (cells.size() != headings.size() - 1) {
      throw new IllegalArgumentException(
          String.format(
              "Invalid row of \"%s\": %d cells (must be %d)",
              caption, cells.size(), headings.size() - 1));
    }
    rows.add(new Row(head, List.copyOf(cells)));
    return this;
  }

  /** Makes the cells as narrow as possible. */
  Table compact() {
    kind = "compact";
    return this;
  }

  String caption() {
    return caption;
  }

  String kind() {
    return kind;
  }

  List<Heading> headings() {
    return headings;
  }

  List<Row> rows() {
    return rows;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }
}
