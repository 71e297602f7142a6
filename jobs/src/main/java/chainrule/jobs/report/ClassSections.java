package chainrule.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The confusion matrix of a classification, and its metrics by class. */
final class ClassSections {
  /** Up to this number of classes the matrix is shown as numbers. */
  private static final int MATRIX = 20;

  /** Up to this number of classes the squares of the map are large enough. */
  private static final int MAP = 200;

  private static final int MISTAKES = 12;
  private static final int LISTED_CLASSES = 200;

  private ClassSections() {}

  static Section confusion(Evidence evidence, Scored scored, Confusion confusion) {
    Section section = new Section("confusion", "Confusion matrix");
    List<String> names = scored.classes().stream().map(Texts::name).toList();
    section.addText(
        String.format(
            "%2$s of %1$s are predicted correctly. Each row counts once, without its weight.",
            evidence.coverage(), Texts.percent(confusion.accuracy())));
    if (names.size() <= MATRIX) {
      section.add(matrix(names, confusion));
    } else {
      if (names.size() <= MAP) {
        section.add(map(names, confusion));
      }
    }
    if (names.size() > 2) {
      section.add(mistakes(names, confusion));
    }
    return section;
  }

  private static Table matrix(List<String> names, Confusion confusion) {
    List<String> titles = new ArrayList<>(List.of(":true class"));
    names.forEach(name -> titles.add("predicted " + name));
    titles.add("rows");
    Table table =
        Table.of(
            "Confusion matrix: rows of each true class by predicted class, and their share",
            titles.toArray(new String[0]));
    for (int a = 0; a < names.size(); a++) {
      List<Table.Cell> cells = new ArrayList<>();
      for (int p = 0; p < names.size(); p++) {
        double rate = (double) confusion.count(a, p) / confusion.support(a);
        String text =
            confusion.count(a, p) == 0
                ? "0"
                : Texts.count(confusion.count(a, p)) + " (" + Texts.percent(rate) + ")";
        long shade = confusion.support(a) == 0 ? 0 : Math.round(10 * rate);
        if (confusion.count(a, p) > 0 && shade == 0) {
          shade = 1;
        }
        cells.add(new Table.Cell(text, (a == p ? "right s" : "wrong s") + shade));
      }
      cells.add(new Table.Cell(Texts.count(confusion.support(a)), ""));
      table.row(names.get(a), cells);
    }
    return names.size() > 6 ? table.compact() : table;
  }

  private static Figure map(List<String> names, Confusion confusion) {
    List<Confusion.Cell> cells = confusion.cells();
    List<Confusion.Cell> right = cells.stream().filter(c -> c.actual() == c.predicted()).toList();
    List<Confusion.Cell> wrong = cells.stream().filter(c -> c.actual() != c.predicted()).toList();
    Chart chart = Chart.heat("predicted class", "true class", names).square();
    squares(chart, "correct", "good", right, confusion);
    squares(chart, "wrong", "bad", wrong, confusion);
    return Figure.of(
        "Confusion map",
        String.format(
            "Each square is a pair of true and predicted class; a darker square is a larger share"
                + " of the true class. Correct predictions are on the diagonal. %s of %s pairs of"
                + " different classes occur.",
            Texts.count(wrong.size()), Texts.count((long) names.size() * (names.size() - 1))),
        chart);
  }

  private static void squares(
      Chart chart, String name, String role, List<Confusion.Cell> cells, Confusion confusion) {
    chart.squares(
        name,
        role,
        cells.stream().mapToDouble(Confusion.Cell::predicted).toArray(),
        cells.stream().mapToDouble(Confusion.Cell::actual).toArray(),
        cells.stream()
            .mapToDouble(cell -> (double) cell.count() / confusion.support(cell.actual()))
            .toArray());
  }

  private static Table mistakes(List<String> names, Confusion confusion) {
    Table table =
        Table.of(
            "Most frequent errors",
            ":true class",
            ":predicted class",
            "rows",
            "share of the true class");
    for (Confusion.Cell cell : confusion.mistakes(MISTAKES)) {
      table.row(
          names.get(cell.actual()),
          names.get(cell.predicted()),
          Texts.count(cell.count()),
          Texts.percent((double) cell.count() / confusion.support(cell.actual())));
    }
    return table;
  }

  /** Precision, recall and F1 by class. */
  static Section classes(Evidence evidence, Scored scored, Confusion confusion) {
    List<String> names = scored.classes();
    Section section = new Section("classes", "Metrics by class");
    section.addText(
        "Precision is the share of the rows predicted as a class that have this class. Recall is"
            + " the share of the rows of a class that are predicted correctly. F1 is the harmonic"
            + " mean of both. Support is the number of rows of a class.");
    boolean all = names.size() <= LISTED_CLASSES;
    List<Integer> order =
        IntStream.range(0, names.size())
            .boxed()
            .sorted(all ? Comparator.naturalOrder() : Comparator.comparingDouble(confusion::f1))
            .limit(LISTED_CLASSES)
            .toList();
    Table table =
        Table.of(
            all
                ? "Classes, on " + evidence.coverage()
                : "The " + LISTED_CLASSES + " classes with the lowest F1 of " + names.size(),
            ":class",
            "precision",
            "recall",
            "F1",
            "support",
            "predicted");
    for (int i : order) {
      table.row(
          Texts.name(names.get(i)),
          Texts.percent(confusion.precision(i)),
          Texts.percent(confusion.recall(i)),
          Texts.number(confusion.f1(i)),
          Texts.count(confusion.support(i)),
          Texts.count(confusion.predicted(i)));
    }
    return names.size() <= MATRIX ? section.add(table) : section.addFolded(table);
  }
}
