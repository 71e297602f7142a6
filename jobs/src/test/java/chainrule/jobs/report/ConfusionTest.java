package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfusionTest {
  // Class 3 never occurs; class 2 is never predicted.
  private final Confusion confusion =
      new Confusion(4, new int[] {0, 0, 0, 1, 1, 2}, new int[] {0, 0, 1, 1, 0, 1});

  @Test
  void countsPairs() {
    assertThat(confusion.count(0, 0)).isEqualTo(2);
    assertThat(confusion.count(0, 1)).isEqualTo(1);
    assertThat(confusion.count(2, 2)).isZero();
    assertThat(confusion.support(0)).isEqualTo(3);
    assertThat(confusion.predicted(1)).isEqualTo(3);
    assertThat(confusion.rows()).isEqualTo(6);
    assertThat(confusion.accuracy()).isEqualTo(0.5);
    assertThat(confusion.mostFrequent()).isZero();
  }

  @Test
  void ratesAreOfWhatOccurs() {
    assertThat(confusion.precision(0)).isEqualTo(2 / 3.0);
    assertThat(confusion.recall(0)).isEqualTo(2 / 3.0);
    assertThat(confusion.precision(1)).isEqualTo(1 / 3.0);
    assertThat(confusion.recall(1)).isEqualTo(0.5);
    assertThat(confusion.f1(1)).isEqualTo(0.4);
    assertThat(confusion.precision(2)).isNaN();
    assertThat(confusion.recall(2)).isZero();
    assertThat(confusion.f1(3)).isNaN();
  }

  @Test
  void theMostFrequentMistakesComeFirst() {
    var many = new Confusion(3, new int[] {0, 1, 1, 1, 2}, new int[] {1, 2, 2, 1, 0});
    assertThat(many.mistakes(2))
        .containsExactly(new Confusion.Cell(1, 2, 2), new Confusion.Cell(0, 1, 1));
    assertThat(many.cells()).hasSize(4);
  }
}
