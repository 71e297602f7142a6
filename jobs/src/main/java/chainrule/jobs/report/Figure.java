package chainrule.jobs.report;

import java.util.List;

/**
 * A chart of a page with its words: the caption says what there is to see, also to who cannot see
 * it, and the tables have its numbers.
 *
 * @param title a few words
 * @param caption a sentence
 * @param wide whether it takes the page's whole width
 */
record Figure(String title, String caption, Chart chart, boolean wide, List<Table> tables) {
  Figure {
    tables = List.copyOf(tables);
  }

  static Figure of(String title, String caption, Chart chart, Table... tables) {
    return new Figure(title, caption, chart, false, List.of(tables));
  }

  static Figure wide(String title, String caption, Chart chart, Table... tables) {
    return new Figure(title, caption, chart, true, List.of(tables));
  }
}
