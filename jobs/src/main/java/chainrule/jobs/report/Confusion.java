package chainrule.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A confusion matrix: the number of rows by true and predicted class, without row weights. Only
 * pairs that occur take memory.
 */
final class Confusion {
  private final int classes;
  private final Map<Long, Integer> cells = new TreeMap<>();
  private final int[] actual;
  private final int[] predicted;
  private final int[] correct;
  private final int rows;

  /** A pair of classes that occurs. */
  record Cell(int actual, int predicted, int count) {}

  Confusion(int classes, int[] actualClass, int[] predictedClass) {
    this.classes = classes;
    this.rows = actualClass.length;
    this.actual = new int[classes];
    this.predicted = new int[classes];
    this.correct = new int[classes];
    for (int i = 0; i < rows; i++) {
      int a = actualClass[i];
      int p = predictedClass[i];
      cells.merge((long) a * classes + p, 1, Integer::sum);
      actual[a]++;
      predicted[p]++;
      correct[a] += a == p ? 1 : 0;
    }
  }

  int rows() {
    return rows;
  }

  int count(int actualClass, int predictedClass) {
    return cells.getOrDefault((long) actualClass * classes + predictedClass, 0);
  }

  /** Returns the number of rows of a class. */
  int support(int index) {
    return actual[index];
  }

  int predicted(int index) {
    return predicted[index];
  }

  /** Returns the share of the rows predicted as a class that have it; NaN if there are none. */
  double precision(int index) {
    return (double) correct[index] / predicted[index];
  }

  /**
   * Returns the share of the rows of a class that are predicted correctly; NaN if there are none.
   */
  double recall(int index) {
    return (double) correct[index] / actual[index];
  }

  /** Returns the harmonic mean of precision and recall; NaN if the class does not occur. */
  double f1(int index) {
    return 2.0 * correct[index] / (actual[index] + predicted[index]);
  }

  double accuracy() {
    int sum = 0;
    for (int count : correct) {
      sum += count;
    }
    return (double) sum / rows;
  }

  /** Returns the most frequent class, the first of equal ones. */
  int mostFrequent() {
    int most = 0;
    for (int i = 1; i < classes; i++) {
      most = actual[i] > actual[most] ? i : most;
    }
    return most;
  }

  /** Returns all pairs that occur, by true and predicted class. */
  List<Cell> cells() {
    List<Cell> list = new ArrayList<>();
    cells.forEach(
        (place, count) ->
            list.add(new Cell((int) (place / classes), (int) (place % classes), count)));
    return list;
  }

  /** Returns the errors, the most frequent first. */
  List<Cell> mistakes(int most) {
    return cells().stream()
        .filter(cell -> cell.actual != cell.predicted)
        .sorted(Comparator.comparingInt(Cell::count).reversed())
        .limit(most)
        .toList();
  }
}
