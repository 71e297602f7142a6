package chainrule.jobs.report;

import java.util.List;

/**
 * A chart with a caption and tables. The caption describes the chart, also for readers that cannot
 * see it, and the tables have its numbers.
 *
 * @param title a few words
 * @param caption a sentence
 * @param wide whether the chart is as wide as the page
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
