package chainrule.jobs.report;

import chainrule.data.Column;
import chainrule.data.TableStatistics;
import chainrule.model.PermutationImportance.Rise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Feature importance, and the distributions of the columns. */
final class ColumnSections {
  private static final int BARS = 20;
  private static final int CHARTS = 12;

  /** Columns whose distributions are in the page; more would make it slow to open. */
  static final int MOST_COLUMNS = 1_000;

  private ColumnSections() {}

  /** Returns all columns, in the order of the table. */
  static List<ColumnProfile> profiles(Evidence evidence) {
    TableStatistics statistics = evidence.statistics();
    List<ColumnProfile> profiles = new ArrayList<>();
    int number = 0;
    int category = 0;
    for (Column column : statistics.schema().features()) {
      profiles.add(
          column.isNumeric()
              ? ColumnProfile.ofNumbers(
                  column.name(), statistics.numbers(number), evidence.rows(), number++)
              : ColumnProfile.ofCategories(
                  column.name(),
                  statistics.categories(category),
                  statistics.rows(),
                  evidence.rows(),
                  category++));
    }
    return profiles;
  }

  /** Returns the rises of the loss, the largest first. */
  static List<Rise> ranked(Evidence evidence) {
    return evidence.importance().rises().stream()
        .sorted(Comparator.comparingDouble(Rise::mean).reversed())
        .toList();
  }

  static Section importance(Evidence evidence, List<ColumnProfile> profiles) {
    Section section = new Section("importance", "Feature importance (permutation)");
    List<Rise> ranked = ranked(evidence);
    if (ranked.isEmpty()) {
      return section;
    }
    Evidence.Importance importance = evidence.importance();
    section.addText(
        String.format(
            "The rise of the mean loss when the values of one column are randomly permuted among"
                + " the rows%s, on %s of the %s. If columns are correlated, each of them seems less"
                + " important than it is.%s",
            importance.repeats() > 1
                ? " (mean and standard deviation of " + importance.repeats() + " permutations)"
                : "",
            Texts.count(importance.rows()),
            evidence.rowsName(),
            importance.leftOut() > 0
                ? " "
                    + Texts.counted(importance.leftOut(), "column")
                    + " at the end of the table were skipped to save time."
                : ""));
    List<Rise> shown = ranked.subList(0, Math.min(BARS, ranked.size()));
    Rise first = ranked.get(0);
    section.add(
        Figure.wide(
            ranked.size() > BARS
                ? "The " + BARS + " most important of " + ranked.size() + " columns"
                : "Columns by importance",
            String.format(
                "The most important column is %s: permuting it raises the loss by %s.",
                Texts.quoted(profiles.get(first.column()).name()), Texts.number(first.mean())),
            Chart.lyingBars(
                    "rise of the loss",
                    "",
                    shown.stream()
                        .map(rise -> Texts.name(profiles.get(rise.column()).name()))
                        .toList())
                .bar(
                    "rise of the loss",
                    "train",
                    shown.stream().mapToDouble(Rise::mean).toArray())));
    Table table = Table.of("All columns by importance", ":column", "rise of the loss", "±");
    ranked.stream()
        .limit(MOST_COLUMNS)
        .forEach(
            rise ->
                table.row(
                    Texts.name(profiles.get(rise.column()).name()),
                    Texts.number(rise.mean()),
                    importance.repeats() > 1 ? Texts.number(rise.deviation()) : "–"));
    return section.addFolded(table);
  }

  static Section columns(Evidence evidence, List<ColumnProfile> profiles) {
    Section section = new Section("columns", "Columns");
    List<Integer> order = order(evidence, profiles.size());
    List<Integer> shown = order.subList(0, Math.min(CHARTS, order.size()));
    String scored =
        evidence.part().equals("train") ? "a sample of the training rows" : "the scored rows";
    section.addText(
        String.format(
            "The distribution of each column in the %s training rows (blue) and in %s (orange): %s."
                + " The outermost bars also count the numbers outside the middle 99 %% of the"
                + " training rows.",
            Texts.count(evidence.statistics().rows()), scored, evidence.coverage()));
    if (shown.size() < profiles.size()) {
      section.addText(
          String.format(
              "The charts show the %d most important of %s columns. The menu below shows any"
                  + " column%s.",
              shown.size(),
              Texts.count(profiles.size()),
              profiles.size() > MOST_COLUMNS ? " of the first " + Texts.count(MOST_COLUMNS) : ""));
      section.addColumnChooser();
    }
    for (int index : shown) {
      if (index < MOST_COLUMNS) {
        ColumnProfile profile = profiles.get(index);
        section.add(Figure.of(Texts.name(profile.name()), caption(profile), Chart.column(index)));
      }
    }
    return section.addFolded(table(evidence, profiles));
  }

  /**
   * Returns the columns: first the ranked ones by importance, then the others in the order of the
   * table.
   */
  static List<Integer> order(Evidence evidence, int columns) {
    List<Integer> order = new ArrayList<>();
    ranked(evidence).forEach(rise -> order.add(rise.column()));
    boolean[] known = new boolean[columns];
    order.forEach(index -> known[index] = true);
    IntStream.range(0, columns).filter(i -> !known[i]).forEach(order::add);
    return order;
  }

  private static String caption(ColumnProfile profile) {
    StringBuilder text = new StringBuilder("Training: ").append(profile.summary());
    if (profile.trainMissing() > 0 || profile.scoredMissing() > 0) {
      text.append("; missing in ")
          .append(Texts.percent(profile.trainMissing()))
          .append(" of the training rows and ")
          .append(Texts.percent(profile.scoredMissing()))
          .append(" of the scored rows");
    }
    if (profile.unseen() > 0) {
      text.append("; categories not in training: ").append(Texts.percent(profile.unseen()));
    }
    return text.append('.').toString();
  }

  private static Table table(Evidence evidence, List<ColumnProfile> profiles) {
    Table table =
        Table.of(
            "All columns",
            ":column",
            ":kind",
            "missing in training",
            "missing, scored",
            "unseen, scored",
            "shift",
            ":in training");
    for (ColumnProfile profile : profiles.subList(0, Math.min(MOST_COLUMNS, profiles.size()))) {
      table.row(
          Texts.name(profile.name()),
          profile.numeric() ? "number" : "category",
          Texts.percent(profile.trainMissing()),
          Texts.percent(profile.scoredMissing()),
          profile.numeric() ? "" : Texts.percent(profile.unseen()),
          evidence.rows().isEmpty() ? "–" : Texts.percent(profile.shift()),
          profile.summary());
    }
    return table;
  }
}
