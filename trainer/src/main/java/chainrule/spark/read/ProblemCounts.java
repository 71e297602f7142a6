package chainrule.spark.read;

import chainrule.data.RowProblem;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** How many rows cannot be used, with the first few as examples. Not for sharing. */
public final class ProblemCounts implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int EXAMPLES = 10;

  // Apart, so that many examples of one kind leave room for those of the other.
  private final TreeSet<RowProblem> missingExamples = new TreeSet<>();
  private final TreeSet<RowProblem> malformedExamples = new TreeSet<>();
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
    TreeSet<RowProblem> examples = problem.missing() ? missingExamples : malformedExamples;
    examples.add(problem);
    if (examples.size() > EXAMPLES) {
      examples.pollLast();
    }
  }

  /** Adds the counts of another part of the rows to these, and returns these. */
  public ProblemCounts merge(ProblemCounts other) {
    missing += other.missing;
    malformed += other.malformed;
    other.missingExamples.forEach(this::addExample);
    other.malformedExamples.forEach(this::addExample);
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

  /** Returns a few examples, in the order of files and rows. */
  public List<RowProblem> examples() {
    return Stream.of(missingExamples, malformedExamples)
        .flatMap(Set::stream)
        .sorted()
        .limit(EXAMPLES)
        .toList();
  }

  /** Returns the first problem in the order of files and rows that the policy refuses. */
  public Optional<RowProblem> firstRefused(RowPolicy policy) {
    return Stream.of(missingExamples, malformedExamples)
        .flatMap(Set::stream)
        .filter(policy::refuses)
        .min(Comparator.naturalOrder());
  }
}
