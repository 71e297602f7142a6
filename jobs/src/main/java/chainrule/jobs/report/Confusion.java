package chainrule.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often which class was taken for which, counted in rows, whatever they weigh. Only pairs that
 * occur take memory.
 */
final class Confusion {
  private final int classes;
  private final Map<Long, Integer> cells = new TreeMap<>();
  private final int[] actual;
  private final int[] predicted;
  private final int[] correct;
  private final int rows;

  /** A pair that occurs. */
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

  /** Returns how many rows are of a class. */
  int support(int index) {
    return actual[index];
  }

  int predicted(int index) {
    return predicted[index];
  }

  /** Returns which share of the rows taken for a class are of it; NaN if none was. */
  double precision(int index) {
    return (double) correct[index] / predicted[index];
  }

  /** Returns which share of a class's rows was found; NaN if there are none. */
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

  /** Returns the class that most rows are of, the first of equals. */
  int mostFrequent() {
    int most = 0;
    for (int i = 1; i < classes; i++) {
      most = actual[i] > actual[most] ? i : most;
    }
    return most;
  }

  /** Returns all pairs that occur, in order. */
  List<Cell> cells() {
    List<Cell> list = new ArrayList<>();
    cells.forEach(
        (place, count) ->
            list.add(new Cell((int) (place / classes), (int) (place % classes), count)));
    return list;
  }

  /** Returns the most frequent mistakes first. */
  List<Cell> mistakes(int most) {
    return cells().stream()
        .filter(cell -> cell.actual != cell.predicted)
        .sorted(Comparator.comparingInt(Cell::count).reversed())
        .limit(most)
        .toList();
  }
}
