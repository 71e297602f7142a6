package chainrule.spark.read;

import chainrule.data.RowProblem;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** How many rows cannot be used, with the first few as examples. Not for sharing. */
public final class ProblemCounts implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int EXAMPLES = 10;

  private final TreeSet<RowProblem> examples = new TreeSet<>();
  private long missing;
  private long malformed;

  /** Counts a problem, and keeps it if it is one of the first examples in order. */
  public void add(RowProblem problem) {
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

  /** Adds the counts of another part of the rows to these, and returns these. */
  public ProblemCounts merge(ProblemCounts other) {
    missing += other.missing;
    malformed += other.malformed;
    other.examples.forEach(this::addExample);
    return this;
  }

  /** Returns how many rows lack a feature. */
  public long missing() {
    return missing;
  }

  /** Returns how many rows have a cell that cannot be read. */
  public long malformed() {
    return malformed;
  }

  /** Returns examples, in the order of files and rows. */
  public List<RowProblem> examples() {
    return new ArrayList<>(examples);
  }
}
