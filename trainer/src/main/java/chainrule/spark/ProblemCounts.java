package chainrule.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** How many rows cannot be used, with the first few as examples. Not for sharing. */
final class ProblemCounts implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int EXAMPLES = 10;

  private final TreeSet<RowProblem> examples = new TreeSet<>();
  private long missing;
  private long malformed;

  void add(RowProblem problem) {
    if (problem.missing()) {
      missing++;
    } else {
      malformed++;
    }
    addExample(problem);
  }

  private void addExample(RowProblem problem) {
    examples.add(problem);
    if (examples.size() > EXAMPLES) {
      examples.pollLast();
    }
  }

  ProblemCounts merge(ProblemCounts other) {
    missing += other.missing;
    malformed += other.malformed;
    other.examples.forEach(this::addExample);
    return this;
  }

  /** Returns how many rows lack a feature. */
  long missing() {
    return missing;
  }

  /** Returns how many rows have a cell that cannot be read. */
  long malformed() {
    return malformed;
  }

  /** Returns examples, in the order of files and rows. */
  List<RowProblem> examples() {
    return new ArrayList<>(examples);
  }
}
