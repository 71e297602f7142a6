package chainrule.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.RowProblem;
import org.junit.jupiter.api.Test;

class ProblemCountsTest {
  private static RowProblem problem(long row, boolean missing) {
    return new RowProblem("t.csv", row, "x", missing ? "" : "?", "a number", missing);
  }

  @Test
  void keepsTheFirstTenExamplesOfAllParts() {
    var counts = new ProblemCounts();
    var more = new ProblemCounts();
    for (int row = 20; row > 0; row--) {
      (row % 2 == 0 ? counts : more).add(problem(row, row % 3 == 0));
    }
    ProblemCounts all = counts.merge(more);
    assertThat(all.missing()).isEqualTo(6);
    assertThat(all.malformed()).isEqualTo(14);
    assertThat(all.examples())
        .extracting(RowProblem::row)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void findsTheRefusedRowBehindManyThatAreDropped() {
    var counts = new ProblemCounts();
    for (int row = 0; row < 30; row++) {
      counts.add(problem(row, true));
    }
    counts.add(problem(30, false));
    var policy = new RowPolicy(RowPolicy.Action.DROP, RowPolicy.Action.REFUSE);
    assertThat(counts.firstRefused(policy)).contains(problem(30, false));
    assertThat(counts.firstRefused(new RowPolicy(RowPolicy.Action.DROP, RowPolicy.Action.DROP)))
        .isEmpty();
  }
}
