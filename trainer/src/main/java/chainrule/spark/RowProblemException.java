package chainrule.spark;

/** Thrown in a task by a row that cannot be used; {@link TableReader#explain} tells where it is. */
final class RowProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final RowProblem problem;

  RowProblemException(RowProblem problem) {
    this(problem, null);
  }

  RowProblemException(RowProblem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  RowProblem problem() {
    return problem;
  }
}
